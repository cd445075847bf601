"""What stands on a page at a link's other end: whom it names as itself, and where its feed is.

Such a page may be anything, up to the bytes that `portal.fetch` takes. So the few tags that matter are found by a
pattern that is bounded, and only these are parsed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from members.directory.models import LINK_LENGTH
from portal.fetch import Reply

TAG = re.compile(r"<(?:a|link|base)\s[^<>]{0,4000}>", re.IGNORECASE)
HIDDEN = (("<script", "</script"), ("<style", "</style"), ("<template", "</template"), ("<!--", "-->"))
FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
HEAD = 2000  # bytes among which a feed's first element stands
JSON_FEED = "https://jsonfeed.org/version/"


@dataclass
class Told:
    """`me` are the addresses that the page names as its author's own (rel=me); `feed` is empty where it has none."""

    me: set[str] = field(default_factory=set)
    feed: str = ""


class _Tag(HTMLParser):
    """The attributes of one tag."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.name, self.attributes = "", {}  # type: str, dict[str, str]
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.name, self.attributes = tag, {name: value or "" for name, value in reversed(attrs)}

    def words(self, name: str) -> set[str]:
        return set(self.attributes.get(name, "").lower().split())


def read(reply: Reply) -> Told:
    """Never raises, whatever the page holds."""
    if _is_feed(reply):
        return Told(feed=_kept(reply.url))
    told, base = Told(), reply.url
    for tag in _tags(reply.body.decode("utf-8", "replace")):
        if tag.name == "base":
            base = _joined(reply.url, tag.attributes.get("href", "")) or base
        address = _joined(base, tag.attributes.get("href", ""))
        if address and "me" in tag.words("rel"):
            told.me.add(address)
        if address and not told.feed and _names_feed(tag):
            told.feed = _kept(address)
    return told


def _tags(text: str) -> Iterator[_Tag]:
    for opening, closing in HIDDEN:
        text = _without(text, opening, closing)
    yield from (_Tag(found.group()) for found in TAG.finditer(text))


def _without(text: str, opening: str, closing: str) -> str:
    """The text outside of such pairs, in one pass; what is never closed hides all that follows."""
    first, *rest = re.split(re.escape(opening), text, flags=re.IGNORECASE)
    ends = re.compile(re.escape(closing), re.IGNORECASE)
    return first + "".join([*ends.split(part, maxsplit=1), ""][1] for part in rest)


def _names_feed(tag: _Tag) -> bool:
    kind = tag.attributes.get("type", "").partition(";")[0].strip().lower()
    return tag.name == "link" and "alternate" in tag.words("rel") and kind in FEED_TYPES


def _is_feed(reply: Reply) -> bool:
    """By what the site says, or by how it begins: many feeds are sent as text/xml or worse."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FEED_TYPES or FEED_ROOT.search(reply.body[:HEAD]):
        return kind != "text/html" or not reply.body.lstrip()[:9].lower().startswith(b"<!doctype")
    return reply.body.lstrip()[:1] == b"{" and _is_json_feed(reply.body)


def _is_json_feed(body: bytes) -> bool:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and str(found.get("version", "")).startswith(JSON_FEED)


def _joined(base: str, href: str) -> str:
    """The address that a page means; empty for what is none."""
    try:
        address = urljoin(base, href.strip())
        return address if href.strip() and urlsplit(address).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _kept(feed: str) -> str:
    return feed if len(feed) <= LINK_LENGTH else ""
