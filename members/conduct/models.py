"""What members report of the requests they got, and who may not write any more."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.letters.models import KEPT_FOR, Letter
from portal.users.models import User

REASON_AT_MOST = 1000


class LetterReport(models.Model):
    """A member reports a request. Coordinators read it and decide; until then its writer can write to nobody."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("waits to be looked at")
        DISMISSED = "dismissed", _("nothing wrong with it")
        WARNED = "warned", _("writer warned")
        BANNED = "banned", _("writer may not write any more")

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="report", verbose_name=_("request"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decided_letter_reports",
        verbose_name=_("decided by"),
    )
    reason = models.TextField(_("what is wrong with it"), max_length=REASON_AT_MOST)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.SUBMITTED)
    words = models.TextField(_("said to the writer"), max_length=REASON_AT_MOST, blank=True)
    submitted_at = models.DateTimeField(_("reported"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("reported request")
        verbose_name_plural = _("reported requests")
        ordering = ["-submitted_at"]
        indexes = [
            # the desk's queue
            models.Index(fields=["status", "submitted_at"], name="letterreport_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letterreport_decided_has_moment",
                condition=models.Q(status="submitted", decided_at__isnull=True)
                | ~models.Q(status="submitted") & models.Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.letter.writer_name

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.SUBMITTED


class WritingBanQuerySet(models.QuerySet["WritingBan"]):
    def in_force(self, now: datetime | None = None) -> Self:
        return self.filter(lifted_at=None).exclude(pk__in=self.over(now or timezone.now()).values("pk"))

    def over(self, now: datetime) -> Self:
        """Holds that nobody can decide on any more."""
        return self.filter(is_hold=True, begun_at__lte=now - KEPT_FOR)

    def lasting(self) -> Self:
        """What coordinators decided."""
        return self.filter(is_hold=False)

    def holds(self) -> Self:
        """What waits for them."""
        return self.filter(is_hold=True)

    def on(self, user: User | None, fingerprint: str) -> Self:
        """Those on an account, whatever its address is now, and on an address, whoever uses it."""
        return self.in_force().filter(models.Q(user=user, user__isnull=False) | models.Q(fingerprint=fingerprint))


class WritingBan(models.Model):
    """Somebody may not write to members any more, until it is lifted.

    It holds the address as a keyed hash alone, and so outlives the account and whoever comes again with that address.
    Whoever deletes their account while a report of them waits leaves a hold: nobody can decide on words that are gone,
    so it ends by itself when the words would have been erased, or when a coordinator lifts it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="writing_bans",
        verbose_name=_("account"),
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="begun_writing_bans",
        verbose_name=_("begun by"),
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lifted_writing_bans",
        verbose_name=_("lifted by"),
    )
    fingerprint = models.CharField(max_length=64, editable=False)
    is_hold = models.BooleanField(_("reported, and left before it was decided"), default=False, editable=False)
    name = models.CharField(_("name"), max_length=150, blank=True)
    reason = models.TextField(_("reason"), max_length=REASON_AT_MOST, blank=True)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = WritingBanQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of writing")
        verbose_name_plural = _("ends of writing")
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=models.Q(lifted_at__isnull=True), name="writingban_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Somebody who has deleted their account"))

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None and not (self.is_hold and self.begun_at <= timezone.now() - KEPT_FOR)
