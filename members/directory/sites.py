"""What a web address is, told from the address alone: a blog, a channel, a profile at a place that people know."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """`hosts` are names of sites; their subdomains belong to them. `path` must match too, where there is one."""

    name: str | Promise
    hosts: tuple[str, ...] = ()
    path: str = ""

    def fits(self, host: str, path: str) -> bool:
        is_there = not self.hosts or any(host == one or host.endswith(f".{one}") for one in self.hosts)
        return is_there and (not self.path or re.search(self.path, path) is not None)


WEBSITE, BLOG = Kind(_("Website")), Kind(_("Blog"))
KINDS = (
    Kind("Bluesky", ("bsky.app", "bsky.social")),
    Kind("X", ("x.com", "twitter.com")),
    Kind("LinkedIn", ("linkedin.com",)),
    Kind("ORCID", ("orcid.org",)),
    Kind("YouTube", ("youtube.com", "youtu.be")),
    Kind("Vimeo", ("vimeo.com",)),
    Kind("Flickr", ("flickr.com", "flic.kr")),
    Kind("Instagram", ("instagram.com",)),
    Kind("Facebook", ("facebook.com", "fb.com")),
    Kind("Threads", ("threads.net", "threads.com")),
    Kind("TikTok", ("tiktok.com",)),
    Kind("GitHub", ("github.com",)),
    Kind("ResearchGate", ("researchgate.net",)),
    Kind("Google Scholar", ("scholar.google.com",)),
    Kind("SlideShare", ("slideshare.net",)),
    Kind("SoundCloud", ("soundcloud.com",)),
    Kind("Telegram", ("t.me",)),
    Kind(_("Podcast"), ("podcasts.apple.com",)),
    Kind(_("Blog"), ("medium.com", "substack.com", "wordpress.com", "blogspot.com", "tumblr.com", "ghost.io")),
    Kind(_("Blog"), (), r"(?i)/(we)?blog\b"),
    Kind(_("Blog"), (), r"(?i)/(feed|rss|atom)(\.xml)?/?$"),
    Kind("Mastodon", (), r"^/(@[\w.]+(@[\w.-]+)?|users/[\w.]+)/?$"),  # any host
)


def bare_host(url: str) -> str:
    """The site of an address without www., in lower case; empty for what is no address."""
    return _part(url, lambda parts: (parts.hostname or "").removeprefix("www."))


def kind_of(url: str, *, has_feed: bool = False) -> Kind:
    """The first kind that an address fits. A site that nobody knows and that has a feed is a blog."""
    host, path = bare_host(url), _part(url, lambda parts: parts.path)
    found = next((kind for kind in KINDS if kind.fits(host, path)), WEBSITE)
    if found is WEBSITE and (has_feed or host.startswith("blog.")):
        return BLOG
    return found


def _part(url: str, read: Callable[..., str]) -> str:
    try:
        return read(urlsplit(url))
    except ValueError:  # such as a bracket that no IPv6 address closes
        return ""
