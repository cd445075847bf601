from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Exists, F, Model, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members.recruitment import audience
from members.recruitment.models import Drive, DriveMail, Invitation
from portal.desk.admin import Decision, DecisionAdmin
from portal.group.models import SpecialtyGroup
from portal.outbox.models import OutgoingMail
from portal.refusal import Refusal
from portal.users.models import User

NONE = "none"


def remove(invitation: Invitation, *, by: User) -> None:
    audience.remove(invitation)


class WhyNotFilter(admin.SimpleListFilter):
    title = _("not written to")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(NONE, _("is written to")), *((str(one), one.label) for one in Invitation.Reason)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        if self.value() is None:
            return queryset
        return queryset.filter(why="" if self.value() == NONE else self.value())  # type: ignore[misc]


class MailFilter(admin.SimpleListFilter):
    title = _("their mails")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        status = OutgoingMail.Status
        states = [(str(one), one.label) for one in (status.SENT, status.FAILED, status.SUPPRESSED, status.UNKNOWN)]
        return [("waiting", _("on their way")), *states, (NONE, _("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        mails = DriveMail.objects.filter(invitation=OuterRef("pk"))
        chosen = self.value()
        if chosen is None:
            return queryset
        if chosen == NONE:
            return queryset.exclude(Exists(mails))
        states = OutgoingMail.YET_TO_LEAVE if chosen == "waiting" else [chosen]
        return queryset.filter(Exists(mails.filter(mail__status__in=states)))


class AnswerFilter(admin.SimpleListFilter):
    title = _("how far they came")
    parameter_name = "far"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("opened", _("opened the page")), ("declined", _("said no")), ("applied", _("applied")),
            ("joined", _("joined")),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        known = {name for name, _words in self.lookup_choices}
        return queryset.exclude(**{f"{self.value()}_at": None}) if self.value() in known else queryset


@admin.register(Invitation)
class InvitationAdmin(DecisionAdmin):
    """The people of a drive: reached from its page."""

    change_list_template = "admin/invitation_change_list.html"
    change_form_template = "admin/invitation_change_form.html"
    list_display = [
        "person", "address", "invited_by", "not_written_to", "mailed", "opened_at", "applied_at", "joined_at",
        "declined_at",
    ]  # fmt: skip
    list_display_links = ["person"]
    list_filter = [("drive", admin.RelatedOnlyFieldListFilter), WhyNotFilter, MailFilter, AnswerFilter]
    search_fields = ["name", "contact__address"]
    show_full_result_count = False
    actions = ["take_out"]
    readonly_fields = fields = (
        "drive", "name", "address", "source", "language", "invited_by", "invited_at", "not_written_to", "its_mails",
        "opened_at", "declined_at", "applied_at", "joined_at", "user", "thanked_at",
    )  # fmt: skip
    hidden_while_empty = (
        "invited_by", "opened_at", "declined_at", "applied_at", "joined_at", "user", "thanked_at",
    )  # fmt: skip
    decisions = (
        Decision(
            "remove",
            _("Take out of the audience"),
            remove,
            "can_be_removed",
            _("%(it)s is not in the audience any more."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """With `why`: the reason as it was when their drive began or, before, as it is now."""
        cap = SpecialtyGroup.objects.current().weekly_cap
        left = DriveMail.objects.filter(invitation=OuterRef("pk"), mail__sent_at__isnull=False)
        found: Any = super().get_queryset(request).select_related("drive", "contact", "invited_by", "user")
        return found.with_reason(timezone.now(), cap).annotate(
            why=Case(When(drive__started_at__isnull=False, then=F("excluded_because")), default=F("why_not")),
            mailed_at=Subquery(left.order_by("created_at").values("mail__sent_at")[:1]),
        )

    @admin.display(description=_("name"), ordering="name")
    def person(self, invitation: Invitation) -> str:
        return invitation.name or gettext("without a name")

    @admin.display(description=_("e-mail address"), ordering="contact__address")
    def address(self, invitation: Invitation) -> str:
        return invitation.contact.address

    @admin.display(description=_("where the address is from"), empty_value="–")
    def source(self, invitation: Invitation) -> str:
        return invitation.contact.source

    @admin.display(description=_("not written to"), empty_value="–")
    def not_written_to(self, invitation: Any) -> str:
        return str(Invitation.Reason(invitation.why).label) if invitation.why else "–"

    @admin.display(description=_("mailed"), empty_value="–", ordering="mailed_at")
    def mailed(self, invitation: Any) -> Any:
        return invitation.mailed_at

    @admin.display(description=_("mails"), empty_value="–")
    def its_mails(self, invitation: Invitation) -> SafeString | str:
        rows = [
            (reverse("admin:portal_outgoingmail_change", args=[one.mail.pk]), one.mail, one.mail.get_status_display())
            for one in invitation.mails.select_related("mail").order_by("created_at")
            if one.mail is not None
        ]
        found = format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows)
        return mark_safe(f"<ul>{found}</ul>") if found else gettext("none yet")  # noqa: S308 - escaped above

    @admin.action(description=_("Take the chosen people out of the audience"), permissions=["change"])
    def take_out(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        number = 0
        try:
            for one in queryset:
                audience.remove(one)
                number += 1
        except Refusal as error:
            messages.error(request, str(error))
        if number:
            words = ngettext("One person is taken out.", "%(number)s people are taken out.", number)
            messages.success(request, words % {"number": number})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Where the address names a drive, the way leads back to it."""
        chosen = request.GET.get("drive__id__exact", "")
        drive = Drive.objects.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() else None
        title = gettext("People of “%(drive)s”") % {"drive": drive} if drive else gettext("People of all drives")
        return super().changelist_view(request, {**(extra_context or {}), "drive": drive, "title": title})

    def page_title(self, obj: Model) -> str:
        return str(obj)

    def stamp(self, obj: Model) -> str:
        found = Invitation.objects.select_related("drive").filter(pk=obj.pk).first()
        return found.drive.status if found else ""

    def after_decision(self, request: HttpRequest, obj: Any) -> str:
        return reverse("admin:members_invitation_changelist") + f"?drive__id__exact={obj.drive_id}"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
