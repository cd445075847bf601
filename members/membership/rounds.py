"""Renewal rounds: everybody is asked once, reminded twice, and whoever stays silent becomes alumni."""

import time
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory.models import Member
from members.membership import emails, services
from members.membership.models import Renewal, RenewalRound
from members.membership.services import MembershipError
from portal.users.models import User
from portal.wake import wake

Status = RenewalRound.Status
Answer = Renewal.Status
TASK = "members.membership.tasks.carry_on"
AT_ONCE = 25  # members of one batch
SPELL = 4.0  # seconds after which a task hands over to the next: mails do not wait for a round
BETWEEN_MAILS = timedelta(days=2)  # at least, should a worker have been away for long


# --- A coordinator's acts -------------------------------------------------------------------------------------------
@transaction.atomic
def begin(found: RenewalRound, *, by: User, now: datetime | None = None) -> RenewalRound:
    """Let a planned round begin: now, or on its day. Only one is open at a time."""
    found = _locked(found)
    if not found.can_begin:
        raise MembershipError(_("This round has begun already."))
    if found.closes_on < timezone.localdate(now):
        raise MembershipError(_("The last day of this round is over. Choose other days first."))
    found.status, found.begun_by = Status.SCHEDULED, by
    found.save(update_fields=["status", "begun_by"])
    if found.opens_on <= timezone.localdate(now):
        _open(found, now=now or timezone.now())
    wake(TASK, found.pk)
    return found


@transaction.atomic
def cancel(found: RenewalRound, *, by: User) -> RenewalRound:
    """Nobody is asked any more, and nobody becomes alumni by it. What was answered stays known."""
    found = _locked(found)
    if not found.can_be_cancelled:
        raise MembershipError(_("This round is not under way."))
    found.status = Status.CANCELLED
    found.save(update_fields=["status"])
    return found


def _locked(found: RenewalRound) -> RenewalRound:
    return RenewalRound.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _open(found: RenewalRound, *, now: datetime) -> None:
    found.status, found.opened_at = Status.OPEN, now
    try:
        with transaction.atomic():
            found.save(update_fields=["status", "opened_at"])
    except IntegrityError:
        raise MembershipError(_("Another round is open. Close or cancel it first.")) from None


# --- A member's answer ----------------------------------------------------------------------------------------------
@transaction.atomic
def stay(renewal: Renewal) -> Renewal:
    """The member stays. Said twice it does no more than once."""
    renewal = _open_one(renewal)
    return renewal if renewal.status == Answer.CONFIRMED else _answered(renewal, Answer.CONFIRMED)


@transaction.atomic
def leave(renewal: Renewal) -> Renewal:
    """The member would rather leave, and becomes alumni at once."""
    renewal = _open_one(renewal)
    services.make_alumni(renewal.member)
    return _answered(renewal, Answer.LEFT)


def _open_one(renewal: Renewal) -> Renewal:
    renewal = _locked_one(renewal)
    is_answered_yes = renewal.status == Answer.CONFIRMED and renewal.round.status == Status.OPEN
    if not (renewal.is_open or is_answered_yes) or not renewal.member.is_in_force:
        raise MembershipError(_("This question is closed."))
    return renewal


def _locked_one(renewal: Renewal) -> Renewal:
    locked = Renewal.objects.get_queryset().select_for_update(of=("self",)).select_related("round", "member__user")
    return locked.get(pk=renewal.pk)


def _answered(renewal: Renewal, answer: str, *, now: datetime | None = None) -> Renewal:
    renewal.status, renewal.answered_at = answer, now or timezone.now()
    renewal.save(update_fields=["status", "answered_at"])
    return renewal


# --- What the clock does --------------------------------------------------------------------------------------------
def sweep(*, now: datetime | None = None) -> int:
    """Wake workers for rounds under way. Returns how many those are."""
    found = list(RenewalRound.objects.under_way().values_list("pk", flat=True))
    for pk in found:
        wake(TASK, pk)
    return len(found)


def carry_on(pk: int, *, now: datetime | None = None, seconds: float = SPELL) -> None:
    """Do what is due in a round, one batch after the other. Safe to run twice, and to be killed at any moment."""
    ends = time.monotonic() + seconds
    while _next_batch(pk, now=now or timezone.now()):
        if time.monotonic() > ends:
            wake(TASK, pk)
            return


@transaction.atomic
def _next_batch(pk: int, *, now: datetime) -> bool:
    """One batch of one round; another worker leaves it alone meanwhile. True where more may be due."""
    found = RenewalRound.objects.select_for_update(of=("self",), skip_locked=True).under_way().filter(pk=pk).first()
    today = timezone.localdate(now)
    if found is None or found.opens_on > today:
        return False
    if found.status == Status.SCHEDULED:
        return _open_on_its_day(found, now=now)
    if found.closes_on < today:
        return _close_some(found, now=now)
    if found.asked_all_at is None:
        return _ask_some(found, now=now)
    return _remind_some(found, today=today, now=now)


def _open_on_its_day(found: RenewalRound, *, now: datetime) -> bool:
    """False while another round is open: this one waits for it."""
    try:
        _open(found, now=now)
    except MembershipError:
        return False
    return True


def _ask_some(found: RenewalRound, *, now: datetime) -> bool:
    opened_on = timezone.localdate(found.opened_at)
    waiting = Member.objects.to_renew(opened_on).exclude(renewals__round=found).select_related("user").order_by("pk")
    some = list(waiting[:AT_ONCE])
    for member in some:
        emails.asked(Renewal.objects.create(round=found, member=member, mailed_at=now))
    if not some:
        found.asked_all_at = now
        found.save(update_fields=["asked_all_at"])
    return True


def _remind_some(found: RenewalRound, *, today: date, now: datetime) -> bool:
    """Where a reminder's day passed unused, the next one stands for both."""
    due = 2 if today >= found.second_reminder_on else 1 if today >= found.first_reminder_on else 0
    waiting = found.renewals.silent().filter(reminders__lt=due, mailed_at__lte=now - BETWEEN_MAILS)
    some = list(waiting.select_related("member__user", "round").order_by("pk")[:AT_ONCE])
    for renewal in some:
        renewal.reminders, renewal.mailed_at = due, now
        renewal.save(update_fields=["reminders", "mailed_at"])
        emails.reminder(renewal)
    return bool(some)


def _close_some(found: RenewalRound, *, now: datetime) -> bool:
    waiting = found.renewals.filter(status=Answer.ASKED).select_related("member__user", "round").order_by("pk")
    some = list(waiting[:AT_ONCE])
    for renewal in some:
        _close_one(renewal, now=now)
    if not some:
        found.status, found.closed_at = Status.CLOSED, now
        found.save(update_fields=["status", "closed_at"])
    return bool(some)


def _close_one(renewal: Renewal, *, now: datetime) -> None:
    """The answer is looked at under a lock once more: it may have come at the last moment."""
    renewal = _locked_one(renewal)
    if renewal.status != Answer.ASKED:
        return
    if renewal.member.status != Member.Status.ACTIVE or not renewal.member.user.is_active:
        _answered(renewal, Answer.EXCUSED, now=now)
        return
    services.make_alumni(renewal.member, now=now)
    _answered(renewal, Answer.LAPSED, now=now)
    emails.lapsed(renewal)
