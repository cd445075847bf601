from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.shared.storage import private_storage

KEPT_FOR = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(minutes=10)  # longer than a task may run (CELERY_TASK_TIME_LIMIT)
ATTEMPTS_AT_MOST = 3


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def to_make(self, now: datetime) -> Self:
        """Those that no worker has in hand: a worker that was not heard of for so long is dead."""
        is_free = models.Q(begun_at=None) | models.Q(begun_at__lt=now - GIVEN_UP_AFTER)
        return self.filter(is_free, status=DataExport.Status.REQUESTED)

    def over(self, now: datetime) -> Self:
        return self.filter(status=DataExport.Status.READY, ready_at__lt=now - KEPT_FOR)


class DataExport(models.Model):
    """Somebody asked for a copy of everything held on them. The row is the truth of how far it is."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("being made")
        READY = "ready", _("ready")
        GONE = "gone", _("deleted again")
        FAILED = "failed", _("could not be made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports", verbose_name=_("account")
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.REQUESTED)
    file = models.FileField(_("file"), storage=private_storage, upload_to="exports/", max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    parts_done = models.PositiveSmallIntegerField(_("parts that are done"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now)
    begun_at = models.DateTimeField(_("taken by a worker"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready since"), null=True, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of somebody’s data")
        verbose_name_plural = _("copies of people’s data")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status="requested"),
                name="dataexport_one_at_a_time",
                violation_error_message=_("Your copy is being made already."),
            ),
            models.CheckConstraint(
                name="dataexport_ready_has_file_and_moment",
                condition=~models.Q(status="ready") | ~models.Q(file="") & models.Q(ready_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.requested_at:%Y-%m-%d}"

    @property
    def is_being_made(self) -> bool:
        return self.status == self.Status.REQUESTED

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    @property
    def has_failed(self) -> bool:
        return self.status == self.Status.FAILED

    @property
    def ends_at(self) -> datetime | None:
        """When the file is deleted again."""
        return self.ready_at + KEPT_FOR if self.ready_at else None

    @property
    def file_name(self) -> str:
        """ "my-data-2026-11-23.zip", as it is saved on the person's own disk."""
        return f"my-data-{self.requested_at:%Y-%m-%d}.zip"
