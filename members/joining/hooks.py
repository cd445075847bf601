"""What joining shows on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.directory.models import Member
from members.joining.models import MembershipApplication
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
    )


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    is_member = Member.objects.filter(user_id=viewer.pk).exists()
    waits = MembershipApplication.objects.waiting().filter(user_id=viewer.pk).exists()
    if not is_member and not waits:
        yield NextThing(_("Tell us why you want to join, and become a member."), reverse("join"), _("Apply"), 5)
