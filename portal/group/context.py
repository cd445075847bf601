from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_path

from portal.group import services

PLAIN = ("/admin/", "/mailbox/")
LONGEST_QUERY = 200  # signs that a link to the same page in another language carries along


def group(request: HttpRequest) -> dict[str, Any]:
    """The group, its menu and this page's addresses in the other languages, for every template."""
    current = services.current_group()
    return {
        "is_shared": getattr(request, "is_shared", False),
        "group": current,
        "menu_pages": services.menu(),
        "language_links": _language_links(request, current.languages),
        "has_mailbox": settings.HAS_MAILBOX and (settings.DEMO or settings.DEBUG),
        "canonical_url": settings.BASE_URL + request.path,
    }


def _language_links(request: HttpRequest, offered: list[str]) -> list[dict[str, Any]]:
    """One address in each language: English ones are bare, others begin with the language's code."""
    path = request.get_full_path() if len(request.META.get("QUERY_STRING", "")) < LONGEST_QUERY else request.path
    if path.startswith(PLAIN) or request.resolver_match is None:
        return []
    active = get_language_from_path(path) or settings.LANGUAGE_CODE
    bare = path if active == settings.LANGUAGE_CODE else path[len(active) + 1 :]
    links = []
    for code, name in settings.LANGUAGES:
        if code in offered or code == settings.LANGUAGE_CODE:
            url = bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}"
            link = {"code": code, "name": name, "url": url, "absolute_url": settings.BASE_URL + url}
            links.append({**link, "current": code == active})
    return links
