"""A profile as machines read it: schema.org's Person in JSON-LD, made of what the viewer sees and of nothing else."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from members.directory.profile import Profile

# What could end the block, or begin a comment in it: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def as_json(profile: Profile) -> SafeString:
    """For a block of data in a page."""
    told = json.dumps(_person(profile), ensure_ascii=False).translate(ESCAPES)
    return mark_safe(told)  # noqa: S308 - escaped above


def _person(profile: Profile) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": profile.name,
        "url": settings.BASE_URL + profile.url,
        "jobTitle": profile.headline,
        "description": profile.bio,
        "image": absolute(profile.portrait_url),
        "affiliation": {"@type": "Organization", "name": profile.organisation} if profile.organisation else None,
        "address": _address(profile),
        "knowsAbout": [topic.name for topic in profile.topics],
        "knowsLanguage": profile.languages,
        "sameAs": [link.url for link in profile.links],
    }
    return {name: value for name, value in found.items() if value}


def _address(profile: Profile) -> dict[str, str] | None:
    if not profile.place:
        return None
    told = {"addressLocality": profile.city, "addressCountry": profile.country.code if profile.country else ""}
    return {"@type": "PostalAddress", **{name: value for name, value in told.items() if value}}


def absolute(url: str) -> str:
    """With the portal's own address before it, unless it is whole already; empty stays empty."""
    return settings.BASE_URL + url if url.startswith("/") else url
