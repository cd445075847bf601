from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.contacts.models import Contact

UNKNOWN_AFTER = timedelta(minutes=5)  # longer than any talk with a mail server may take (EMAIL_TIMEOUT a step)
WEEK = timedelta(days=7)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> Self:
        return self.filter(status=OutgoingMail.Status.QUEUED, send_after__lte=now)

    def abandoned(self, now: datetime) -> Self:
        """Leased by a worker that died before it spoke to a mail server: these did not leave."""
        return self.filter(status=OutgoingMail.Status.LEASED, leased_until__lt=now)

    def outlived(self, now: datetime) -> Self:
        """Handed to a mail server by a worker that was never heard of again: nobody knows whether they left."""
        return self.filter(status=OutgoingMail.Status.SENDING, taken_at__lt=now - UNKNOWN_AFTER)

    def copy_in(self, mails: Iterable[OutgoingMail]) -> int:
        """Store many at once by COPY, which takes half the time of an INSERT of long texts. Returns how many."""
        rows, fields = list(mails), self.model._meta.concrete_fields
        columns = ", ".join(str(field.column) for field in fields)
        copying = f"COPY {self.model._meta.db_table} ({columns}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copying) as copy:
            for mail in rows:
                copy.write_row([field.get_db_prep_save(getattr(mail, field.attname), connection) for field in fields])
        return len(rows)

    def failed(self) -> Self:
        return self.filter(status=OutgoingMail.Status.FAILED)

    def refused_for_now(self, since: datetime) -> Self:
        """Written before that moment and not taken by the server yet, with its words."""
        return self.filter(status=OutgoingMail.Status.QUEUED, created_at__lt=since).exclude(error="")

    def unknown(self) -> Self:
        return self.filter(status=OutgoingMail.Status.UNKNOWN)

    def bulk_of_the_week(self, now: datetime) -> Self:
        """What counts for the weekly cap: bulk mails that left, or may have left, in the last seven days."""
        gone = [OutgoingMail.Status.SENDING, OutgoingMail.Status.SENT, OutgoingMail.Status.UNKNOWN]
        return self.filter(lane=OutgoingMail.Lane.BULK, status__in=gone, taken_at__gt=now - WEEK)


class OutgoingMail(models.Model):
    """A mail that is to leave, is leaving or has left. The row is the truth; the broker only wakes a worker."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        HELD = "held", _("held back")
        LEASED = "leased", _("with a worker")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SUPPRESSED = "suppressed", _("not sent")
        UNKNOWN = "unknown", _("nobody knows")

    WAITING = (Status.QUEUED, Status.LEASED)  # no mail server has heard of it
    ON_ITS_WAY = (*WAITING, Status.SENDING)
    YET_TO_LEAVE = (*ON_ITS_WAY, Status.HELD)

    class Lane(models.IntegerChoices):
        """In this order: twenty thousand mails of a later lane never delay one of an earlier."""

        ACCOUNT = 1, _("account")
        PERSONAL = 2, _("personal")
        BULK = 3, _("to many")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="mails", verbose_name=_("to"))
    kind = models.CharField(_("kind"), max_length=40)
    lane = models.PositiveSmallIntegerField(_("lane"), choices=Lane, default=Lane.PERSONAL)
    domain = models.CharField(_("mail domain"), max_length=255, editable=False)
    subject = models.CharField(_("subject"), max_length=250)
    sender = models.CharField(_("from"), max_length=400)
    reply_to = models.CharField(_("replies to"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text as HTML"), blank=True)
    is_secret = models.BooleanField(
        _("holds a secret"),
        default=False,
        help_text=_("The body is never shown and is erased once it was sent."),
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.QUEUED)
    is_held_by_hand = models.BooleanField(_("held back by a coordinator"), default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("why it did not leave"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    send_after = models.DateTimeField(_("not before"), default=timezone.now)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    taken_at = models.DateTimeField(_("taken by a worker"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at"]
        indexes = [
            # claiming: due() in the order of lanes
            models.Index(fields=["lane", "send_after"], name="outgoingmail_due", condition=models.Q(status="queued")),
            # claiming: how many were taken in the last minute, by domain
            models.Index(fields=["taken_at", "domain"], name="outgoingmail_taken"),
            # a lease's mails, and the sweep: abandoned() and outlived()
            models.Index(
                fields=["lease"], name="outgoingmail_with_worker", condition=models.Q(status__in=["leased", "sending"])
            ),
            # the weekly cap: bulk_of_the_week()
            models.Index(fields=["contact", "taken_at"], name="outgoingmail_cap", condition=models.Q(lane=3)),
            # the admin's list, newest first
            models.Index(fields=["-created_at"], name="outgoingmail_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="outgoingmail_sent_has_moment",
                condition=models.Q(status="sent", sent_at__isnull=False)
                | ~models.Q(status="sent") & models.Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="outgoingmail_by_hand_is_held",
                condition=models.Q(is_held_by_hand=False) | models.Q(status="held"),
            ),
            models.CheckConstraint(
                name="outgoingmail_taken_has_lease",
                condition=~models.Q(status__in=["leased", "sending"])
                | models.Q(taken_at__isnull=False, lease__isnull=False, leased_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def can_be_sent_again(self) -> bool:
        return self.status in {self.Status.FAILED, self.Status.UNKNOWN} and bool(self.text or self.html)

    @property
    def is_unknown(self) -> bool:
        return self.status == self.Status.UNKNOWN

    @property
    def can_be_held(self) -> bool:
        return self.status == self.Status.QUEUED

    @property
    def is_held(self) -> bool:
        return self.status == self.Status.HELD

    @property
    def is_bulk(self) -> bool:
        return self.lane == self.Lane.BULK

    @property
    def message_id(self) -> str:
        """Stable over attempts (RFC 5322, 3.6.4), so that a receiver can see a second copy for what it is."""
        return f"<{self.id}@{self.sender_domain}>"

    @property
    def sender_domain(self) -> str:
        return self.sender.rpartition("@")[2].rstrip(">") or "localhost"

    @property
    def headers(self) -> dict[str, str]:
        """What mail programs and servers read: RFC 3834 for all; RFC 2919, 2369 and 8058 for mails to many."""
        headers = {"Message-ID": self.message_id, "Auto-Submitted": "auto-generated"}
        if self.is_bulk:
            address = f"{settings.BASE_URL}{self.contact.personal_path}?{urlencode({'kind': self.kind})}"
            headers |= {
                "List-Id": f"<{self.kind}.{self.sender_domain}>",
                "List-Unsubscribe": f"<{address}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Precedence": "bulk",
            }
        return headers
