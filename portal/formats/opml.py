"""OPML 2.0 (opml.org/spec2.opml): a list of feeds that any reader of feeds takes in."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring


@dataclass(frozen=True)
class Feed:
    """One subscription: what it is called, the feed, and the page that it belongs to."""

    title: str
    feed: str
    page: str


def opml(title: str, owner: str, feeds: Iterable[Feed]) -> bytes:
    """The whole list, with the web address of whom it comes from."""
    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    for name, value in (("title", title), ("ownerId", owner), ("docs", "https://opml.org/spec2.opml")):
        SubElement(head, name).text = _sound(value)
    body = SubElement(root, "body")
    for one in feeds:
        words = {"text": one.title, "title": one.title, "type": "rss", "xmlUrl": one.feed, "htmlUrl": one.page}
        SubElement(body, "outline", {name: _sound(value) for name, value in words.items()})
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _sound(text: str) -> str:
    """Without the characters that XML 1.0 (2.2) knows no way to write."""
    return "".join(
        sign for sign in text if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd"
        or sign >= "\U00010000"
    )  # fmt: skip
