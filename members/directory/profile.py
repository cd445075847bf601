"""A member as somebody else may see them: what is kept from the viewer is empty, on every page and in every file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator

from members.directory.models import Link, Member
from members.directory.parts import Audience, column
from members.directory.zones import Clock, clock
from portal.group.models import Country, Topic
from portal.registry import Viewer

if TYPE_CHECKING:
    from members.directory.models import MemberQuerySet

Value = TypeVar("Value")


class Profile:
    """What templates, feeds and files get instead of a member. `level` is the audience that the viewer belongs to.

    Every public name of it is safe to show to the viewer it was made for; nothing of the member is reached past it.
    """

    def __init__(self, member: Member, level: Audience) -> None:
        self._member = member
        self.level = level

    def __str__(self) -> str:
        return self.name

    def _shown(self, part: str, value: Value, otherwise: Value) -> Value:
        return value if getattr(self._member, column(part)) <= self.level else otherwise

    @property
    def name(self) -> str:
        return str(self._member)

    @property
    def slug(self) -> str:
        return self._member.slug

    @property
    def url(self) -> str:
        return self._member.get_absolute_url()

    @property
    def user_id(self) -> int:
        return self._member.user_id

    @property
    def joined_on(self) -> date:
        return self._member.joined_on

    @property
    def is_open(self) -> bool:
        """Whether everyone may see it, search engines too."""
        return self._member.visibility == Member.Visibility.EVERYONE

    @property
    def takes_requests(self) -> bool:
        return self._member.takes_requests

    @property
    def headline(self) -> str:
        return self._shown("headline", self._member.headline, "")

    @property
    def organisation(self) -> str:
        return self._shown("organisation", self._member.organisation, "")

    @property
    def bio(self) -> str:
        return self._shown("bio", self._member.bio, "")

    @property
    def city(self) -> str:
        return self._shown("city", self._member.city, "")

    @property
    def country(self) -> Country | None:
        return self._shown("country", self._member.country, None)

    @property
    def place(self) -> str:
        return ", ".join(filter(None, [self.city, self.country.name if self.country else ""]))

    @property
    def tagline(self) -> str:
        """One line under the name in lists."""
        return ", ".join(filter(None, [self.headline, self.organisation, self.place]))

    @property
    def topics(self) -> list[Topic]:
        return self._shown("topics", list(self._member.topics.all()), [])

    @property
    def languages(self) -> list[str]:
        return self._shown("languages", self._member.languages, [])

    @property
    def language_names(self) -> list[str]:
        names = dict(settings.LANGUAGES)
        return [names[code] for code in self.languages if code in names]

    @property
    def time_zone(self) -> str:
        return self._shown("time_zone", self._member.time_zone, "")

    @property
    def clock(self) -> Clock | None:
        """The time where they are."""
        return clock(self.time_zone, timezone.now())

    @property
    def links(self) -> list[Link]:
        return self._shown("links", list(self._member.links.all()), [])

    @property
    def portrait_url(self) -> str:
        return self._shown("portrait", self._member.portrait_url, "")

    @property
    def hours_pledged(self) -> int | None:
        return self._shown("hours_pledged", self._member.hours_pledged, None)

    @property
    def is_on_leave(self) -> bool:
        return self._member.status == Member.Status.ON_LEAVE

    @property
    def leave_until(self) -> date | None:
        return self._member.leave_until

    @property
    def away_until(self) -> date | None:
        """The last day on which they cannot answer, as long as it has not passed."""
        until = self._shown("away", self._member.away_until, None)
        return until if until is not None and until >= timezone.localdate() else None

    @property
    def stand_in(self) -> Profile | None:
        """Whoever answers meanwhile, as long as the viewer may see them."""
        other = self._member.stand_in if self.away_until else None
        if other is None or not other.is_in_force or not other.user.is_active:
            return None
        return Profile(other, self.level) if is_seen_at_all(other, self.level) else None

    @property
    def summary(self) -> str:
        """A sentence or two about them, for search engines and for those to whom the page is sent."""
        return Truncator(self.tagline or " ".join(self.bio.split())).chars(200)

    @property
    def is_bare(self) -> bool:
        """Nobody could tell from what is shown what to ask the member about."""
        return not (self.headline or self.bio or self.topics)


def level_of(viewer: Viewer) -> Audience:
    """To which audience a viewer belongs, of others' profiles. Staff who are no coordinators see what members see."""
    if not viewer.is_authenticated:
        return Audience.EVERYONE
    if getattr(viewer, "is_coordinator", False):
        return Audience.COORDINATORS
    if getattr(viewer, "is_staff", False) or Member.objects.active().filter(user_id=viewer.pk).exists():
        return Audience.MEMBERS
    return Audience.EVERYONE


def is_seen_at_all(member: Member, level: Audience) -> bool:
    """Whether an audience may open the profile."""
    return member.visibility == Member.Visibility.EVERYONE or level >= Audience.MEMBERS


def seen_by(viewer: Viewer, member: Member, level: Audience | None = None) -> Profile:
    """One member as the viewer sees them; everybody sees their own profile whole. `level` spares the asking."""
    if viewer.is_authenticated and viewer.pk == member.user_id:
        return Profile(member, Audience.COORDINATORS)
    return Profile(member, level_of(viewer) if level is None else level)


def all_seen_by(viewer: Viewer, members: Iterable[Member] | MemberQuerySet) -> list[Profile]:
    """A list of members as the viewer sees them, with one question about the viewer."""
    level = level_of(viewer)
    return [seen_by(viewer, member, level) for member in members]
