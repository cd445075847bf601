from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.recruitment.models import Drive
from portal.contacts.models import Contact
from portal.shared.storage import private_storage

KEPT_FOR = timedelta(days=30)  # strangers' addresses that nothing came of


class ProspectListQuerySet(models.QuerySet["ProspectList"]):
    def running(self) -> Self:
        return self.filter(status__in=["checking", "adding"])

    def to_erase(self, now: datetime) -> Self:
        """Lists that nobody has added from for so long."""
        return self.filter(uploaded_at__lt=now - KEPT_FOR).exclude(status__in=["checking", "adding", "added"])


class ProspectList(models.Model):
    """A list of people for the audience of a drive, as somebody brought it: checked by row, then added on request."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for its columns")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked, nobody is added yet")
        ADDING = "adding", _("being added")
        ADDED = "added", _("added")
        FAILED = "failed", _("could not be read")

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="lists", verbose_name=_("drive"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="prospect_lists",
        verbose_name=_("brought by"),
    )  # fmt: skip
    file = models.FileField(_("list"), storage=private_storage, upload_to="prospects/", max_length=200, blank=True)
    name = models.CharField(_("list"), max_length=150)
    source = models.CharField(_("where the addresses come from"), max_length=200)
    basis = models.CharField(
        _("why we may write to them"),
        max_length=10,
        choices=[(one.value, one.label) for one in (Contact.Basis.CONSENT, Contact.Basis.INTEREST)],
    )
    language = models.CharField(_("language"), default="en", max_length=5, choices=settings.LANGUAGES)
    is_pasted = models.BooleanField(default=False, editable=False)
    places = models.JSONField(_("columns"), default=dict, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.CHECKING)
    error = models.CharField(_("what is wrong"), max_length=500, blank=True)
    good = models.PositiveIntegerField(_("good rows"), default=0)
    bad = models.PositiveIntegerField(_("rows with a problem"), default=0)
    problems = models.JSONField(_("problems"), default=list)  # of the first rows: number, what is wrong
    added = models.PositiveIntegerField(_("people added"), default=0)
    last_row = models.PositiveIntegerField(default=0, editable=False)  # whose people are in the audience
    uploaded_at = models.DateTimeField(_("brought"), default=timezone.now)
    added_at = models.DateTimeField(_("added on"), null=True, blank=True)

    objects = ProspectListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of prospects")
        verbose_name_plural = _("lists of prospects")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="prospectlist_added_has_moment",
                condition=Q(status="added", added_at__isnull=False) | ~Q(status="added") & Q(added_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.status in {self.Status.CHECKING, self.Status.ADDING}

    @property
    def is_checked(self) -> bool:
        return self.status == self.Status.CHECKED

    @property
    def can_be_mapped(self) -> bool:
        return self.status in {self.Status.UPLOADED, self.Status.CHECKED} and not self.is_pasted

    @property
    def can_be_added(self) -> bool:
        return self.is_checked and self.good > 0

    @property
    def can_be_discarded(self) -> bool:
        return self.status in {self.Status.UPLOADED, self.Status.CHECKED, self.Status.FAILED}
