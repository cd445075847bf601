"""What memberships show on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.directory.models import Member
from members.membership.models import Renewal, RenewalRound, ReturnRequest
from portal.registry import DeskItem, NextThing, Viewer, Waiting


def desk_items() -> Iterable[DeskItem]:
    waiting = ReturnRequest.objects.waiting().select_related("member__user").order_by("submitted_at")
    oldest = waiting.first()
    yield DeskItem(
        title=_("Members who would like to come back"),
        url=reverse("admin:members_returnrequest_changelist") + "?status__exact=submitted",
        count=waiting.count(),
        permission="members.view_returnrequest",
        hint=str(oldest) if oldest else "",
        oldest_at=oldest.submitted_at if oldest else None,
    )
    for found in RenewalRound.objects.closing_soon(timezone.localdate()):
        silent = found.people_to_lapse
        yield DeskItem(
            title=_("Renewal round that closes soon"),
            url=reverse("admin:members_renewalround_change", args=[found.pk]),
            count=silent,
            permission="members.view_renewalround",
            hint=ngettext("%(count)d member has not answered", "%(count)d members have not answered", silent)
            % {"count": silent},
        )


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    asked = Renewal.objects.open().filter(member__user_id=viewer.pk, member__status=Member.Status.ACTIVE)
    renewal = asked.select_related("member__user").first()
    if renewal is not None:
        yield NextThing(_("Say whether you stay a member."), renewal.personal_path, _("Answer"), 1)
    alumni = Member.objects.filter(user_id=viewer.pk, status=Member.Status.ALUMNI)
    if alumni.exclude(return_requests__status=ReturnRequest.Status.SUBMITTED).exists():
        title = _("You were a member. One click asks to be one again.")
        yield NextThing(title, reverse("membership"), _("Come back"), 1)


def waiting(viewer: Viewer) -> Iterable[Waiting]:
    for one in ReturnRequest.objects.waiting().filter(member__user_id=viewer.pk):
        yield Waiting(
            _("Your wish to be a member again"), reverse("membership"), one.submitted_at, _("with the coordinators")
        )
