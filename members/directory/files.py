"""The directory to take home: a table, a card for the address book, the feeds of members' blogs.

Each is made of profiles, so that a file tells its reader what the pages would, and no more.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.directory.models import Link, Member, MemberQuerySet
from members.directory.parts import Audience
from members.directory.profile import Profile, seen_by
from members.directory.search import Found
from portal.formats.opml import Feed, opml
from portal.formats.vcard import Card
from portal.registry import Viewer
from portal.shared.kept import once_a_change

AT_ONCE = 500  # members read from the database together; a file of any length takes the memory of these

Column = tuple[str | Promise, Callable[[Profile], object]]
COLUMNS: tuple[Column, ...] = (
    (gettext_lazy("Name"), lambda profile: profile.name),
    (gettext_lazy("What they do"), lambda profile: profile.headline),
    (gettext_lazy("Organisation"), lambda profile: profile.organisation),
    (gettext_lazy("Town or city"), lambda profile: profile.city),
    (gettext_lazy("Country"), lambda profile: profile.country.name if profile.country else ""),
    (gettext_lazy("Languages"), lambda profile: ", ".join(profile.language_names)),
    (gettext_lazy("Topics"), lambda profile: ", ".join(topic.name for topic in profile.topics)),
    (gettext_lazy("Time zone"), lambda profile: profile.time_zone),
    (gettext_lazy("About"), lambda profile: profile.bio),
    (gettext_lazy("Links"), lambda profile: "\n".join(link.url for link in profile.links)),
    (gettext_lazy("Open to requests"), lambda profile: _("yes") if profile.takes_requests else _("no")),
    (gettext_lazy("Away until"), lambda profile: profile.away_until or ""),
    (gettext_lazy("Member since"), lambda profile: profile.joined_on),
    (gettext_lazy("Profile"), lambda profile: settings.BASE_URL + profile.url),
)


def table(found: Found, viewer: Viewer, level: Audience) -> Iterator[list[object]]:
    """A head and a row for each of those found; the e-mail address and the pledged hours for coordinators alone.

    Who they are is asked at once, so that a question that fails is an error and no short file.
    """
    return _rows(found.ids(), viewer, level)


def _rows(ids: Sequence[int], viewer: Viewer, level: Audience) -> Iterator[list[object]]:
    is_coordinators = level == Audience.COORDINATORS
    more = [_("E-mail address"), _("Hours a month")] if is_coordinators else []
    yield [*(name for name, _cell in COLUMNS), *more]
    for member in _one_by_one(ids):
        profile = seen_by(viewer, member, level)
        hidden = [member.user.email, profile.hours_pledged or ""] if is_coordinators else []
        yield [*(cell(profile) for _name, cell in COLUMNS), *hidden]


def _one_by_one(ids: Sequence[int]) -> Iterator[Member]:
    """The members in the order of their ids."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        members = Member.objects.with_links().in_bulk(some)
        yield from (members[pk] for pk in some if pk in members)


def card(member: Member, profile: Profile, level: Audience) -> str:
    """A vCard 4.0 of what the viewer sees; with the e-mail address for coordinators alone."""
    address = settings.BASE_URL + profile.url
    made = Card(profile.name)
    made.plain("KIND", "individual")
    made.plain("UID", address)
    made.text("TITLE", profile.headline)
    made.parts("ORG", [profile.organisation])
    made.parts("ADR", ["", "", "", profile.city, "", "", profile.country.name if profile.country else ""])
    if level == Audience.COORDINATORS:
        made.text("EMAIL", member.user.email)
    for place, code in enumerate(profile.languages, start=1):
        made.plain(f"LANG;PREF={place}", code)
    made.text("TZ", profile.time_zone)
    if profile.portrait_url:
        made.plain("PHOTO", _absolute(profile.portrait_url))
    for url in [address, *(link.url for link in profile.links)]:
        made.plain("URL", url)
    made.texts("CATEGORIES", [topic.name for topic in profile.topics])
    made.text("NOTE", profile.bio)
    if member.edited_at:
        made.plain("REV", f"{member.edited_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return str(made)


def _absolute(url: str) -> str:
    """Media have an address of their own where they are kept elsewhere."""
    return settings.BASE_URL + url if url.startswith("/") else url


def feeds(members: MemberQuerySet, viewer: Viewer, level: Audience) -> Iterable[Link]:
    """The links with a feed of those members whose links the viewer may see, by name."""
    shown = Q(member__links_shown_to__lte=level)
    if viewer.is_authenticated:
        shown |= Q(member__user_id=viewer.pk)
    found = Link.objects.filter(shown, member__in=members.order_by().values("pk")).exclude(feed="")
    return found.select_related("member__user").order_by("member__user__sort_key", "member_id", "position", "pk")


def has_feeds(level: Audience) -> bool:
    """Whether readers of this level find any feed in the list."""
    members = Member.objects.active().filter(links_shown_to__lte=level)
    if level == Audience.EVERYONE:
        members = members.filter(visibility=Member.Visibility.EVERYONE)
    return once_a_change(
        f"has-feeds-{level}", lambda: Link.objects.exclude(feed="").filter(member__in=members).exists()
    )


def blogs(title: str, links: Iterable[Link]) -> bytes:
    """The feeds as OPML."""
    return opml(title, settings.BASE_URL, [Feed(f"{link.member}: {link.label}", link.feed, link.url) for link in links])
