"""Whom a drive is for: lists that somebody brings, earlier drives, members by topic and region; and who is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory.models import Member
from members.recruitment.models import Drive, Invitation
from portal.contacts.models import Contact, normalise
from portal.group.models import Region, SpecialtyGroup, Topic
from portal.refusal import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

AT_ONCE = 1000
WRITTEN_TO = Q(("why_not", ""))  # of those whom `reasoned` gives
Reason = Invitation.Reason


class AudienceError(Refusal):
    """The audience cannot be changed so; the message is safe to show."""


@dataclass(frozen=True)
class Person:
    """Somebody who may be written to. The address is normalised."""

    address: str
    name: str = ""
    language: str = "en"


@transaction.atomic
def add_people(drive: Drive, people: Iterable[Person], *, source: str, basis: str) -> int:
    """Add people from a list, with where the addresses come from and why we may use them. Returns how many are new.

    Raises AudienceError where the source is not named (GDPR, article 14: people may ask where we have it from).
    """
    drive = open_drive(drive)
    if not source.strip():
        raise AudienceError(_("Say where these addresses come from."))
    wanted = list({person.address: person for person in people}.values())
    defaults = {"source": source.strip()[:200], "basis": basis}
    return sum(_invite(drive, wanted[start : start + AT_ONCE], **defaults) for start in range(0, len(wanted), AT_ONCE))


def _invite(drive: Drive, people: Collection[Person], **defaults: str) -> int:
    contacts = Contact.objects.of_many((person.address for person in people), **defaults)
    if "source" in defaults:  # of an address that we knew without knowing from where
        Contact.objects.filter(address__in=list(contacts), source="").update(source=defaults["source"])
    before = drive.invitations.count()
    Invitation.objects.bulk_create(
        [
            Invitation(drive=drive, contact=contacts[one.address], name=one.name, language=one.language)
            for one in people
        ],
        ignore_conflicts=True,
    )
    return drive.invitations.count() - before


@transaction.atomic
def add_members(drive: Drive, *, topics: Collection[Topic] = (), regions: Collection[Region] = ()) -> int:
    """Add the active members of any of these topics and any of these regions; all of them where none is named."""
    drive = open_drive(drive)
    members = Member.objects.active().select_related("user")
    if topics:
        members = members.filter(topics__in=topics).distinct()
    if regions:
        members = members.filter(country__region__in=regions)
    return _add_accounts(drive, members)


@transaction.atomic
def add_chosen(drive: Drive, members: QuerySet[Member]) -> int:
    """Add these members, one by one as somebody chose them; whoever is no active member is not added."""
    drive = open_drive(drive)
    chosen = Member.objects.active().filter(pk__in=members.order_by().values("pk"))
    return _add_accounts(drive, chosen.select_related("user"))


def _add_accounts(drive: Drive, members: QuerySet[Member]) -> int:
    found = [Person(normalise(one.user.email), one.user.name, one.user.language) for one in members]
    theirs = Contact.objects.filter(address__in=[one.address for one in found], user__isnull=False)
    known = set(theirs.values_list("address", flat=True))
    for person, one in zip(found, members, strict=True):
        if person.address not in known:
            Contact.objects.of(person.address, user=one.user)
    return sum(_invite(drive, found[start : start + AT_ONCE]) for start in range(0, len(found), AT_ONCE))


@transaction.atomic
def add_earlier(drive: Drive, earlier: Drive) -> int:
    """Add everybody of another drive, with their names and languages. Who was written to is left out as always."""
    drive = open_drive(drive)
    before = drive.invitations.count()
    kept = ("contact_id", "name", "language")
    copies = [
        Invitation(drive=drive, **{name: getattr(one, name) for name in kept})
        for one in earlier.invitations.order_by("pk").iterator()
    ]
    Invitation.objects.bulk_create(copies, batch_size=AT_ONCE, ignore_conflicts=True)
    return drive.invitations.count() - before


@transaction.atomic
def clear(drive: Drive) -> int:
    """Nobody is in the audience any more; to begin again."""
    drive = open_drive(drive)
    number = drive.invitations.count()
    drive.invitations.all().delete()
    return number


@transaction.atomic
def remove(invitation: Invitation) -> None:
    """This person is not in the audience any more."""
    open_drive(invitation.drive)
    Invitation.objects.filter(pk=invitation.pk).delete()


def left_out(drive: Drive, *, now: datetime | None = None) -> list[tuple[str, str, int]]:
    """For each reason the word, how it reads and how many are left out for it: as it stands now or, once the drive
    began, as it stood then."""
    if drive.has_begun:
        found = drive.invitations.exclude(excluded_because="").values_list("excluded_because")
    else:
        found = reasoned(drive, now=now).exclude(WRITTEN_TO).values_list("why_not")  # type: ignore[misc]
    counts = dict(found.annotate(number=Count("pk")).order_by())
    return [(reason.value, str(reason.label), counts[reason]) for reason in Reason if reason in counts]


def reasoned(drive: Drive, *, now: datetime | None = None) -> QuerySet[WithAnnotations[Invitation]]:
    """The invitations with `why_not`: a reason, or an empty text."""
    cap = SpecialtyGroup.objects.current().weekly_cap
    return drive.invitations.all().with_reason(now or timezone.now(), cap)


def settle(drive: Drive, *, now: datetime, invitations: Collection[Invitation] | None = None) -> None:
    """Write down who is left out of a drive that begins now, and why; or of those who are added to one that runs."""
    found = reasoned(drive, now=now).exclude(WRITTEN_TO)
    if invitations is not None:
        found = found.filter(pk__in=[one.pk for one in invitations])
    by_reason: dict[str, list[int]] = {}
    for pk, reason in found.values_list("pk", "why_not").order_by():  # type: ignore[misc]
        by_reason.setdefault(reason, []).append(pk)
    for reason, those in by_reason.items():
        Invitation.objects.filter(pk__in=those).update(excluded_because=reason)


def open_drive(drive: Drive) -> Drive:
    """The drive, locked. Raises AudienceError once it has begun."""
    drive = Drive.objects.select_for_update().get(pk=drive.pk)
    if not drive.is_open:
        raise AudienceError(_("The audience of a drive that has begun stays as it is."))
    return drive
