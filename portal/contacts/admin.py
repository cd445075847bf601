from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import registry
from portal.contacts import services
from portal.contacts.models import EVERYTHING, Contact
from portal.desk.admin import Decision, DecisionAdmin


@admin.register(Contact)
class ContactAdmin(DecisionAdmin):
    """Every address that we may write to, what its owner does not want, and whether mails come back."""

    list_display = ["address", "user", "basis", "source", "bounced_at", "created_at"]
    list_select_related = ["user"]
    list_filter = ["basis", ("bounced_at", admin.EmptyFieldListFilter)]
    search_fields = ["address", "user__name"]
    readonly_fields = fields = (
        "address", "user", "basis", "source", "created_at", "not_wanted", "bounced_at", "bounce",
    )  # fmt: skip
    hidden_while_empty = ("source", "bounced_at", "bounce")
    decisions = (
        Decision(
            "works-again",
            _("The address works again"),
            services.forget_bounce,
            "has_bounced",
            _("Mails to %(it)s are sent again."),
            is_main=True,
        ),
        Decision(
            "not-asked-for",
            _("Send them nothing that they did not ask for"),
            services.told_a_coordinator,
            "may_be_written_to",
            _("%(it)s gets nothing more that they did not ask for. Only they can change that, by a link in any mail."),
        ),
    )

    @admin.display(description=_("does not want"))
    def not_wanted(self, contact: Contact) -> str:
        refused = contact.refused_kinds
        if EVERYTHING in refused:
            return gettext("anything that they did not ask for")
        return ", ".join(str(kind.title) for kind in registry.mail_kinds if kind.name in refused) or "-"

    def stamp(self, obj: Contact) -> str:  # type: ignore[override]
        return f"{obj.bounced_at} {sorted(obj.refused_kinds)}"

    def page_title(self, obj: Contact) -> str:  # type: ignore[override]
        return obj.address
