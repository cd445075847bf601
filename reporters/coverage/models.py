from __future__ import annotations

import uuid
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.calendar.models import Event
from portal.registry import Viewer
from portal.shared.storage import private_storage

REFERENCE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
PHOTOS_AT_MOST = 10


def make_reference() -> str:
    """Ten signs (49 bits) that nobody guesses and everybody can read aloud."""
    return get_random_string(10, REFERENCE_SIGNS)


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def approved(self) -> Self:
        return self.filter(status=Coverage.Status.APPROVED)

    def waiting(self) -> Self:
        return self.filter(status=Coverage.Status.SUBMITTED)

    def drafts_of(self, viewer: Viewer) -> Self:
        return self.filter(status=Coverage.Status.DRAFT, author_id=viewer.pk)

    def visible_to(self, viewer: Viewer) -> Self:
        """Approved ones for everybody; all of their own for authors; what was handed in for moderators."""
        if not viewer.is_authenticated:
            return self.approved()
        own = models.Q(author_id=viewer.pk)
        if viewer.has_perm("reporters.view_coverage"):  # type: ignore[attr-defined]
            return self.filter(own | ~models.Q(status=Coverage.Status.DRAFT))
        return self.filter(own | models.Q(status=Coverage.Status.APPROVED))

    def on_wall(self) -> Self:
        return self.approved().filter(is_for_wall=True)

    def newest(self) -> Self:
        return self.order_by("-decided_at", "-pk")

    def for_list(self) -> Self:
        """What a list of coverage shows, in a fixed number of queries."""
        return self.select_related("event", "author").prefetch_related("photos")


class Coverage(models.Model):
    """The evidence record: one piece of work about an event, entered or found once, used everywhere."""

    class Origin(models.TextChoices):
        FORM = "form", _("form")
        HARVEST = "harvest", _("found through its tag")
        MAIL = "mail", _("mail")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("handed in")
        APPROVED = "approved", _("published")
        DECLINED = "declined", _("not published")

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coverage",
        verbose_name=_("event"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="coverage",
        verbose_name=_("author"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decided_coverage",
        verbose_name=_("decided by"),
    )
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=make_reference, editable=False)
    client_key = models.UUIDField(default=uuid.uuid4, editable=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.FORM)
    headline = models.CharField(_("headline"), max_length=150, blank=True)
    body = models.TextField(_("what happened, and what did people learn?"), max_length=20000, blank=True)
    link = models.URLField(_("where it can be read"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    is_for_wall = models.BooleanField(_("also on the wall"), default=True)
    byline = models.CharField(
        _("name of an author who has left"), max_length=150, blank=True, editable=False
    )  # who deleted their account and wished it; without it they are a former member
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    history = HistoricalRecords(related_name="past")

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        ordering = ["-created_at"]
        indexes = [
            # newest() of approved(), on the list, the wall and in panels
            models.Index(fields=["-decided_at"], name="coverage_newest", condition=models.Q(status="approved")),
            # the desk's queue
            models.Index(fields=["submitted_at"], name="coverage_waiting", condition=models.Q(status="submitted")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_key"], name="coverage_once_a_form"),
            models.CheckConstraint(
                name="coverage_is_whole_unless_draft",
                condition=models.Q(status="draft") | models.Q(event__isnull=False) & ~models.Q(headline=""),
                violation_error_message=_("Coverage needs an event and a headline before it is handed in."),
            ),
            models.CheckConstraint(
                name="coverage_submitted_has_moment",
                condition=models.Q(status="draft", submitted_at__isnull=True)
                | ~models.Q(status="draft") & models.Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="coverage_decided_has_moment",
                condition=models.Q(status__in=["approved", "declined"], decided_at__isnull=False)
                | models.Q(status__in=["draft", "submitted"], decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.headline or Truncator(self.body).chars(60) or str(_("Coverage without a headline yet"))

    def get_absolute_url(self) -> str:
        return reverse("reporters:coverage_detail", args=[self.reference])

    @property
    def author_name(self) -> str:
        return self.author.name if self.author else self.byline or str(_("A former member"))

    @property
    def missing(self) -> list[str]:
        """The fields that must be filled before it can be handed in."""
        return [name for name in ("event", "headline", "body") if not getattr(self, name)]

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def can_be_handed_in(self) -> bool:
        return self.is_draft

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.SUBMITTED

    @property
    def can_be_withdrawn(self) -> bool:
        return self.status in {self.Status.SUBMITTED, self.Status.DECLINED}

    @property
    def can_be_approved(self) -> bool:
        return self.status in {self.Status.SUBMITTED, self.Status.DECLINED}

    @property
    def can_be_declined(self) -> bool:
        return self.status in {self.Status.SUBMITTED, self.Status.APPROVED}

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def minutes(self) -> int:
        """Reading time at 220 words a minute, at least one."""
        return max(1, round(len(self.body.split()) / 220))


class Photo(models.Model):
    """A picture of a piece of coverage: kept in private, with public copies only while the coverage is published."""

    coverage = models.ForeignKey(Coverage, on_delete=models.CASCADE, related_name="photos", verbose_name=_("coverage"))
    original = models.ImageField(_("picture"), upload_to="coverage/", storage=private_storage)
    large = models.ImageField(_("public copy"), upload_to="coverage/", blank=True, editable=False)
    small = models.ImageField(_("small public copy"), upload_to="coverage/", blank=True, editable=False)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    alt = models.CharField(_("what the picture shows"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=1)

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt or str(_("A photograph without a description yet"))

    @property
    def private_url(self) -> str:
        """For the author and the moderators, before the coverage is published."""
        return reverse("reporters:coverage_photo", args=[self.coverage.reference, self.pk])

    @property
    def is_public(self) -> bool:
        return bool(self.large)

    @property
    def url(self) -> str:
        return self.large.url if self.large else self.private_url

    @property
    def small_url(self) -> str:
        return self.small.url if self.small else self.private_url


def link_key(link: str) -> str:
    """What two links to the same thing share: host without www, path without trailing slash, no fragment."""
    parts = urlsplit(link.strip())
    host = (parts.hostname or "").removeprefix("www.")
    return urlunsplit(("", host, parts.path.rstrip("/"), parts.query, "")).removeprefix("//")


class Post(models.Model):
    """One appearance of a piece of coverage elsewhere: a post, a video, an entry of a blog."""

    coverage = models.ForeignKey(Coverage, on_delete=models.CASCADE, related_name="posts", verbose_name=_("coverage"))
    key = models.CharField(_("key"), max_length=500, unique=True, editable=False)
    url = models.URLField(_("address"), max_length=500)
    found_at = models.DateTimeField(_("known since"), default=timezone.now)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["found_at"]

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").removeprefix("www.")
