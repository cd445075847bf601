"""Drives and their mails, as coordinators write them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.packages.models import Package

CIRCULAR, INVITATION = "circular", "invitation"  # kinds of mail: see portal.registry.MailKind


class DriveQuerySet(models.QuerySet["Drive"]):
    def scheduled(self) -> Self:
        return self.filter(status=Drive.Status.SCHEDULED)

    def running(self) -> Self:
        return self.filter(status=Drive.Status.RUNNING)

    def paused(self) -> Self:
        return self.filter(status=Drive.Status.PAUSED)

    def held(self) -> Self:
        return self.filter(status=Drive.Status.HELD)

    def open_to_colleagues(self) -> Self:
        """Those to which members may add people they know, the latest first."""
        states = [Drive.Status.DRAFT, Drive.Status.SCHEDULED, Drive.Status.HELD, Drive.Status.RUNNING]
        return self.filter(kind=Drive.Kind.RECRUITMENT, takes_colleagues=True, status__in=states)


class Drive(models.Model):
    """Mails to many, in steps: to prospects who may join (recruitment), or to members (a circular)."""

    class Kind(models.TextChoices):
        RECRUITMENT = "recruitment", _("recruitment: people who might join")
        CIRCULAR = "circular", _("circular: members")

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        SCHEDULED = "scheduled", _("waiting for its time")
        HELD = "held", _("held: its time has passed")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        DONE = "done", _("done")
        CANCELLED = "cancelled", pgettext_lazy("drive", "cancelled")

    package = models.ForeignKey(
        Package, on_delete=models.PROTECT, null=True, blank=True, related_name="drives", verbose_name=_("package")
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="started_drives",
        editable=False, verbose_name=_("started by"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=120, help_text=_("For coordinators; nobody else reads it."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RECRUITMENT)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    takes_colleagues = models.BooleanField(
        _("members may invite colleagues"),
        default=False,
        help_text=_("Only of recruitment: members find it on their page and add people they know."),
    )
    links = models.JSONField(_("links in its texts"), default=dict, editable=False)  # address: its fault, or ""
    links_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    starts_at = models.DateTimeField(_("not before"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = DriveQuerySet.as_manager()

    class Meta:
        verbose_name = _("drive")
        verbose_name_plural = _("drives")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="drive_scheduled_has_time",
                condition=~Q(status__in=["scheduled", "held"]) | Q(starts_at__isnull=False),
            ),
            models.CheckConstraint(
                name="drive_running_has_started",
                condition=~Q(status__in=["running", "paused", "done"]) | Q(started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="drive_over_has_ended",
                condition=Q(status__in=["done", "cancelled"], ended_at__isnull=False)
                | ~Q(status__in=["done", "cancelled"]) & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="drive_circular_has_no_prospects",
                condition=Q(kind="recruitment") | Q(takes_colleagues=False, package=None),
                violation_error_message=_("A circular has no package, and nobody is invited by it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_recruitment(self) -> bool:
        return self.kind == self.Kind.RECRUITMENT

    @property
    def mail_kind(self) -> str:
        """What people switch off on their preferences page."""
        return INVITATION if self.is_recruitment else CIRCULAR

    @property
    def is_open(self) -> bool:
        """Audience and texts can still be changed."""
        return self.status in {self.Status.DRAFT, self.Status.HELD}

    @property
    def can_be_cleared(self) -> bool:
        """There is somebody in its audience, which can still be changed."""
        return self.is_open and self.invitations.exists()

    @property
    def mails_can_change(self) -> bool:
        """Those that nobody was written yet: before it starts, or while it is paused."""
        return self.is_open or self.is_paused

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.SCHEDULED

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.RUNNING

    @property
    def is_paused(self) -> bool:
        return self.status == self.Status.PAUSED

    @property
    def has_begun(self) -> bool:
        return self.started_at is not None

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def can_be_cancelled(self) -> bool:
        return self.status in {self.Status.SCHEDULED, self.Status.HELD, self.Status.RUNNING, self.Status.PAUSED}

    @property
    def can_be_discarded(self) -> bool:
        """Nobody was written to."""
        return self.status == self.Status.DRAFT

    @property
    def dead_links(self) -> dict[str, str]:
        """Addresses in its texts that did not answer when they were looked at, and the fault of each (portal.fetch)."""
        return {url: fault for url, fault in self.links.items() if fault}


class Step(models.Model):
    """One mail of a drive: the first one, or a follow-up so many days later.

    Fields in braces, such as {name}, are filled in from a fixed list and never evaluated.
    """

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="steps", verbose_name=_("drive"))
    days = models.PositiveSmallIntegerField(
        _("days after the first mail"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_("0 is the first mail itself."),
    )
    subject_en = models.CharField(_("subject in English"), max_length=150)
    body_en = models.TextField(_("text in English"), max_length=10_000)
    subject_fr = models.CharField(_("subject in French"), max_length=150, blank=True)
    body_fr = models.TextField(_("text in French"), max_length=10_000, blank=True)
    subject_es = models.CharField(_("subject in Spanish"), max_length=150, blank=True)
    body_es = models.TextField(_("text in Spanish"), max_length=10_000, blank=True)

    class Meta:
        verbose_name = _("mail of the drive")
        verbose_name_plural = _("mails of the drive")
        ordering = ["days"]
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "days"],
                name="step_once_a_day",
                violation_error_message=_("Two mails of a drive cannot leave on the same day."),
            )
        ]

    def __str__(self) -> str:
        return self.subject_en

    @property
    def is_first(self) -> bool:
        return self.days == 0

    @property
    def is_locked(self) -> bool:
        """Whether somebody was written this mail: it stays as they read it."""
        return self.pk is not None and self.mails.exists()

    @property
    def can_be_changed(self) -> bool:
        return self.drive.mails_can_change and not self.is_locked

    @property
    def can_be_deleted(self) -> bool:
        return self.pk is not None and not self.is_first and self.can_be_changed

    @property
    def languages(self) -> list[str]:
        """Names of the languages that it is written in."""
        return [str(name) for code, name in settings.LANGUAGES if self.words(code)[0] == code]

    def words(self, language: str) -> tuple[str, str, str]:
        """Language, subject and text: those of this language where both are written, else the English ones."""
        subject, body = getattr(self, f"subject_{language}", ""), getattr(self, f"body_{language}", "")
        return (language, subject, body) if subject and body else ("en", self.subject_en, self.body_en)
