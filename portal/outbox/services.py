"""Mails are rows, written in the same transaction as their cause; `sending` takes them from there."""

import time
from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
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

SEND = "portal.outbox.tasks.send"
Status, Lane = OutgoingMail.Status, OutgoingMail.Lane
AT_HAND: dict[str, object] = {"lease": None, "leased_until": None, "taken_at": None}  # of a mail no worker has
TURNS, MOMENT = 200, 0.02  # how often, and after how many seconds, rows that a worker has in hand are looked at again


class OutboxError(Refusal):
    """A mail cannot be treated so; the message is safe to show."""


def write(user: User, template: str, context: dict[str, object], *, kind: str) -> OutgoingMail:
    """Queue a mail to a person, in that person's language, from `<template>.txt` and `<template>.html`.

    The text template's first line is the subject; an empty line follows.
    """
    contact = Contact.objects.of(user.email, user=user)
    mail = compose(contact, template, {"person": user, **context}, kind=kind, language=user.language)
    return queue(mail)


def compose(
    contact: Contact, template: str, context: dict[str, object], *, kind: str, language: str, lane: int = Lane.PERSONAL
) -> OutgoingMail:
    """A mail from its templates, not yet stored."""
    group = SpecialtyGroup.objects.current()
    with override(language):
        context = {"group": group, "base_url": settings.BASE_URL, "contact": contact, **context}
        subject, _blank, text = render_to_string(f"{template}.txt", context).strip().partition("\n")
        html = render_to_string(f"{template}.html", {**context, "subject": subject})
    return _mail(
        contact,
        kind=kind,
        lane=lane,
        subject=subject,
        text=text.strip() + "\n",
        html=html,
        sender=group.sender,
        reply_to=group.reply_to,
    )


def queue_message(message: EmailMessage, *, kind: str) -> OutgoingMail:
    """Queue a message of the account lane that a library made, to its one recipient; its body may hold a token."""
    (address,) = message.to
    html = next((str(body) for body, kind_ in getattr(message, "alternatives", []) if kind_ == "text/html"), "")
    contact = Contact.objects.of(address, user=User.objects.filter(email__iexact=address).first())
    return queue(
        _mail(
            contact,
            kind=kind,
            lane=Lane.ACCOUNT,
            subject=str(message.subject),
            text=str(message.body),
            html=html,
            sender=message.from_email,
            is_secret=True,
        )
    )


def _mail(contact: Contact, *, subject: str, **fields: object) -> OutgoingMail:
    one_line = " ".join(subject.splitlines()).strip()[:250]
    return OutgoingMail(contact=contact, domain=contact.domain, subject=one_line, **fields)


def queue(mail: OutgoingMail) -> OutgoingMail:
    mail.save(force_insert=True)
    wake(SEND)
    return mail


def queue_many(mails: Iterable[OutgoingMail]) -> int:
    """Queue many at once and wake a worker once. Returns how many."""
    number = OutgoingMail.objects.all().copy_in(mails)
    if number:
        wake(SEND)
    return number


@transaction.atomic
def send_again(mail: OutgoingMail) -> OutgoingMail:
    """Queue a failed or unknown mail once more, because a coordinator said so."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not mail.can_be_sent_again:
        raise OutboxError(_("Only a failed or unknown mail whose text is still here can be sent again."))
    return _queue_anew(mail)


@transaction.atomic
def take_as_sent(mail: OutgoingMail, *, now: datetime | None = None) -> OutgoingMail:
    """A coordinator found out that a mail of which nobody knew has arrived."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not mail.is_unknown:
        raise OutboxError(_("It is known what became of this mail."))
    mail.status, mail.sent_at, mail.error = Status.SENT, now or timezone.now(), ""
    mail.save(update_fields=["status", "sent_at", "error"])
    return mail


def hold(mails: QuerySet[OutgoingMail]) -> int:
    """Keep back what waits, also what a worker holds and has not begun. Returns how many that were."""
    return _change(mails, OutgoingMail.WAITING, status=Status.HELD, **AT_HAND)


def drop(mails: QuerySet[OutgoingMail], why: str) -> int:
    """These are not to be sent after all. What a worker has begun to send is not among them. Returns how many."""
    return _change(
        mails,
        [*OutgoingMail.WAITING, Status.HELD],
        status=Status.SUPPRESSED,
        error=why,
        is_held_by_hand=False,
        **AT_HAND,
    )


def let_go(mails: QuerySet[OutgoingMail]) -> int:
    """Queue again what was held back together; what a coordinator holds back by itself stays."""
    freed = _change(mails.filter(is_held_by_hand=False), [Status.HELD], status=Status.QUEUED)
    if freed:
        wake(SEND)
    return freed


def _change(mails: QuerySet[OutgoingMail], states: Collection[str], **values: object) -> int:
    """Change those in one of these states, asked of the very row that is locked and changed. Returns how many.

    Rows that a worker has in hand are not waited for, since it may wait for one of ours: they are looked at again a
    moment later, when the worker has committed what it does with them.
    """
    number, found = 0, OutgoingMail.objects.filter(pk__in=mails.order_by().values("pk"), status__in=states).order_by()
    for _turn in range(TURNS):
        with transaction.atomic():
            free = found.select_for_update(skip_locked=True).values("pk")
            number += OutgoingMail.objects.filter(pk__in=free).update(**values)
        if not found.exists():
            break
        time.sleep(MOMENT)
    return number


@transaction.atomic
def hold_one(mail: OutgoingMail) -> None:
    """A coordinator keeps this one back, until a coordinator lets it go."""
    if not _change(
        OutgoingMail.objects.filter(pk=mail.pk),
        OutgoingMail.WAITING,
        status=Status.HELD,
        is_held_by_hand=True,
        **AT_HAND,
    ):
        raise OutboxError(_("This mail does not wait any more."))


@transaction.atomic
def let_one_go(mail: OutgoingMail) -> None:
    """Queue it again, whoever held it back."""
    one = OutgoingMail.objects.filter(pk=mail.pk)
    if not _change(one, [Status.HELD], status=Status.QUEUED, is_held_by_hand=False):
        raise OutboxError(_("This mail is not held back."))
    wake(SEND)


def _queue_anew(mail: OutgoingMail) -> OutgoingMail:
    mail.status, mail.attempts, mail.send_after, mail.error = Status.QUEUED, 0, timezone.now(), ""
    mail.lease = mail.leased_until = mail.taken_at = None
    mail.save(update_fields=["status", "attempts", "send_after", "error", "lease", "leased_until", "taken_at"])
    wake(SEND)
    return mail
