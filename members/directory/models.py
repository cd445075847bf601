from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from members.directory.parts import PARTS, Audience, column, shown_to
from members.directory.sites import Kind, kind_of
from portal.group.models import Country, Topic
from portal.registry import Viewer

RESERVED_SLUGS = {"blogs", "new", "map", "export", "search"}
LINKS_AT_MOST, LINK_LENGTH = 12, 500
STALE_AFTER = timedelta(days=548)  # a year and a half
HOURS_AT_MOST = 200  # of voluntary work in a month


IN_FORCE = ("active", "on_leave")  # states with a member's rights and a place in the directory
LEFT = ("alumni", "removed")


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> Self:
        """Those with a member's rights: active or on leave, with an account that may sign in."""
        return self.filter(status__in=IN_FORCE, user__is_active=True)

    def to_renew(self, today: date) -> Self:
        """Whom a renewal round that opens today asks: whoever is on leave, or has joined just now, is left in peace."""
        return self.active().filter(status=Member.Status.ACTIVE, joined_on__lt=today)

    def back_from_leave(self, today: date) -> Self:
        """Whose leave was to end before today."""
        return self.filter(status=Member.Status.ON_LEAVE, leave_until__lt=today)

    def bare(self) -> Self:
        """Profiles that say nothing about their members: no headline, no text, no topic."""
        return self.filter(headline="", bio="", topics=None)

    def stale(self, now: datetime) -> Self:
        """Profiles that their members last edited long ago, or never since they joined long ago."""
        day = timezone.localdate(now) - STALE_AFTER
        never = models.Q(edited_at=None, joined_on__lt=day)
        return self.filter(never | models.Q(edited_at__lt=now - STALE_AFTER))

    def visible_to(self, viewer: Viewer) -> Self:
        """Everyone sees profiles open to everyone; members see all; everybody sees their own.

        A profile that nobody has claimed yet, or whose member has left, is seen by nobody.
        """
        active = self.active()
        if not viewer.is_authenticated:
            return active.filter(visibility=Member.Visibility.EVERYONE)
        if getattr(viewer, "is_staff", False) or Member.objects.active().filter(user_id=viewer.pk).exists():
            return active
        return active.filter(models.Q(visibility=Member.Visibility.EVERYONE) | models.Q(user_id=viewer.pk))

    def by_name(self) -> Self:
        return self.order_by("user__sort_key", "pk")

    def with_faces(self) -> Self:
        """What a list of people shows, in a fixed number of queries."""
        return self.select_related("user", "country").prefetch_related("topics")

    def with_links(self) -> Self:
        """What a member's own page shows beside."""
        return self.with_faces().select_related("stand_in__user").prefetch_related("links")


class Member(models.Model):
    """A member of the group and what the directory tells about them. The name is the account's."""

    class Visibility(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        MEMBERS = "members", _("Members only")

    class Status(models.TextChoices):
        UNCLAIMED = "unclaimed", _("not claimed yet")
        ACTIVE = "active", _("active")
        ON_LEAVE = "on_leave", _("on leave")
        ALUMNI = "alumni", _("alumni")
        REMOVED = "removed", _("removed")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member", verbose_name=_("account")
    )
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("country"),
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="members", verbose_name=_("topics"))
    slug = models.SlugField(_("address word"), unique=True, editable=False)
    headline = models.CharField(
        _("what you do"), max_length=120, blank=True, help_text=_("A few words under your name.")
    )
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    bio = models.TextField(_("about you"), max_length=2000, blank=True)
    city = models.CharField(_("town or city"), max_length=80, blank=True)
    languages = ArrayField(
        models.CharField(max_length=5, choices=settings.LANGUAGES),
        verbose_name=_("languages you can answer in"),
        default=list,
        blank=True,
    )
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    portrait = models.ImageField(_("portrait"), upload_to="portraits/", blank=True)
    takes_requests = models.BooleanField(
        _("open to requests"),
        default=True,
        help_text=_("Others may write to you through a form; your address stays hidden until you answer."),
    )
    hours_pledged = models.PositiveSmallIntegerField(
        _("hours a month for the group"), null=True, blank=True, help_text=_("A rough guess; nobody counts.")
    )
    away_until = models.DateField(_("away until"), null=True, blank=True)
    stand_in = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands_in_for",
        verbose_name=_("who stands in"),
    )
    visibility = models.CharField(
        _("who may see your profile"), max_length=10, choices=Visibility, default=Visibility.MEMBERS
    )
    headline_shown_to = shown_to()
    organisation_shown_to = shown_to()
    bio_shown_to = shown_to()
    topics_shown_to = shown_to()
    languages_shown_to = shown_to()
    city_shown_to = shown_to()
    country_shown_to = shown_to()
    time_zone_shown_to = shown_to(Audience.MEMBERS)
    links_shown_to = shown_to()
    portrait_shown_to = shown_to()
    hours_pledged_shown_to = shown_to(Audience.COORDINATORS)
    away_shown_to = shown_to(Audience.MEMBERS)
    edited_at = models.DateTimeField(_("last edited by the member"), null=True, blank=True, editable=False)
    joined_on = models.DateField(_("member since"))
    status = models.CharField(_("membership"), max_length=10, choices=Status, default=Status.ACTIVE)
    leave_until = models.DateField(_("on leave until"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    history = HistoricalRecords(related_name="past", m2m_fields=[topics])

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["user__sort_key"]
        constraints = [
            models.CheckConstraint(
                name="member_left_has_moment",
                condition=models.Q(status__in=LEFT, left_at__isnull=False)
                | ~models.Q(status__in=LEFT) & models.Q(left_at__isnull=True),
            ),
            models.CheckConstraint(
                name="member_leave_ends_only_on_leave",
                condition=models.Q(leave_until__isnull=True) | models.Q(status="on_leave"),
            ),
            models.CheckConstraint(
                name="member_parts_have_audience",
                condition=models.Q(**{f"{column(part)}__lte": max(Audience.values) for part in PARTS}),
            ),
            models.CheckConstraint(
                name="member_hours_of_a_month",
                condition=models.Q(hours_pledged__isnull=True) | models.Q(hours_pledged__lte=HOURS_AT_MOST),
                violation_error_message=_("That is more hours than a month of work has."),
            ),
            models.CheckConstraint(
                name="member_does_not_stand_in_for_themselves",
                condition=models.Q(stand_in__isnull=True) | ~models.Q(stand_in=models.F("pk")),
                violation_error_message=_("Somebody else has to stand in for you."),
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    def get_absolute_url(self) -> str:
        return reverse("members:member_detail", args=[self.slug])

    @property
    def is_in_force(self) -> bool:
        """Active or on leave: with a member's rights, as long as the account may sign in."""
        return self.status in IN_FORCE

    @property
    def has_left(self) -> bool:
        return self.status in LEFT

    @property
    def is_unclaimed(self) -> bool:
        return self.status == self.Status.UNCLAIMED

    @property
    def is_bare(self) -> bool:
        """Nobody could tell from this profile what to ask the member about."""
        return not (self.headline or self.bio)

    @property
    def portrait_audience(self) -> Audience:
        """Who sees the portrait: of those who see the profile. What is not in force is shown to nobody else."""
        if not self.is_in_force:
            return Audience.COORDINATORS
        is_open = self.visibility == self.Visibility.EVERYONE
        return Audience(max(self.portrait_shown_to, Audience.EVERYONE if is_open else Audience.MEMBERS))

    @property
    def portrait_url(self) -> str:
        return self.portrait.url if self.portrait else ""


def same_links(url: str) -> set[str]:
    """The ways in which people write one web address: with http or https, with or without www. and a last slash."""
    rest = url.partition("://")[2].removeprefix("www.").rstrip("/")
    return {f"{scheme}://{www}{rest}{end}" for scheme in ("http", "https") for www in ("", "www.") for end in ("", "/")}


class Link(models.Model):
    """A place of a member's own on the web: a blog, a profile, a channel."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="links", verbose_name=_("member"))
    url = models.URLField(_("address"), max_length=LINK_LENGTH)
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("found to link back"), null=True, blank=True, editable=False)
    feed = models.URLField(_("feed"), max_length=LINK_LENGTH, blank=True)
    harvest_agreed_at = models.DateTimeField(_("harvest agreed to"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position", "pk"]
        indexes = [
            # who else has this address: members.joining.likeness
            models.Index(fields=["url"], name="link_url"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["member", "url"], name="link_once_a_member"),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def label(self) -> str:
        """The address as people say it: without https://, www. and a last slash."""
        return self.url.partition("://")[2].removeprefix("www.").rstrip("/")

    @property
    def kind(self) -> Kind:
        return kind_of(self.url, has_feed=bool(self.feed))
