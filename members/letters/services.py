"""From a request to its answer: lock, guard, change, record, and the mails that belong to it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.conduct.models import WritingBan
from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.profile import level_of
from members.letters import emails, limits
from members.letters.limits import LetterError, Writer
from members.letters.models import CONFIRM_WITHIN, WORDS_AT_MOST, Letter
from portal.contacts.models import Contact
from portal.personal.traces import erase
from portal.personal.uses import unused
from portal.shared.version import raise_version
from portal.users.models import User

Status = Letter.Status


# --- writing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def write(member: Member, *, by: User, now: datetime | None = None, **asked: Any) -> Letter:
    """Send a request to a member; `asked` are its fields. The same words pressed twice make one request.

    Raises LetterError where the writer or the member has had enough, and where one waits already.
    """
    now = now or timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    member = _locked_member(member)
    writer = Writer(user=by, is_outside=level_of(by) == Audience.EVERYONE)
    twice = writer.letters.waiting().filter(recipient=member, words=asked["words"]).first()
    if twice is not None:
        return twice
    if member.user_id == by.pk:
        raise LetterError(_("This is your own profile."))
    _check(asked["words"])
    limits.check_pair(writer, member, now)
    limits.check_writer(writer, now)
    limits.check_recipient(member, is_outside=writer.is_outside, now=now)
    letter = Letter(recipient=member, writer=by, is_from_outside=writer.is_outside, sent_at=now, **asked)
    return _send(letter)


@transaction.atomic
def propose(
    member: Member, *, name: str, address: str, language: str, now: datetime | None = None, **asked: Any
) -> Letter:
    """Keep the request of somebody without an account, and write to them for a word that the address is theirs.

    Nothing is told here of what this address wrote before: whoever types it need not be its owner.
    """
    now = now or timezone.now()
    contact = Contact.objects.of(address, basis=Contact.Basis.CONSENT, source=_("wrote to a member"))
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    limits.check_recipient(member, is_outside=True, now=now)
    own = {"contact": contact, "recipient": member, "words": asked["words"]}
    twice = Letter.objects.filter(status=Status.UNCONFIRMED, sent_at__gt=now - CONFIRM_WITHIN, **own).first()
    if twice is not None:
        return twice
    limits.check_amount(Writer(contact=contact, is_outside=True), now)
    _check(asked["words"])
    fields = {**asked, "name": name, "language": language, "is_from_outside": True, "sent_at": now}
    letter = Letter.objects.create(status=Status.UNCONFIRMED, contact=contact, recipient=member, **fields)
    emails.confirm(letter)
    return letter


@transaction.atomic
def confirm(letter: Letter, *, now: datetime | None = None) -> Letter:
    """The address is the writer's: the request goes on to the member. Said twice it does no more than once."""
    now = now or timezone.now()
    letter = _locked(letter)
    if not letter.is_unconfirmed:
        return letter
    contact = Contact.objects.select_for_update(no_key=True).get(letters=letter)
    member = _locked_member(letter.recipient)
    writer = Writer(contact=contact, is_outside=True)
    if not Member.objects.active().filter(pk=member.pk, visibility=Member.Visibility.EVERYONE).exists():
        raise LetterError(_("%(name)s takes no requests just now.") % {"name": member})
    limits.check_pair(writer, member, now)
    if writer.is_banned or writer.is_held:
        raise LetterError(_("No request can be sent from this address just now."))
    limits.check_recipient(member, is_outside=True, now=now)
    letter.status, letter.sent_at = Status.OPEN, now
    return _send(letter)


def _send(letter: Letter) -> Letter:
    letter.save()
    emails.arrived(letter)
    return letter


# --- answering ------------------------------------------------------------------------------------------------------
@transaction.atomic
def answer(
    letter: Letter, *, by: User, words: str, shares_addresses: bool = False, now: datetime | None = None
) -> Letter:
    """The member's words go to the writer. Where they say so, each gets the other's address by it, and not before."""
    _check(words)
    letter = _open_one(letter, by=by)
    letter.answer, letter.shares_addresses = words, shares_addresses
    letter = _settle(letter, Status.ANSWERED, now)
    emails.answered(letter)
    if shares_addresses:
        emails.addresses(letter)
    return letter


@transaction.atomic
def decline(letter: Letter, *, by: User, words: str, now: datetime | None = None) -> Letter:
    """A kind no, in the member's words."""
    _check(words)
    letter = _open_one(letter, by=by)
    letter.answer = words
    letter = _settle(letter, Status.DECLINED, now)
    emails.declined(letter)
    return letter


@transaction.atomic
def take_no_requests(user: User) -> bool:
    """The member wants no requests any more; those that wait still can be answered. False where it was so already."""
    changed = Member.objects.filter(user=user, takes_requests=True).update(takes_requests=False)
    if changed:
        raise_version()
    return bool(changed)


def _open_one(letter: Letter, *, by: User) -> Letter:
    letter = _locked(letter)
    if letter.recipient.user_id != by.pk:
        raise LetterError(_("This request is not for you."))
    if not letter.is_open:
        raise LetterError(_("This request does not wait for an answer any more."))
    return letter


def _settle(letter: Letter, status: str, now: datetime | None) -> Letter:
    letter.status, letter.closed_at = status, now or timezone.now()
    letter.save(update_fields=["status", "closed_at", "answer", "shares_addresses"])
    return letter


def _check(words: str) -> None:
    """A text field's length is looked at by forms alone, so here, too."""
    if not words.strip():
        raise LetterError(_("Write a few words."))
    if len(words) > WORDS_AT_MOST:
        raise LetterError(_("Please be briefer: %(limit)d characters at most.") % {"limit": WORDS_AT_MOST})


def _locked(letter: Letter) -> Letter:
    return Letter.objects.select_for_update(of=("self",)).with_people().get(pk=letter.pk)


def _locked_member(member: Member) -> Member:
    return Member.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=member.pk)


# --- what the clock does --------------------------------------------------------------------------------------------
def sweep(*, now: datetime | None = None) -> int:
    """Remind of what waits, close what waited too long, and forget what was never confirmed.

    Returns how many requests something was done with. Safe to run twice and at once.
    """
    now = now or timezone.now()
    closed = sum(_close(pk, now) for pk in list(Letter.objects.to_close(now).values_list("pk", flat=True)))
    reminded = sum(_remind(pk, now) for pk in list(Letter.objects.to_remind_of(now).values_list("pk", flat=True)))
    return closed + reminded + _forget(now)


@transaction.atomic
def _forget(now: datetime) -> int:
    """What was never confirmed goes, and so do the addresses, unless something else hangs on them."""
    old = list(Letter.objects.never_confirmed(now).select_for_update(of=("self",), skip_locked=True))
    erase(Letter.objects.filter(pk__in=[letter.pk for letter in old]))
    addresses = [letter.contact_id for letter in old]
    erase(unused(Contact.objects.filter(pk__in=addresses), but=["mails"]))
    erase(WritingBan.objects.over(now))
    return len(old)


@transaction.atomic
def _close(pk: int, now: datetime) -> bool:
    letter = _free_one(pk, Letter.objects.to_close(now))
    if letter is None:
        return False
    emails.closed(_settle(letter, Status.CLOSED, now))
    return True


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    letter = _free_one(pk, Letter.objects.to_remind_of(now))
    if letter is None:
        return False
    letter.reminded_at = now
    letter.save(update_fields=["reminded_at"])
    if letter.recipient.is_in_force and letter.recipient.user.is_active:
        emails.reminder(letter)
    return True


def _free_one(pk: int, due: Any) -> Letter | None:
    """Looked at again under the lock; what another worker holds is left to it."""
    found: Letter | None = due.select_for_update(of=("self",), skip_locked=True).with_people().filter(pk=pk).first()
    return found
