from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.group.names import Named, localised

FROZEN = _("This version is in force, so its words stay as they are. Write a new version.")


class Statement(Named):
    """Something the group agreed on in words, such as what it may expect of volunteers and they of it."""

    slug = models.SlugField(_("address word"), unique=True)
    is_for_joining = models.BooleanField(
        _("asked of whoever joins"),
        default=False,
        help_text=_("Whoever applies accepts the version in force. One statement at most can be asked."),
    )
    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["name_en"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_for_joining"],
                condition=models.Q(is_for_joining=True),
                name="statement_one_for_joining",
                violation_error_message=_(
                    "Another statement is asked of whoever joins. Take the tick off there first."
                ),
            ),
        ]

    def in_force(self, *, on: date | None = None) -> Version | None:
        """The version in force on a day: today, unless another is given."""
        return self.versions.in_force(on=on).first()


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self, *, on: date | None = None) -> Self:
        """The version of each statement whose day came last."""
        came = self.filter(in_force_from__lte=on or timezone.localdate())
        latest = came.order_by("statement_id", "-in_force_from", "-number").distinct("statement_id")
        return self.filter(pk__in=latest.values("pk"))

    def for_joining(self) -> Self:
        return self.filter(statement__is_for_joining=True).select_related("statement")


class Version(models.Model):
    """The words of a statement. From the day it is in force they stay as they are: the database refuses changes."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="versions", verbose_name=_("statement")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    text_en = models.TextField(_("text in English"), max_length=20000, help_text=_("An empty line parts paragraphs."))
    text_fr = models.TextField(_("text in French"), max_length=20000, blank=True)
    text_es = models.TextField(_("text in Spanish"), max_length=20000, blank=True)
    in_force_from = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_("Empty while it is written. From this day on nothing in it can be changed."),
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a statement")
        verbose_name_plural = _("versions of statements")
        ordering = ["statement", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "number"],
                name="version_number_once",
                violation_error_message=_("This statement already has a version with this number."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(statement)s, version %(number)s") % {"statement": self.statement.name, "number": self.number}

    def clean(self) -> None:
        stored = Version.objects.filter(pk=self.pk).first()
        if stored is not None and stored.has_begun:
            raise ValidationError(FROZEN)

    @property
    def text(self) -> str:
        return localised(self, "text")

    @property
    def has_begun(self) -> bool:
        """In force, or followed by one that is: people have accepted these words."""
        return self.in_force_from is not None and self.in_force_from <= timezone.localdate()


class Acceptance(models.Model):
    """A person said yes to a version of a statement."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptances", verbose_name=_("account")
    )
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="acceptances", verbose_name=_("version")
    )
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        ordering = ["-accepted_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "version"], name="acceptance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.version}"
