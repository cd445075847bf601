"""What came back: from the bounce mailbox (IMAP) and from a provider's webhooks."""

import imaplib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

from anymail.signals import EventType
from django.db import transaction
from django.utils import timezone

from portal.contacts import services as contacts
from portal.outbox import reports
from portal.outbox.models import OutgoingMail
from portal.outbox.reports import Kind, Report

log = logging.getLogger(__name__)
AT_ONCE = 200  # messages of one visit to the mailbox
LONGEST = 2 * 2**20  # bytes; a report is small, whatever it returns
PATIENCE = 20  # seconds
Status = OutgoingMail.Status


@transaction.atomic
def record(report: Report, *, now: datetime | None = None) -> bool:
    """Write down what a server says about a mail that we sent; twice does no more than once.

    False where we sent no such mail: nobody else's words change whom we write to.
    """
    now = now or timezone.now()
    left = OutgoingMail.objects.filter(pk=report.mail, status__in=[Status.SENT, Status.UNKNOWN])
    mail = left.select_for_update(of=("self",)).select_related("contact").first()
    if mail is None:
        return False
    if mail.status == Status.UNKNOWN:  # what came back has left
        mail.status, mail.sent_at = Status.SENT, now
    if report.kind == Kind.COMPLAINT:
        contacts.record_complaint(mail.contact)
    else:
        mail.bounced_at, mail.error = mail.bounced_at or now, report.words
        if mail.domain == mail.contact.domain:  # else the person has another address since
            contacts.record_bounce(mail.contact, report.words, now=now)
    mail.save(update_fields=["status", "sent_at", "bounced_at", "error"])
    return True


def read_mailbox(where: Mapping[str, Any]) -> int:
    """Read what is new in the bounce mailbox and mark it as seen. Returns how many reports were about our mails.

    `where` is as `portal.addresses.imap` gives it.
    Raises OSError or imaplib.IMAP4.error where the mailbox cannot be read.
    """
    found = 0
    with _mailbox(where) as box:
        for number in _unseen(box):
            message = message_from_bytes(_content(box, number), policy=policy.default)
            report = reports.read(message)
            found += bool(report and record(report))
            box.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)")
    log.info("bounce mailbox read", extra={"reports": found})
    return found


@contextmanager
def _mailbox(where: Mapping[str, Any]) -> Iterator[imaplib.IMAP4]:
    line = imaplib.IMAP4_SSL if where["ssl"] else imaplib.IMAP4
    with line(where["host"], where["port"], timeout=PATIENCE) as box:
        if where["starttls"]:
            box.starttls()
        box.login(where["user"], where["password"])
        status, said = box.select(f'"{where["folder"]}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"the folder {where['folder']} cannot be opened: {said!r}")
        yield box


def _unseen(box: imaplib.IMAP4) -> list[str]:
    _status, found = box.uid("SEARCH", "UNSEEN", "SMALLER", str(LONGEST))
    return found[0].decode().split()[:AT_ONCE] if found and found[0] else []


def _content(box: imaplib.IMAP4, number: str) -> bytes:
    _status, found = box.uid("FETCH", number, "(BODY.PEEK[])")
    return next((one[1] for one in found if isinstance(one, tuple)), b"")


def take_event(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Anymail's tracking signal: a provider says what became of a mail, which it names as we asked it to."""
    kinds = {EventType.BOUNCED: Kind.BOUNCE, EventType.COMPLAINED: Kind.COMPLAINT}
    mail, kind = (event.metadata or {}).get("mail", ""), kinds.get(event.event_type)
    if kind is None or (kind == Kind.BOUNCE and event.reject_reason not in {"bounced", "invalid"}):
        return
    try:
        number = UUID(str(mail))
    except ValueError:
        log.warning("event without a mail of ours", extra={"provider": esp_name, "kind": kind.value})
        return
    words = event.mta_response or event.description or event.event_type
    record(Report(kind, number, " ".join(words.split())[:500]))
