"""A drive by a coordinator's acts, from its first draft to its end. What it sends is written by `writing`."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.recruitment import audience, checks
from members.recruitment.letters import Letter
from members.recruitment.models import Drive, Invitation, Step
from portal.contacts.models import Contact
from portal.group.models import SpecialtyGroup
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.refusal import Refusal
from portal.users.models import User
from portal.wake import wake

ADVANCE = "members.recruitment.tasks.advance"
Status = Drive.Status


class DriveError(Refusal):
    """A drive cannot go that way; the message is safe to show."""


def mails_of(drive: Drive) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(drive_mail__invitation__drive=drive)


def drop(mails: QuerySet[OutgoingMail]) -> None:
    """Mails of a cancelled drive that have not left do not leave."""
    outbox.drop(mails, _("The drive was cancelled."))


def drop_answered() -> None:
    """A mail that waits while the person joins, applies or says no is not sent after all."""
    waiting = OutgoingMail.objects.filter(status__in=["queued", "held"], drive_mail__isnull=False)
    answered = Invitation.objects.all().answered()
    outbox.drop(waiting.filter(drive_mail__invitation__in=answered), _("They have answered already."))


def locked(drive: Drive) -> Drive:
    return Drive.objects.select_for_update(of=("self",)).select_related("package").get(pk=drive.pk)


def into(drive: Drive, status: str, **fields: datetime | None) -> Drive:
    """The drive in another state, with the moments that go with it."""
    for name, value in {"status": status, **fields}.items():
        setattr(drive, name, value)
    drive.save(update_fields=["status", *fields])
    return drive


# --- looking at it before -------------------------------------------------------------------------------------------
def preview(step: Step, invitation: Invitation) -> OutgoingMail:
    """The mail as this person would get it. Nothing is stored."""
    return Letter(step.drive, step, invitation.language, SpecialtyGroup.objects.current()).to(invitation)


@transaction.atomic
def send_test(step: Step, *, to: User, language: str = "") -> OutgoingMail:
    """The mail, sent to a coordinator alone: its link shows the page at the desk, and nothing counts it."""
    contact, mark = Contact.objects.of(to.email, user=to), _("Test")
    stand_in = Invitation(drive=step.drive, contact=contact, name=to.name, language=language or to.language)
    mail = preview(step, stand_in)
    mail.lane = OutgoingMail.Lane.PERSONAL
    mail.subject = f"[{mark}] {mail.subject}"[:250]
    return outbox.queue(mail)


# --- start, pause, end ----------------------------------------------------------------------------------------------
@transaction.atomic
def start(drive: Drive, *, by: User, at: datetime | None = None, now: datetime | None = None) -> Drive:
    """Start now, or at a moment to come. Raises DriveError with the first thing that stands in the way.

    Pressed twice it starts once: the second time the drive is not open any more.
    """
    now, drive = now or timezone.now(), locked(drive)
    if not drive.is_open:
        raise DriveError(_("This drive has been started already."))
    if found := checks.problems(drive):
        raise DriveError(found[0])
    drive.started_by = by
    drive.save(update_fields=["started_by"])
    if at is not None and at > now:
        return into(drive, Status.SCHEDULED, starts_at=at)
    return begin(drive, now=now)


def begin(drive: Drive, *, now: datetime) -> Drive:
    """Write down who is left out, and let the workers write to all others."""
    audience.settle(drive, now=now)
    wake(ADVANCE)
    return into(drive, Status.RUNNING, started_at=now)


@transaction.atomic
def unschedule(drive: Drive, *, by: User) -> Drive:
    """Back to being prepared, before its time has come."""
    drive = locked(drive)
    if not drive.is_waiting:
        raise DriveError(_("This drive does not wait for its time."))
    return into(drive, Status.DRAFT, starts_at=None)


@transaction.atomic
def pause(drive: Drive, *, by: User) -> Drive:
    """Nothing leaves from now on; what a worker is just handing over still does."""
    drive = locked(drive)
    if not drive.is_running:
        raise DriveError(_("Only a running drive can be paused."))
    outbox.hold(mails_of(drive))
    return into(drive, Status.PAUSED)


@transaction.atomic
def resume(drive: Drive, *, by: User) -> Drive:
    """Go on. Follow-ups may have been written meanwhile: they must be fit to send."""
    drive = locked(drive)
    if not drive.is_paused:
        raise DriveError(_("Only a paused drive can go on."))
    if found := checks.problems_of_texts(drive):
        raise DriveError(found[0])
    drop_answered()
    outbox.let_go(mails_of(drive))
    wake(ADVANCE)
    return into(drive, Status.RUNNING)


@transaction.atomic
def cancel(drive: Drive, *, by: User, now: datetime | None = None) -> Drive:
    """For good: what has not left does not leave."""
    drive = locked(drive)
    if not drive.can_be_cancelled:
        raise DriveError(_("This drive is not under way."))
    drop(mails_of(drive))
    return into(drive, Status.CANCELLED, ended_at=now or timezone.now())


@transaction.atomic
def discard(drive: Drive, *, by: User) -> None:
    """Forget a drive by which nobody was written to."""
    drive = locked(drive)
    if not drive.can_be_discarded:
        raise DriveError(_("People were written to by this drive, or will be. It can be cancelled."))
    drive.delete()
