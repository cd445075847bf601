from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.directory.models import LINK_LENGTH, LINKS_AT_MOST
from portal.group.models import Country, Topic

OPEN = ("submitted", "asked")
LATE_AFTER = timedelta(days=3)
WORDS_AT_MOST = 1000  # of a coordinator to an applicant


class MembershipApplicationQuerySet(models.QuerySet["MembershipApplication"]):
    def waiting(self) -> Self:
        """Those that wait for a coordinator."""
        return self.filter(status=MembershipApplication.Status.SUBMITTED)

    def open(self) -> Self:
        """Those not decided yet, whoever they wait for."""
        return self.filter(status__in=OPEN)


class MembershipApplication(models.Model):
    """A person asks to become a member; a coordinator decides, or asks for more first."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("waiting for a decision")
        ASKED = "asked", _("asked for more")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        SETTLED = "settled", _("settled by merging accounts")

    class HeardOf(models.TextChoices):
        MEMBER = "member", _("from a member")
        COLLEAGUE = "colleague", _("from a colleague or friend")
        EVENT = "event", _("at an event")
        MAIL = "mail", _("by a mail")
        SOCIAL = "social", _("on social media")
        WEB = "web", _("on the web")
        OTHER = "other", _("in another way")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="applications", verbose_name=_("country")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="applications", verbose_name=_("topics"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="asked_applications",
        verbose_name=_("asked by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decided_applications",
        verbose_name=_("decided by"),
    )
    motivation = models.TextField(
        _("why you want to join"),
        max_length=2000,
        help_text=_("A few sentences: what you do, what you would like to learn, what you could give."),
    )
    links = ArrayField(
        models.URLField(max_length=LINK_LENGTH), verbose_name=_("links"), size=LINKS_AT_MOST, default=list, blank=True
    )
    heard_of = models.CharField(_("how they heard of us"), max_length=10, choices=HeardOf, blank=True)
    heard_of_words = models.CharField(_("in their own words"), max_length=200, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.SUBMITTED)
    question = models.TextField(_("question"), max_length=WORDS_AT_MOST, blank=True)
    reason = models.TextField(_("reason"), max_length=WORDS_AT_MOST, blank=True)
    submitted_at = models.DateTimeField(_("handed in"), default=timezone.now)
    asked_at = models.DateTimeField(_("asked for more on"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = MembershipApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to join")
        verbose_name_plural = _("applications to join")
        ordering = ["-submitted_at"]
        indexes = [
            # who else gave this address: members.joining.likeness
            GinIndex(fields=["links"], name="membershipapplication_links"),
            # the desk's queue
            models.Index(fields=["status", "submitted_at"], name="membershipapplication_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status__in=OPEN),
                name="membershipapplication_one_open",
                violation_error_message=_("Your application is already with the coordinators."),
            ),
            models.CheckConstraint(
                name="membershipapplication_decided_has_moment",
                condition=models.Q(status__in=OPEN, decided_at__isnull=True)
                | ~models.Q(status__in=OPEN) & models.Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="membershipapplication_asked_has_question",
                condition=models.Q(asked_at__isnull=True, question="") & ~models.Q(status="asked")
                | models.Q(asked_at__isnull=False) & ~models.Q(question=""),
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.SUBMITTED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_asked(self) -> bool:
        return self.status == self.Status.ASKED

    @property
    def waits_since(self) -> datetime | None:
        """Since when somebody has to act: a coordinator, or the applicant who was asked."""
        if self.is_asked:
            return self.asked_at
        return self.submitted_at if self.is_waiting else None
