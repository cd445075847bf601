"""Mails are rows, written in the same transaction as their cause, and sent by workers."""

import logging
import smtplib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.contacts.models import Contact
from portal.group.models import SpecialtyGroup
from portal.outbox.models import OutgoingMail
from portal.refusal import Refusal
from portal.users.models import User
from portal.wake import wake

log = logging.getLogger(__name__)
ATTEMPTS = 8
Status = OutgoingMail.Status


class OutboxError(Refusal):
    """A mail cannot be treated so; the message is safe to show."""


def write(user: User, template: str, context: dict[str, object], *, kind: str) -> OutgoingMail:
    """Queue a mail to a person, in that person's language, from `<template>.txt` and `<template>.html`.

    The text template's first line is the subject; an empty line follows.
    """
    group = SpecialtyGroup.objects.current()
    with override(user.language):
        context = {"person": user, "group": group, "base_url": settings.BASE_URL, **context}
        subject, _blank, text = render_to_string(f"{template}.txt", context).strip().partition("\n")
        html = render_to_string(f"{template}.html", {**context, "subject": subject})
    return _queue(
        Contact.objects.of(user.email, user=user),
        kind=kind,
        subject=subject,
        text=text.strip() + "\n",
        html=html,
        sender=group.sender,
        reply_to=group.reply_to,
    )


def queue_message(message: EmailMessage, *, kind: str, is_secret: bool = False) -> OutgoingMail:
    """Queue a message that a library made, to its one recipient."""
    (address,) = message.to
    html = next((str(body) for body, kind_ in getattr(message, "alternatives", []) if kind_ == "text/html"), "")
    return _queue(
        Contact.objects.of(address, user=User.objects.filter(email__iexact=address, contact=None).first()),
        kind=kind,
        subject=str(message.subject),
        text=str(message.body),
        html=html,
        sender=message.from_email,
        is_secret=is_secret,
    )


def _queue(contact: Contact, *, subject: str, **fields: object) -> OutgoingMail:
    mail = OutgoingMail.objects.create(contact=contact, subject=" ".join(subject.split())[:250], **fields)
    wake("portal.outbox.tasks.deliver", str(mail.pk))
    return mail


def deliver(pk: UUID, *, now: datetime | None = None) -> bool:
    """Send one queued mail that is due. False where another worker has it, or it is not due.

    The claim is committed before SMTP is spoken: a mail is handed to the server once, also when the worker dies.
    """
    now = now or timezone.now()
    claimed = (
        OutgoingMail.objects.due(now)
        .filter(pk=pk)
        .update(status=Status.SENDING, taken_at=now, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    mail = OutgoingMail.objects.select_related("contact").get(pk=pk)
    try:
        _message(mail).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: a header that no mail may have
        _give_back(mail, error, now=now)
        return False
    _mark_sent(mail)
    return True


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        mail.sender,
        [mail.contact.address],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},  # RFC 3834
        connection=get_connection(),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _mark_sent(mail: OutgoingMail) -> None:
    mail.status, mail.sent_at, mail.error = Status.SENT, timezone.now(), ""
    if mail.is_secret:
        mail.text = mail.html = ""
    mail.save(update_fields=["status", "sent_at", "error", "text", "html"])


def _give_back(mail: OutgoingMail, error: Exception, *, now: datetime) -> None:
    """Back to the queue with growing pauses (1 minute to 2 hours); failed when the server refused for good."""
    for_good = mail.attempts >= ATTEMPTS or _is_permanent(error)
    mail.status = Status.FAILED if for_good else Status.QUEUED
    mail.error = _words(error)[:500]
    mail.send_after = now + timedelta(minutes=min(2 ** (mail.attempts - 1), 120))
    if for_good and mail.is_secret:
        mail.text = mail.html = ""
    mail.save(update_fields=["status", "error", "send_after", "text", "html"])
    log.warning("mail not sent", extra={"mail": str(mail.pk), "kind": mail.kind, "error": type(error).__name__})


def _is_permanent(error: Exception) -> bool:
    """5xx replies are final, 4xx are not (RFC 5321, 4.2.1); a malformed header does not heal either."""
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {said.decode(errors='replace')}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return f"{type(error).__name__}: {error}"


def sweep(*, now: datetime | None = None, limit: int = 500) -> int:
    """Wake workers for what is due; show as failed what a dead worker left half-way. Returns how many were woken."""
    now = now or timezone.now()
    stuck = OutgoingMail.objects.stuck(now)
    stuck.filter(is_secret=True).update(text="", html="")
    stuck.update(
        status=Status.FAILED,
        error=_("The worker stopped while it was sending; nobody knows whether this mail left."),
    )
    waiting = list(OutgoingMail.objects.due(now).order_by("send_after").values_list("pk", flat=True)[:limit])
    for pk in waiting:
        wake("portal.outbox.tasks.deliver", str(pk))
    return len(waiting)


@transaction.atomic
def send_again(mail: OutgoingMail) -> OutgoingMail:
    """Queue a failed mail once more, because a coordinator said so."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not mail.can_be_sent_again:
        raise OutboxError(_("Only a failed mail whose text is still here can be sent again."))
    mail.status, mail.attempts, mail.send_after, mail.error = Status.QUEUED, 0, timezone.now(), ""
    mail.save(update_fields=["status", "attempts", "send_after", "error"])
    wake("portal.outbox.tasks.deliver", str(mail.pk))
    return mail
