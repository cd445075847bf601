"""What joining shows on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.directory.models import Member
from members.joining.models import LATE_AFTER, MembershipApplication
from portal.registry import DeskItem, NextThing, Viewer


def desk_items() -> Iterable[DeskItem]:
    waiting = MembershipApplication.objects.waiting().order_by("submitted_at").select_related("user")
    oldest = waiting.first()
    yield DeskItem(
        title=_("Applications to join"),
        url=reverse("admin:members_membershipapplication_changelist") + "?status__exact=submitted",
        count=waiting.count(),
        permission="members.view_membershipapplication",
        hint=str(oldest) if oldest else "",
        oldest_at=oldest.submitted_at if oldest else None,
        late_after_days=LATE_AFTER.days,
    )


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    if Member.objects.filter(user_id=viewer.pk).exists():
        return
    mine = MembershipApplication.objects.open().filter(user_id=viewer.pk).first()
    if mine is not None and mine.is_asked:
        yield NextThing(_("The coordinators have a question about your application."), reverse("join"), _("Answer"), 5)
    if mine is None:
        yield NextThing(_("Tell us why you want to join, and become a member."), reverse("join"), _("Apply"), 5)
