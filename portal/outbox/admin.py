import re

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import Decision, DecisionAdmin
from portal.outbox import services
from portal.outbox.models import OutgoingMail

LINK_TOKEN = re.compile(r"(?<=[/=])[\w:.-]{24,}")


def masked(text: str) -> str:
    """A mail's text without the tokens in its links."""
    return LINK_TOKEN.sub("•••", text)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(DecisionAdmin):
    """What has left, what waits and what failed; a failed mail can be sent again."""

    list_display = ["subject", "contact", "kind", "status", "created_at", "sent_at"]
    list_select_related = ["contact"]
    list_filter = ["status", "kind"]
    search_fields = ["subject", "contact__address"]
    date_hierarchy = "created_at"
    readonly_fields = fields = (
        "contact", "sender", "reply_to", "subject", "shown_text", "kind", "status", "attempts", "error",
        "created_at", "send_after", "sent_at",
    )  # fmt: skip
    hidden_while_empty = ("reply_to", "error", "send_after", "sent_at")
    decisions = (
        Decision(
            "send-again",
            _("Send it again"),
            lambda mail, by: services.send_again(mail),
            "can_be_sent_again",
            _("“%(it)s” is on its way again."),
            is_main=True,
        ),
    )

    @admin.display(description=_("text"))
    def shown_text(self, mail: OutgoingMail) -> str:
        if mail.is_secret:
            return str(_("Not shown: it holds a personal link, and is erased once it was sent."))
        return masked(mail.text)

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).select_related("contact")
