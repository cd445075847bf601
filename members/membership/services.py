"""The life of a membership: leave and return, alumni and the way back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory import services as directory
from members.directory.models import IN_FORCE, Member
from members.membership import emails
from members.membership.models import ReturnRequest
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.users.models import User

Status = Member.Status


class MembershipError(Refusal):
    """A membership cannot go that way; the message is safe to show."""


@transaction.atomic
def go_on_leave(member: Member, *, until: date | None = None, now: datetime | None = None) -> Member:
    """The member needs a pause: nothing is asked of them, and they stay in the directory. Again to change the day."""
    member = _locked(member)
    if member.status not in IN_FORCE:
        raise MembershipError(_("Only a member can go on leave."))
    if until is not None and until <= timezone.localdate(now):
        raise MembershipError(_("Choose a day to come, or none."))
    return _become(member, Status.ON_LEAVE, leave_until=until)


@transaction.atomic
def come_back(member: Member) -> Member:
    """The leave is over because the member says so."""
    member = _locked(member)
    if member.status != Status.ON_LEAVE:
        raise MembershipError(_("This member is not on leave."))
    return _become(member, Status.ACTIVE)


@transaction.atomic
def make_alumni(member: Member, *, now: datetime | None = None) -> Member:
    """The membership ends in friendship: the profile is no longer shown, and the way back is one click long."""
    member = _locked(member)
    if member.status not in IN_FORCE:
        raise MembershipError(_("Only a member can become alumni."))
    return _become(member, Status.ALUMNI, left_at=now or timezone.now())


@transaction.atomic
def remove(member: Member, *, by: User) -> Member:
    """End a membership against the member's will, or one that never began."""
    member = _locked(member)
    if member.status == Status.REMOVED:
        raise MembershipError(_("This member is removed already."))
    if member.user_id == by.pk:
        raise MembershipError(_("Nobody removes themselves. You can leave on the page of your membership."))
    member.return_requests.waiting().delete()
    return _become(member, Status.REMOVED, left_at=timezone.now())


@transaction.atomic
def reinstate(member: Member, *, by: User) -> Member:
    """Make somebody who left a member again."""
    member = _locked(member)
    if not member.has_left:
        raise MembershipError(_("This member has not left."))
    member.return_requests.waiting().update(
        status=ReturnRequest.Status.APPROVED, decided_by=by, decided_at=timezone.now()
    )
    return _become(member, Status.ACTIVE)


@transaction.atomic
def ask_to_return(member: Member) -> ReturnRequest:
    """Somebody who was a member would like to be one again. Asked twice it stays one request."""
    member = _locked(member)
    if member.status != Status.ALUMNI:
        raise MembershipError(_("Only alumni can ask to come back."))
    request, _created = ReturnRequest.objects.waiting().get_or_create(member=member)
    return request


@transaction.atomic
def approve_return(request: ReturnRequest, *, by: User) -> ReturnRequest:
    request = _undecided(request, by=by)
    member = _locked(request.member)
    if member.status != Status.ALUMNI:
        raise MembershipError(_("Only alumni can ask to come back."))
    request = _decided(request, ReturnRequest.Status.APPROVED, by=by)
    request.member = _become(member, Status.ACTIVE)
    emails.returned(request)
    return request


@transaction.atomic
def decline_return(request: ReturnRequest, *, by: User, reason: str) -> ReturnRequest:
    """Say no, with a reason that the person reads."""
    if not reason:
        raise MembershipError(_("Write a reason: the person will read it."))
    if len(reason) > 1000:
        raise MembershipError(_("Please be briefer: %(limit)d characters at most.") % {"limit": 1000})
    request = _decided(_undecided(request, by=by), ReturnRequest.Status.DECLINED, by=by, reason=reason)
    emails.not_returned(request)
    return request


def end_leaves(*, now: datetime | None = None) -> int:
    """Whoever is on leave until a day is back on the next, and told once. Returns how many."""
    today = timezone.localdate(now)
    found = Member.objects.back_from_leave(today).values_list("pk", flat=True)
    return sum(_end_leave(pk, today) for pk in list(found))


@transaction.atomic
def _end_leave(pk: int, today: date) -> bool:
    """Looked at again under the lock, so that nobody is told twice."""
    locked = Member.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    member = locked.filter(pk=pk, status=Status.ON_LEAVE, leave_until__lt=today).first()
    if member is None:
        return False
    _become(member, Status.ACTIVE)
    if member.user.is_active:
        emails.leave_over(member)
    return True


def _locked(member: Member) -> Member:
    return Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)


def _become(member: Member, status: str, *, leave_until: date | None = None, left_at: datetime | None = None) -> Member:
    member.status, member.leave_until, member.left_at = status, leave_until, left_at
    member.save(update_fields=["status", "leave_until", "left_at"])
    if not member.is_in_force:
        directory.move_portrait(member)
    raise_version()
    return member


def _undecided(request: ReturnRequest, *, by: User) -> ReturnRequest:
    locked = ReturnRequest.objects.select_for_update(of=("self",)).select_related("member__user")
    request = locked.get(pk=request.pk)
    if not request.is_waiting:
        raise MembershipError(_("This has been decided already."))
    if request.member.user_id == by.pk:
        raise MembershipError(_("Nobody decides on their own return."))
    return request


def _decided(request: ReturnRequest, status: str, *, by: User, reason: str = "") -> ReturnRequest:
    request.status, request.reason, request.decided_by, request.decided_at = status, reason, by, timezone.now()
    request.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return request
