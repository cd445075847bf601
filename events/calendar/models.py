from __future__ import annotations

import uuid
import zoneinfo
from datetime import date, datetime, timedelta
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager

from events.calendar.moments import LocalMoment
from portal.group.models import Country, Region, Topic

RESERVED_SLUGS = {"calendar", "suggest", "embed", "new", "feed", "map", "month", "archive"}


@cache
def zones() -> list[str]:
    """The names of all time zones that this machine knows."""
    return sorted(zoneinfo.available_timezones())


def check_zone(name: str) -> None:
    if name not in zones():
        raise ValidationError(
            _("“%(zone)s” is no time zone. Take one such as Africa/Nairobi or UTC."), params={"zone": name}
        )


def check_slug(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("This word is part of other addresses. Take another one."))


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> Self:
        """What visitors see; cancelled and postponed events stay, and say so."""
        return self.exclude(status=Event.Status.DRAFT)

    def upcoming(self, now: datetime) -> Self:
        """Those that are not over, the next one first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def on_now(self, now: datetime) -> Self:
        return self.upcoming(now).filter(starts_at__lte=now, status=Event.Status.PUBLISHED)

    def past(self, now: datetime) -> Self:
        return self.filter(ends_at__lte=now).order_by("-starts_at", "pk")

    def reportable(self, now: datetime) -> Self:
        """Events that coverage can be about: those that began within a year, or begin within a month."""
        within = models.Q(starts_at__lte=now + timedelta(days=30), ends_at__gte=now - timedelta(days=365))
        return self.published().filter(within).order_by("-starts_at", "pk")

    def for_list(self) -> Self:
        return self.select_related("country")

    def about(self, topic: Topic) -> Self:
        return self.filter(topics=topic)

    def within(self, region: Region) -> Self:
        return self.filter(country__region=region)


class Event(models.Model):
    """An event around learning, leadership or social media. Days and times are those of the event's own zone."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", pgettext_lazy("event", "published")
        CANCELLED = "cancelled", _("cancelled")
        POSTPONED = "postponed", _("postponed")

    class Mode(models.TextChoices):
        ONSITE = "onsite", _("on site")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("on site and online")

    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("country"),
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="events", verbose_name=_("topics"))
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address word"), unique=True, validators=[check_slug])
    name = models.CharField(_("name"), max_length=150)
    summary = models.CharField(_("in one sentence"), max_length=300)
    why = models.TextField(
        _("why it matters for learning"),
        max_length=3000,
        blank=True,
        help_text=_("What could a member learn there?"),
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PUBLISHED)
    mode = models.CharField(_("where it happens"), max_length=10, choices=Mode, default=Mode.ONSITE)
    starts_on = models.DateField(_("first day"))
    start_time = models.TimeField(_("begins at"), null=True, blank=True, help_text=_("Empty: the whole day."))
    ends_on = models.DateField(_("last day"))
    end_time = models.TimeField(_("ends at"), null=True, blank=True)
    zone = models.CharField(
        _("time zone"),
        max_length=40,
        default="UTC",
        validators=[check_zone],
        help_text=_("Such as Africa/Nairobi."),
    )
    city = models.CharField(_("town or city"), max_length=80, blank=True)
    venue = models.CharField(_("venue"), max_length=150, blank=True)
    organiser = models.CharField(_("organiser"), max_length=150, blank=True)
    website = models.URLField(_("website"), blank=True)
    are_dates_illustrative = models.BooleanField(
        _("dates are illustrative"),
        default=False,
        help_text=_("Says on the page that the dates must be checked."),
    )
    hashtags = TaggableManager(
        _("the event’s own tags"), blank=True, help_text=_("Without the #, separated by commas.")
    )
    starts_at = models.GeneratedField(
        expression=LocalMoment("starts_on", "start_time", "zone"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    ends_at = models.GeneratedField(
        expression=LocalMoment("ends_on", "end_time", "zone", or_end=True),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    history = HistoricalRecords(related_name="past", m2m_fields=[topics], excluded_fields=["starts_at", "ends_at"])

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_at"]
        indexes = [
            # upcoming(), on_now(), past()
            models.Index(fields=["ends_at", "starts_at"], name="event_upcoming"),
            models.Index(fields=["-starts_at"], name="event_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="event_end_time_after_start_time",
                condition=models.Q(ends_on__gt=models.F("starts_on"))
                | models.Q(start_time__isnull=True)
                | models.Q(end_time__isnull=True)
                | models.Q(end_time__gt=models.F("start_time")),
                violation_error_message=_("The event ends before it begins."),
            ),
            models.CheckConstraint(
                name="event_end_time_needs_start_time",
                condition=models.Q(end_time__isnull=True) | models.Q(start_time__isnull=False),
                violation_error_message=_("Say when it begins, too."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:event_detail", args=[self.slug])

    @property
    def is_all_day(self) -> bool:
        return self.start_time is None

    @property
    def is_online(self) -> bool:
        return self.mode != self.Mode.ONSITE

    @property
    def place(self) -> str:
        """Town and country, or the word for online."""
        where = ", ".join(filter(None, [self.city, self.country.name if self.country else ""]))
        return where or capfirst(str(self.get_mode_display()))

    @property
    def month(self) -> date:
        """The first day of the month it begins in."""
        return self.starts_on.replace(day=1)

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_on_now(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.starts_at <= timezone.now() < self.ends_at

    @property
    def has_state(self) -> bool:
        """Whether a list says more about it than day and place."""
        return self.status != self.Status.PUBLISHED or self.is_online or self.is_on_now

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def day_number(self) -> int:
        """Which day of the event it is today in the event's zone, counted from 1."""
        return (timezone.now().astimezone(ZoneInfo(self.zone)).date() - self.starts_on).days + 1

    @property
    def next_boundary(self) -> datetime | None:
        """The next moment at which a page about this event says something else."""
        now = timezone.now()
        return next((moment for moment in (self.starts_at, self.ends_at) if moment > now), None)
