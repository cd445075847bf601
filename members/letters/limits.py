"""How much may be written, counted in the rows themselves. What is refused is told in a sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from members.conduct.models import LetterReport, WritingBan
from members.directory.models import Member
from members.letters.models import Letter, LetterQuerySet
from portal.contacts.models import Contact, fingerprint_of, normalise
from portal.refusal import Refusal
from portal.users.models import User

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
WRITTEN = {False: (5, 15), True: (2, 4)}  # from outside the group or not: in a day, in a week
RECEIVED_A_WEEK = {False: 10, True: 3}  # by one member: from everybody, and of these from outside
LETTERS_OF_A_NO = [Letter.Status.DECLINED, Letter.Status.REPORTED]


class LetterError(Refusal):
    """A request cannot go that way; the message is safe to show."""


@dataclass(frozen=True)
class Writer:
    """Who writes: an account, or an address of somebody without one."""

    user: User | None = None
    contact: Contact | None = None
    is_outside: bool = False

    @property
    def letters(self) -> LetterQuerySet:
        found: LetterQuerySet = Letter.objects.all()
        return found.filter(writer=self.user) if self.user else found.filter(contact=self.contact)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(normalise(self.user.email)) if self.user else self.contact.fingerprint  # type: ignore[union-attr]

    @property
    def is_held(self) -> bool:
        """Whether a request of theirs was reported and nobody has looked at it yet; leaving does not end it."""
        if WritingBan.objects.holds().on(self.user, self.fingerprint).exists():
            return True
        return self.letters.filter(report__status=LetterReport.Status.SUBMITTED).exists()

    @property
    def is_banned(self) -> bool:
        return WritingBan.objects.lasting().on(self.user, self.fingerprint).exists()


def check_writer(writer: Writer, now: datetime) -> None:
    """Raises LetterError for who may not write, or has written enough."""
    if writer.is_banned:
        raise LetterError(_("The coordinators have decided that you cannot write to members here any more."))
    if writer.is_held:
        raise LetterError(
            _("A request of yours was reported. Until the coordinators have looked at it, you cannot write another.")
        )
    check_amount(writer, now)


def check_amount(writer: Writer, now: datetime) -> None:
    """Raises LetterError for who has written enough of a day, or of a week."""
    in_a_day, in_a_week = WRITTEN[writer.is_outside]
    if writer.letters.filter(sent_at__gt=now - DAY).count() >= in_a_day:
        raise LetterError(
            _("You can write %(limit)d requests in a day. Please send this one tomorrow.") % {"limit": in_a_day}
        )
    if writer.letters.filter(sent_at__gt=now - WEEK).count() >= in_a_week:
        raise LetterError(
            _("You can write %(limit)d requests in a week. Please send this one in a few days.") % {"limit": in_a_week}
        )


def check_pair(writer: Writer, member: Member, now: datetime) -> None:
    """Raises LetterError while one request to the same member waits, and for a month after a no."""
    between = writer.letters.filter(recipient=member)
    if between.waiting().exists():
        raise LetterError(
            _("A request of yours already waits for %(name)s. Please wait for the answer.") % {"name": member}
        )
    if between.filter(status__in=LETTERS_OF_A_NO, closed_at__gt=now - MONTH).exists():
        raise LetterError(
            _("%(name)s could not help you lately. Please leave it at that for some weeks.") % {"name": member}
        )


def takes_letters(member: Member) -> bool:
    """Whether anybody may write to them now. Of who is on leave nothing is asked."""
    return member.takes_requests and member.status == Member.Status.ACTIVE


def check_recipient(member: Member, *, is_outside: bool, now: datetime) -> None:
    """Raises LetterError where the member takes no requests, or has got enough of them this week."""
    if not takes_letters(member):
        raise LetterError(_("%(name)s takes no requests just now.") % {"name": member})
    got = member.letters.sent().filter(sent_at__gt=now - WEEK)
    of_outside = got.filter(is_from_outside=True)
    if got.count() >= RECEIVED_A_WEEK[False] or (is_outside and of_outside.count() >= RECEIVED_A_WEEK[True]):
        raise LetterError(
            _("%(name)s has got many requests this week. Please try again in a few days.") % {"name": member}
        )
