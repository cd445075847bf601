"""The applications of somebody who came twice: at most one of them stays open."""

from django.utils import timezone

from members.directory.models import Member
from members.joining.models import MembershipApplication
from portal.registry import MergeRule
from portal.users.models import User


def bring_applications(keep: User, gone: User, by: User) -> None:
    """All follow. A member needs none that is open; else the newest stays open, and what was asked goes on."""
    open_ones = MembershipApplication.objects.select_for_update().open().filter(user__in=[keep, gone])
    newest_first = list(open_ones.order_by("-submitted_at", "-pk"))
    is_member = Member.objects.active().filter(user__in=[keep, gone]).exists()
    for application in newest_first if is_member else newest_first[1:]:
        application.status = MembershipApplication.Status.SETTLED
        application.decided_by, application.decided_at = by, timezone.now()
        application.save(update_fields=["status", "decided_by", "decided_at"])
    MembershipApplication.objects.filter(user=gone).update(user=keep)


RULES = (
    MergeRule(("members.MembershipApplication.user",), bring_applications),
    MergeRule(("members.MembershipApplication.asked_by", "members.MembershipApplication.decided_by")),
)
