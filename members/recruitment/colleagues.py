"""Members invite people they know, by a drive that a coordinator opened for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory.models import Member
from members.recruitment import audience
from members.recruitment.audience import Person
from members.recruitment.models import Drive, Invitation
from members.recruitment.services import ADVANCE, DriveError
from portal.contacts.models import Contact
from portal.users.models import User
from portal.wake import wake

MOST, WITHIN = 20, timedelta(days=1)  # people whom one member may invite


@transaction.atomic
def invite(drive: Drive, person: Person, *, by: User, now: datetime | None = None) -> Invitation:
    """Add somebody whom a member knows; where the drive runs already, they are written to at once.

    Raises DriveError where the drive is not open to members, and where the member has invited many today. What we
    know of the address stays with us: who was in the drive before is not written to again, and whoever invited them
    gets a page for them as for anybody else.
    """
    now = now or timezone.now()
    drive = Drive.objects.open_to_colleagues().select_for_update().filter(pk=drive.pk).first() or _closed()
    User.objects.select_for_update().get(pk=by.pk)  # so that two requests at once count together
    if not Member.objects.active().filter(user=by).exists():
        raise DriveError(_("Only members invite."))
    contact = _contact(person)
    if mine := drive.invitations.filter(contact=contact, invited_by=by).first():
        return mine
    if left_today(by, now=now) < 1:
        raise DriveError(_("You have invited many people today. Please go on tomorrow."))
    invitation = Invitation(
        drive=drive, contact=contact, invited_by=by, name=person.name, language=person.language, invited_at=now
    )
    if drive.invitations.filter(contact=contact).exists():
        invitation.is_again, invitation.excluded_because = True, Invitation.Reason.AGAIN
    invitation.full_clean()
    invitation.save()
    if drive.has_begun and not invitation.is_again:
        audience.settle(drive, now=now, invitations=[invitation])
        wake(ADVANCE)
    return invitation


def left_today(by: User, *, now: datetime | None = None) -> int:
    """How many more people this member may invite now."""
    since = (now or timezone.now()) - WITHIN
    return max(0, MOST - Invitation.objects.filter(invited_by=by, invited_at__gt=since).count())


@transaction.atomic
def invite_all(drive: Drive, people: Iterable[Person], *, by: User, now: datetime | None = None) -> list[Invitation]:
    """Several people at once: all of them, or none where one is refused."""
    return [invite(drive, person, by=by, now=now) for person in people]


def _closed() -> Drive:
    raise DriveError(_("Nobody can be invited at the moment."))


def _contact(person: Person) -> Contact:
    """Who invited them is said by the invitation alone, and so nowhere any more once they have left."""
    return Contact.objects.of(person.address, source=_("invited by a member"), basis=Contact.Basis.INTEREST)
