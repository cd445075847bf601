"""Workers take what is due, a few at a time, and hand it over; whatever happens to them, nobody gets a mail twice.

A mail is `sending`, committed, before a mail server hears of it. A worker that dies leaves at most that one behind:
the sweep shows it as unknown, and only a coordinator sends it again.
"""

import logging
import smtplib
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.contacts import services as contacts
from portal.contacts.models import OptOut
from portal.group.models import SpecialtyGroup
from portal.outbox import claiming
from portal.outbox.models import OutgoingMail
from portal.outbox.outcomes import Failure, Outcome, failure
from portal.outbox.services import SEND
from portal.wake import wake

log = logging.getLogger(__name__)
ATTEMPTS = 8
BATCH = 200  # mails leased at once
TURN = 2.0  # seconds until the lanes are looked at anew: a welcome mail waits no longer for bulk to pass
SLICE = 5.0  # seconds of one task: other tasks have their turn, and a worker that is to stop stops soon
AWAY = timedelta(seconds=15)  # a mail that met a closed door lets the others go first: it may be the reason
AHEAD = 3  # messages composed before their turn
PER_LINE = 200  # mails over one connection; many servers hang up after so many
Status, Lane = OutgoingMail.Status, OutgoingMail.Lane


class Message(EmailMultiAlternatives):
    """A mail whose MIME text is made once, before its turn comes."""

    @cached_property
    def content(self) -> bytes:
        return bytes(self.message().as_bytes(linesep="\r\n"))

    def message(self, **options: Any) -> Any:
        """With a boundary that is new by itself: Python would look through all parts for one that is."""
        made: Any = super().message(**options)
        if made.is_multipart():
            made.set_boundary(f"=_{uuid.uuid4().hex}")
        return made


class ServerAwayError(Exception):
    """The mail server takes nothing now; what is leased goes back."""


def send_waiting(*, seconds: float = SLICE) -> int:
    """Send what is due until nothing is, or for so long; then the next in line goes on.

    Returns how many left. Where much waits, one more worker is woken at once, so that all of them come to help and
    other tasks still have their turn. Where the server is away the sweep begins again: no mail is blamed for it.
    """
    end = time.monotonic() + seconds
    is_helped = False
    with Courier() as courier:
        try:
            while time.monotonic() < end and (batch := courier.fetch(now=timezone.now())):
                if len(batch) == BATCH and not is_helped:
                    is_helped = True
                    wake(SEND)
                courier.carry(batch, until=min(end, time.monotonic() + TURN))
        except ServerAwayError as away:
            log.warning("mail server away", extra={"error": str(away)})
            return courier.sent
    if not is_helped and OutgoingMail.objects.due(timezone.now()).exists():
        wake(SEND)
    return courier.sent


class Courier:
    """One worker with one line to the mail server. Leaving gives back what is still leased."""

    def __init__(self) -> None:
        self.lease = uuid.uuid4()
        self.line = get_connection()
        self.carried = 0
        self.sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        claiming.give_back(claiming.leased(self.lease))
        self._hang_up()

    def fetch(self, *, now: datetime) -> Sequence[OutgoingMail]:
        """The next mails, those left out that are not to be sent after all."""
        while mails := claiming.claim(self.lease, BATCH, now=now):
            unwanted = dict(_unwanted(mails, now=now))
            for why in set(unwanted.values()):
                claiming.suppress([mail for mail in mails if unwanted.get(mail.pk) == why], why)
            if wanted := [mail for mail in mails if mail.pk not in unwanted]:
                return wanted
        return []

    def carry(self, mails: Sequence[OutgoingMail], *, until: float) -> None:
        """Hand over one after the other, until that moment of the monotonic clock. Raises ServerAwayError."""
        before: OutgoingMail | None = None
        try:
            for mail, message in _composed(mails):
                if time.monotonic() >= until:
                    break
                is_mine, before = claiming.start(mail, now=timezone.now(), after=before), None
                before = mail if is_mine and self._hand_over(mail, message) else None
        finally:
            if before is not None:
                _mark_sent(before)
            claiming.give_back(claiming.leased(self.lease))

    def _hand_over(self, mail: OutgoingMail, message: Future[Message]) -> bool:
        try:
            if self.carried and self.carried % PER_LINE == 0:
                self._hang_up()
            self.line.open()
            self.line.send_messages([message.result()])
        except Exception as error:  # what a backend may raise differs; each is recorded
            failed = failure(error, was_handing_over=self._was_handing_over())
            _record(mail, failed)
            if failed.outcome in {Outcome.SERVER_AWAY, Outcome.UNKNOWN}:
                self._hang_up()
            if failed.outcome == Outcome.SERVER_AWAY:
                raise ServerAwayError(type(error).__name__) from error
            return False
        self.carried += 1
        self.sent += 1
        return True

    def _was_handing_over(self) -> bool:
        """Whether the line broke when the mail was given and not yet taken; a backend that cannot tell might have."""
        return getattr(self.line, "is_handing_over", True)

    def _hang_up(self) -> None:
        try:
            self.line.close()
        except (OSError, smtplib.SMTPException):
            self.line = get_connection()


def _unwanted(mails: Sequence[OutgoingMail], *, now: datetime) -> Iterator[tuple[uuid.UUID, str]]:
    """Bulk mails that must not leave: what has changed since they were written counts."""
    bulk = [mail for mail in mails if mail.is_bulk]
    if not bulk:
        return
    prints = [mail.contact.fingerprint for mail in bulk]
    refusals = {one.fingerprint: one for one in OptOut.objects.filter(fingerprint__in=prints)}
    got = _bulk_of_the_week(bulk, now=now)
    cap = SpecialtyGroup.objects.current().weekly_cap
    for mail in bulk:
        refusal = refusals.get(mail.contact.fingerprint)
        if refusal is not None and refusal.covers(mail.kind):
            yield mail.pk, _("They do not want mails of this kind.")
        elif mail.contact.has_bounced:
            yield mail.pk, _("Earlier mails to this address came back.")
        elif got[mail.contact_id] >= cap:
            yield mail.pk, _("They have had as many mails this week as anybody gets.")
        else:
            got[mail.contact_id] += 1


def _bulk_of_the_week(bulk: Sequence[OutgoingMail], *, now: datetime) -> Counter[int]:
    """How many bulk mails each person had this week, with those that another worker took just before."""
    mails = OutgoingMail.objects.filter(contact__in=[mail.contact_id for mail in bulk])
    taken_before = mails.filter(lane=Lane.BULK, status=Status.LEASED, taken_at__lt=bulk[0].taken_at)
    return Counter((mails.bulk_of_the_week(now) | taken_before).values_list("contact_id", flat=True))


def _composed(mails: Sequence[OutgoingMail]) -> Iterator[tuple[OutgoingMail, Future[Message]]]:
    """Each mail with its message, which is composed while the database and the mail server are busy with the one
    before. What goes wrong in it is raised where its result is asked for."""
    with ThreadPoolExecutor(1) as composer:
        waiting = deque((mail, composer.submit(_message, mail)) for mail in mails[:AHEAD])
        following = iter(mails[AHEAD:])
        try:
            while waiting:
                yield waiting.popleft()
                if (mail := next(following, None)) is not None:
                    waiting.append((mail, composer.submit(_message, mail)))
        finally:
            composer.shutdown(cancel_futures=True)


def _message(mail: OutgoingMail) -> Message:
    message = Message(
        mail.subject,
        mail.text,
        settings.BOUNCE_ADDRESS or mail.sender,
        [mail.contact.address],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=mail.headers | ({"From": mail.sender} if settings.BOUNCE_ADDRESS else {}),
    )
    message.metadata = {"mail": str(mail.pk)}  # type: ignore[attr-defined]  # comes back with a provider's events
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if settings.MAIL_PROVIDER is None:  # a provider's interface takes text and HTML as they are
        with suppress(Exception):  # raised again, and recorded, where the message is asked for its content
            _ = message.content
    return message


def _mark_sent(mail: OutgoingMail) -> None:
    claiming.finish(mail, Status.SENT, sent_at=timezone.now(), error="")


def _record(mail: OutgoingMail, failed: Failure) -> None:
    """Growing pauses (1 minute to 2 hours) while the server refuses for now; whoever has no mailbox is noted."""
    now = timezone.now()
    if failed.outcome == Outcome.SERVER_AWAY:
        later = {"send_after": now + AWAY, "attempts": mail.attempts - 1, "taken_at": None}
        claiming.finish(mail, Status.QUEUED, error=failed.words, **later)
        return
    log.warning("mail not sent", extra={"mail": str(mail.pk), "kind": mail.kind, "outcome": failed.outcome.value})
    if failed.outcome == Outcome.LATER and mail.attempts < ATTEMPTS:
        pause = timedelta(minutes=min(2 ** (mail.attempts - 1), 120))
        claiming.finish(mail, Status.QUEUED, error=failed.words, send_after=now + pause)
        return
    is_unknown = failed.outcome == Outcome.UNKNOWN
    claiming.finish(mail, Status.UNKNOWN if is_unknown else Status.FAILED, error=failed.words)
    if failed.is_bounce:
        contacts.record_bounce(mail.contact, failed.words, now=now)


def sweep(*, now: datetime | None = None) -> bool:
    """Give back what a dead worker only held, show what it may have sent, and wake a worker where something is due."""
    now = now or timezone.now()
    claiming.give_back(OutgoingMail.objects.abandoned(now))
    outlived = OutgoingMail.objects.outlived(now)
    outlived.filter(is_secret=True).update(text="", html="")
    outlived.update(
        status=Status.UNKNOWN,
        error=_("The worker stopped while it was sending; nobody knows whether this mail left."),
    )
    is_due = OutgoingMail.objects.due(now).exists()
    if is_due:
        wake(SEND)
    return is_due
