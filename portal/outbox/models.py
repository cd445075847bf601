from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.contacts.models import Contact

STUCK_AFTER = timedelta(minutes=10)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> Self:
        return self.filter(status=OutgoingMail.Status.QUEUED, send_after__lte=now)

    def stuck(self, now: datetime) -> Self:
        """A worker took these and was never heard of again; whether they left is unknown."""
        return self.filter(status=OutgoingMail.Status.SENDING, taken_at__lt=now - STUCK_AFTER)

    def failed(self) -> Self:
        return self.filter(status=OutgoingMail.Status.FAILED)


class OutgoingMail(models.Model):
    """A mail that is to leave, is leaving or has left. The row is the truth; the broker only wakes a worker."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="mails", verbose_name=_("to"))
    kind = models.CharField(_("kind"), max_length=40)
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
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what the mail server said"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    send_after = models.DateTimeField(_("not before"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken by a worker"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at"]
        indexes = [
            # the sweep: due()
            models.Index(fields=["send_after"], name="outgoingmail_due", condition=models.Q(status="queued")),
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
                name="outgoingmail_sending_was_taken",
                condition=~models.Q(status="sending") | models.Q(taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def can_be_sent_again(self) -> bool:
        return self.status == self.Status.FAILED and bool(self.text or self.html)

    @property
    def message_id(self) -> str:
        """Stable over attempts (RFC 5322, 3.6.4), so that a receiver can see a second copy for what it is."""
        domain = self.sender.rpartition("@")[2].rstrip(">") or "localhost"
        return f"<{self.id}@{domain}>"
