import re

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import Decision, DecisionAdmin
from portal.outbox import services
from portal.outbox.models import OutgoingMail

LINK_TOKEN = re.compile(r"(?<=[/=])[\w:.-]{20,}")


def masked(text: str) -> str:
    """A mail's text without the tokens in its links."""
    return LINK_TOKEN.sub("•••", text)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(DecisionAdmin):
    """What has left, what waits, what failed, and of what nobody knows."""

    list_display = ["subject", "contact", "kind", "lane", "status", "created_at", "sent_at"]
    list_select_related = ["contact"]
    list_filter = ["status", "lane", "kind"]
    search_fields = ["subject", "contact__address"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    readonly_fields = fields = (
        "contact", "sender", "reply_to", "subject", "shown_text", "kind", "lane", "status", "attempts", "error",
        "created_at", "send_after", "sent_at", "bounced_at",
    )  # fmt: skip
    hidden_while_empty = ("reply_to", "error", "send_after", "sent_at", "bounced_at")
    decisions = (
        Decision(
            "it-arrived",
            _("It has arrived"),
            lambda mail, by: services.take_as_sent(mail),
            "is_unknown",
            _("“%(it)s” counts as sent."),
            is_main=True,
        ),
        Decision(
            "send-again",
            _("Send it again"),
            lambda mail, by: services.send_again(mail),
            "can_be_sent_again",
            _("“%(it)s” is on its way again."),
            is_main=True,
        ),
        Decision(
            "hold",
            _("Hold it back"),
            lambda mail, by: services.hold_one(mail),
            "can_be_held",
            _("“%(it)s” is held back until somebody lets it go."),
        ),
        Decision(
            "let-go",
            _("Let it go"),
            lambda mail, by: services.let_one_go(mail),
            "is_held",
            _("“%(it)s” is on its way."),
            is_main=True,
        ),
    )

    @admin.display(description=_("text"))
    def shown_text(self, mail: OutgoingMail) -> str:
        if mail.is_secret:
            return str(_("Not shown: it holds a personal link, and is erased once it was sent."))
        return masked(mail.text)

    def stamp(self, obj: OutgoingMail) -> str:  # type: ignore[override]
        """Nobody sends again what a worker has just sent."""
        return f"{obj.status} {obj.attempts}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return super().get_queryset(request).select_related("contact")
