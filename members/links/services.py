"""Links to members' own places: looked at by workers, confirmed where the other side links back (rel=me)."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from members.directory import services as directory
from members.directory.models import LINKS_AT_MOST, Link, Member, same_links
from members.directory.sites import bare_host
from members.links import pages
from portal import fetch
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.wake import wake

TASK = directory.LOOK
FRESH_FOR = timedelta(days=30)
PAUSE = timedelta(minutes=1)  # between two looks that a person asks for
PATIENCE = 5.0  # seconds for each address
SPELL = 4.0  # seconds after which a task hands over to the next: mails do not wait for slow sites
GONE = {404, 410}


class LinkError(Refusal):
    """Why a link is not changed."""


def due(now: datetime) -> QuerySet[Link]:
    """Links of members in force that were never looked at, or not for long."""
    mine = Link.objects.filter(member__in=Member.objects.active())
    found = mine.filter(checked_at=None) | mine.filter(checked_at__lt=now - FRESH_FOR)
    return found.order_by(F("checked_at").asc(nulls_first=True), "pk")


def look_at_due(*, now: datetime | None = None, seconds: float = SPELL) -> int:
    """Look at what is due until the spell is over; the rest is the next task's. Safe to run twice."""
    ends, looked = time.monotonic() + seconds, 0
    for link in due(now or timezone.now()).select_related("member")[:50]:
        look_at(link, now=now)
        looked += 1
        if time.monotonic() > ends:
            wake(TASK)
            break
    return looked


def look_at(link: Link, *, now: datetime | None = None) -> None:
    """Ask the other side. Where it does not answer, what was known before stands."""
    now = now or timezone.now()
    found: dict[str, object] = {"checked_at": now}
    try:
        reply = fetch.get(link.url, headers={"Accept": "text/html, */*;q=0.5"}, seconds=PATIENCE)
    except fetch.FetchError:
        reply = None
    if reply is not None and (reply.status < 300 or reply.status in GONE):
        found |= _found(link, reply, now)
    Link.objects.filter(pk=link.pk, url=link.url).update(**found)
    if any(getattr(link, name) != value for name, value in found.items() if name != "checked_at"):
        raise_version()


def _found(link: Link, reply: fetch.Reply, now: datetime) -> dict[str, object]:
    """What the answer says of the link. A site that leads elsewhere says nothing, nor does a page that is gone."""
    is_there = reply.status not in GONE and bare_host(reply.url) == bare_host(link.url)
    told = pages.read(reply) if is_there else pages.Told()
    is_mine = bool(own_addresses(link.member) & {one for me in told.me for one in same_links(_bare(me))})
    return {
        "confirmed_at": (link.confirmed_at or now) if is_mine else None,
        "feed": told.feed,
        "harvest_agreed_at": link.harvest_agreed_at if _same_feed(link.feed, told.feed) else None,
    }


def _same_feed(before: str, after: str) -> bool:
    """Consent follows a feed inside its site, and nowhere else."""
    return bool(after) and bare_host(before) == bare_host(after)


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].lower()  # as our own addresses are


def own_addresses(member: Member) -> set[str]:
    """The addresses of a profile, in each language, in each way of writing them."""
    found: set[str] = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= same_links(settings.BASE_URL + reverse("members:member_detail", args=[member.slug]))
    return found


def snippet(member: Member) -> str:
    """What a member puts into their own page, so that it links back."""
    with override(settings.LANGUAGE_CODE):
        return f'<a rel="me" href="{settings.BASE_URL}{member.get_absolute_url()}">{settings.BASE_URL}</a>'


# --- what a member does ---------------------------------------------------------------------------------------------
def add(member: Member, url: str) -> None:
    """One more at the end. Raises LinkError where it is there already, or where there are twelve."""
    urls = list(member.links.values_list("url", flat=True))
    if set(urls) & same_links(url):
        raise LinkError(_("This address is on your list already."))
    if len(urls) >= LINKS_AT_MOST:
        raise LinkError(_("Twelve addresses at most: keep those that say most about you."))
    directory.set_links(member, [*urls, url])


def remove(link: Link) -> None:
    urls = link.member.links.exclude(pk=link.pk).values_list("url", flat=True)
    directory.set_links(link.member, list(urls))


def move_up(link: Link) -> None:
    """Before the one that stands before it."""
    urls = list(link.member.links.values_list("url", flat=True))
    place = urls.index(link.url)
    if place:
        urls[place - 1 : place + 1] = [urls[place], urls[place - 1]]
        directory.set_links(link.member, urls)


def look_again(link: Link, *, now: datetime | None = None) -> None:
    """Have workers look anew. Raises LinkError where they did a moment ago."""
    before = (now or timezone.now()) - PAUSE
    if not Link.objects.filter(pk=link.pk, checked_at__lt=before).update(checked_at=None):
        raise LinkError(_("We looked a moment ago. Try again in a minute."))
    wake(TASK)


def agree_to_harvest(link: Link, *, agrees: bool, now: datetime | None = None) -> None:
    """The member lets the group gather posts from the link's feed, or takes that back."""
    if agrees and not link.feed:
        raise LinkError(_("No feed is known of this address."))
    moment = (link.harvest_agreed_at or now or timezone.now()) if agrees else None
    Link.objects.filter(pk=link.pk).update(harvest_agreed_at=moment)
