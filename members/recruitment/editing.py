"""A drive's name, package and mails, as coordinators write them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.directory.models import MemberQuerySet
from members.recruitment import audience, links, starters
from members.recruitment.models import Drive, Invitation, Step
from members.recruitment.services import DriveError, locked, preview
from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail
from portal.users.models import User

OF_A_DRIVE = ("name", "package", "takes_colleagues")


@transaction.atomic
def prepare(drive: Drive, *, by: User) -> Drive:
    """Store a new drive, with mails to begin with."""
    drive.full_clean()
    drive.save(force_insert=True)
    Step.objects.bulk_create(starters.steps_for(drive))
    links.check_soon(drive)
    return drive


@transaction.atomic
def circular_to(members: MemberQuerySet, *, by: User) -> Drive:
    """A draft of a circular to members whom a coordinator chose. Raises DriveError where nobody of them is active."""
    if not (number := members.active().count()):
        raise DriveError(_("None of them is an active member: nobody would get it."))
    name = ngettext("To one chosen member", "To %(number)s chosen members", number) % {"number": number}
    drive = prepare(Drive(name=name, kind=Drive.Kind.CIRCULAR), by=by)
    audience.add_chosen(drive, members)
    return drive


@transaction.atomic
def change(drive: Drive, *, by: User) -> Drive:
    """Store its name, its package and whether members may invite by it. A package stays once it was sent."""
    found = locked(drive)
    if found.is_over or found.is_waiting:
        raise DriveError(_("This drive cannot be changed now."))
    if found.has_begun and found.package_id != drive.package_id:
        raise DriveError(_("People have been sent this package: it stays as it is."))
    drive.save(update_fields=OF_A_DRIVE)
    links.check_soon(drive)
    return drive


@transaction.atomic
def save_step(step: Step, *, by: User) -> Step:
    """Store a mail of the drive, new or changed, as long as nobody was written it."""
    _guard(step)
    step.full_clean()
    step.save()
    links.check_soon(step.drive)
    return step


@transaction.atomic
def delete_step(step: Step, *, by: User) -> None:
    """Take out a follow-up that nobody was written."""
    _guard(step)
    if not step.can_be_deleted:
        raise DriveError(_("A drive needs its first mail."))
    step.delete()


def _guard(step: Step) -> None:
    step.drive = locked(step.drive)
    if not step.drive.mails_can_change:
        raise DriveError(_("Mails can be changed before the drive starts, or while it is paused."))
    if step.is_locked:
        raise DriveError(_("People were written this mail: it stays as they read it."))


def as_would_get_it(step: Step, person: Invitation, *, language: str = "") -> OutgoingMail:
    """The mail as this person would get it, or as they would in another language, with links that lead nowhere
    personal: they hold neither the person's token nor their key."""
    return preview(step, stand_in(person, language=language))


def stand_in(person: Invitation, *, language: str = "") -> Invitation:
    """An invitation like this one that is not stored, and tells no secret of it."""
    contact = Contact(address=person.contact.address, source=person.contact.source, key="preview")
    told: dict[str, Any] = {"drive": person.drive, "name": person.name, "invited_by": person.invited_by}
    return Invitation(contact=contact, language=language or person.language, token="preview", **told)  # noqa: S106


def somebody(drive: Drive, *, like: User) -> Invitation:
    """Whoever stands first in the audience; where nobody does, somebody named as this coordinator."""
    first = drive.invitations.select_related("contact", "invited_by", "drive").order_by("pk").first()
    return first or Invitation(
        drive=drive, contact=Contact(address=like.email, key="preview"), name=like.name, language=like.language
    )
