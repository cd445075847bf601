from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.group.models import Country


class MembershipApplicationQuerySet(models.QuerySet["MembershipApplication"]):
    def waiting(self) -> Self:
        return self.filter(status=MembershipApplication.Status.SUBMITTED)


class MembershipApplication(models.Model):
    """A person asks to become a member; a coordinator decides."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("waiting for a decision")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="applications", verbose_name=_("country")
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
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.SUBMITTED)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    submitted_at = models.DateTimeField(_("handed in"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = MembershipApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to join")
        verbose_name_plural = _("applications to join")
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status="submitted"),
                name="membershipapplication_one_waiting",
                violation_error_message=_("Your application is already with the coordinators."),
            ),
            models.CheckConstraint(
                name="membershipapplication_decided_has_moment",
                condition=models.Q(status="submitted", decided_at__isnull=True)
                | ~models.Q(status="submitted") & models.Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.SUBMITTED
