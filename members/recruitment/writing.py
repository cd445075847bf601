"""The drives that run: rows say what is to be done, and `advance` does it, however often and by however many."""

import time
from datetime import datetime, timedelta
from functools import cache

from django.db import connection, transaction
from django.utils import timezone

from members.recruitment import answers, audience, checks
from members.recruitment.letters import Letter
from members.recruitment.models import Drive, DriveMail, Invitation, Step
from members.recruitment.services import ADVANCE, begin, drop, drop_answered, into, mails_of
from portal.group.models import SpecialtyGroup
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.wake import wake

CHUNK = 500  # mails written in one transaction
TURN = 2.0  # seconds after which a worker lets others have their turn: a welcome does not wait for a drive
INVITING = 7_274_302  # of the advisory lock under which first mails are written
A_DAY = timedelta(days=1)
WINDOW = timedelta(hours=2)  # a drive that could not begin within this time waits for somebody to look at it


def sweep(*, now: datetime | None = None) -> int:
    """What the clock does: note who has answered, begin what is due, and go on. Returns how many mails were written."""
    now = now or timezone.now()
    answers.settle(now=now)
    for pk in Drive.objects.scheduled().filter(starts_at__lte=now).values_list("pk", flat=True):
        _begin_in_time(pk, now=now)
    for pk in Drive.objects.paused().values_list("pk", flat=True):
        _hold_again(pk)
    for drive in Drive.objects.filter(status=Drive.Status.CANCELLED, ended_at__gt=now - A_DAY):
        drop(mails_of(drive))
    drop_answered()
    return advance(now=now)


def advance(*, now: datetime | None = None, seconds: float = TURN) -> int:
    """Write the mails whose day has come, and end what is through. Returns how many were written."""
    now, ends, written = now or timezone.now(), time.monotonic() + seconds, 0
    for drive in Drive.objects.running():
        for step in drive.steps.all():
            while number := _write(drive.pk, step, now=now):
                written += number
                if time.monotonic() > ends:
                    wake(ADVANCE)
                    return written
        _end(drive.pk, now=now)
    return written


@transaction.atomic
def _hold_again(pk: int) -> None:
    """What its server refused for now, as the drive was paused, came back meanwhile."""
    drive = Drive.objects.paused().select_for_update(skip_locked=True).filter(pk=pk).first()
    if drive is not None:
        outbox.hold(mails_of(drive))


@transaction.atomic
def _begin_in_time(pk: int, *, now: datetime) -> None:
    """What could not begin in its time is not sent to people's surprise in the middle of another night."""
    drive = Drive.objects.select_for_update(skip_locked=True).filter(pk=pk, status=Drive.Status.SCHEDULED).first()
    if drive is None or drive.starts_at is None:
        return
    if now - drive.starts_at > WINDOW or checks.problems(drive):
        into(drive, Drive.Status.HELD)
    else:
        begin(drive, now=now)


@transaction.atomic
def _write(pk: int, step: Step, *, now: datetime) -> int:
    """The next mails of a step. The drive's row is locked meanwhile; where another worker has it, there is none."""
    drive = _locked_while_running(pk)
    if drive is None:
        return 0
    due = list(drive.invitations.due(step, now).select_related("contact", "invited_by").order_by("pk")[:CHUNK])
    _write_to(_settled(drive, due, now=now) if step.is_first else due, drive, step, now=now)
    return len(due)


def _settled(drive: Drive, due: list[Invitation], *, now: datetime) -> list[Invitation]:
    """Those who are written to after all: since the drive began, another one may have invited them.

    One transaction after the other looks at it, so that two drives do not both write to somebody first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INVITING])
    audience.settle(drive, now=now, invitations=due)
    left_out = set(
        drive.invitations.exclude(excluded_because="")
        .filter(pk__in=[one.pk for one in due])
        .values_list("pk", flat=True)
    )
    return [one for one in due if one.pk not in left_out]


def _write_to(people: list[Invitation], drive: Drive, step: Step, *, now: datetime) -> None:
    group = SpecialtyGroup.objects.current()
    letter = cache(lambda language: Letter(drive, step, language, group))
    pairs = [(invitation, letter(invitation.language).to(invitation)) for invitation in people]
    outbox.queue_many(mail for _invitation, mail in pairs)
    DriveMail.objects.bulk_create(
        DriveMail(invitation=invitation, step=step, mail=mail, created_at=now) for invitation, mail in pairs
    )


@transaction.atomic
def _end(pk: int, *, now: datetime) -> None:
    """A drive is done when nobody waits for another mail of it, none is under way, and members add nobody to it."""
    drive = _locked_while_running(pk)
    if drive is None or drive.takes_colleagues or mails_of(drive).filter(status__in=OutgoingMail.YET_TO_LEAVE).exists():
        return
    if not any(drive.invitations.all().still_to_get(step).exists() for step in drive.steps.all()):
        into(drive, Drive.Status.DONE, ended_at=now)


def _locked_while_running(pk: int) -> Drive | None:
    return Drive.objects.select_for_update(skip_locked=True).filter(pk=pk, status=Drive.Status.RUNNING).first()
