"""A member reports a request; coordinators look at it and decide who may go on writing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.conduct import emails
from members.conduct.models import REASON_AT_MOST, LetterReport, WritingBan
from members.letters.limits import Writer
from members.letters.models import Letter
from portal.contacts.models import fingerprint_of
from portal.refusal import Refusal
from portal.users.models import User

Status = LetterReport.Status


class ConductError(Refusal):
    """This cannot be reported or decided so; the message is safe to show."""


def is_reported(letter: Letter) -> bool:
    return LetterReport.objects.filter(letter=letter).exists()


@transaction.atomic
def report(letter: Letter, *, by: User, reason: str, now: datetime | None = None) -> LetterReport:
    """The member wants coordinators to look at a request. They can read it from now on, and its writer is held."""
    _check(reason, _("Write a few words: the coordinators will read them."))
    letter = Letter.objects.select_for_update(of=("self",)).with_people().get(pk=letter.pk)
    if letter.recipient.user_id != by.pk:
        raise ConductError(_("This request is not for you."))
    if is_reported(letter):
        raise ConductError(_("You have reported this request already."))
    if letter.erased_at is not None:
        raise ConductError(_("The words of this request are erased already."))
    if letter.is_open:
        letter.status, letter.closed_at = Letter.Status.REPORTED, now or timezone.now()
        letter.save(update_fields=["status", "closed_at"])
    return LetterReport.objects.create(letter=letter, reason=reason, submitted_at=now or timezone.now())


@transaction.atomic
def dismiss(found: LetterReport, *, by: User) -> LetterReport:
    """Nothing is wrong with it: the writer may go on writing, and is not told."""
    found = _decided(found, Status.DISMISSED, by=by)
    emails.settled(found)
    return found


@transaction.atomic
def warn(found: LetterReport, *, by: User, words: str) -> LetterReport:
    """The writer gets a coordinator's words, and may go on writing."""
    _check(words, _("Write what you want to say: the writer will read it."))
    found = _decided(found, Status.WARNED, by=by, words=words)
    emails.warned(found)
    emails.settled(found)
    return found


@transaction.atomic
def ban(found: LetterReport, *, by: User, words: str) -> WritingBan:
    """The writer may write to nobody any more, until a coordinator lifts it."""
    _check(words, _("Write why: the writer will read it."))
    found = _decided(found, Status.BANNED, by=by, words=words)
    letter = found.letter
    writer = Writer(user=letter.writer, contact=letter.contact)
    told = {"user": letter.writer, "name": letter.writer_name, "reason": words, "begun_by": by}
    WritingBan.objects.holds().filter(fingerprint=writer.fingerprint, lifted_at=None).delete()
    made, _created = WritingBan.objects.get_or_create(fingerprint=writer.fingerprint, lifted_at=None, defaults=told)
    emails.banned(found)
    emails.settled(found)
    return made


def hold(addresses: Iterable[str], *, now: datetime | None = None) -> None:
    """Whoever has these normalised addresses is held as before, though the account and the report are gone."""
    for address in addresses:
        found = WritingBan.objects.filter(fingerprint=fingerprint_of(address), lifted_at=None)
        found.over(now or timezone.now()).delete()
        WritingBan.objects.get_or_create(
            fingerprint=fingerprint_of(address),
            lifted_at=None,
            defaults={"is_hold": True, "begun_at": now or timezone.now()},
        )


def spread(ban: WritingBan, addresses: Iterable[str]) -> None:
    """A ban goes for every address of its person, so that none of them leads around it."""
    for address in addresses:
        found = WritingBan.objects.filter(fingerprint=fingerprint_of(address), lifted_at=None)
        found.holds().delete()
        WritingBan.objects.get_or_create(
            fingerprint=fingerprint_of(address),
            lifted_at=None,
            defaults={"begun_at": ban.begun_at, "begun_by": ban.begun_by},
        )


@transaction.atomic
def lift(ban: WritingBan, *, by: User) -> WritingBan:
    """They may write again."""
    ban = WritingBan.objects.select_for_update(of=("self",)).get(pk=ban.pk)
    if not ban.is_in_force:
        raise ConductError(_("This has been lifted already."))
    if ban.user_id == by.pk:
        raise ConductError(_("Nobody decides on their own conduct."))
    ban.lifted_by, ban.lifted_at = by, timezone.now()
    ban.save(update_fields=["lifted_by", "lifted_at"])
    return ban


def _decided(found: LetterReport, status: str, *, by: User, words: str = "") -> LetterReport:
    locked = LetterReport.objects.select_for_update(of=("self",))
    found = locked.select_related("letter__recipient__user", "letter__writer", "letter__contact").get(pk=found.pk)
    if not found.is_waiting:
        raise ConductError(_("This has been decided already."))
    if by.pk in {found.letter.writer_id, found.letter.recipient.user_id}:
        raise ConductError(_("This request is your own. Ask another coordinator to look at it."))
    found.status, found.words, found.decided_by, found.decided_at = status, words, by, timezone.now()
    found.save(update_fields=["status", "words", "decided_by", "decided_at"])
    return found


def _check(words: str, if_none: str) -> None:
    """A coordinator's words come from a plain box at the desk, so their length is looked at here."""
    if not words.strip():
        raise ConductError(if_none)
    if len(words) > REASON_AT_MOST:
        raise ConductError(_("Please be briefer: %(limit)d characters at most.") % {"limit": REASON_AT_MOST})
