from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, translate_url

from portal.group import services


def group(request: HttpRequest) -> dict[str, Any]:
    """The group, its menu and this page's addresses in the other languages, for every template."""
    current = services.current_group()
    return {
        "is_shared": getattr(request, "is_shared", False),
        "group": current,
        "menu_pages": services.menu(),
        "language_links": _language_links(request, current.languages),
        "canonical_url": settings.BASE_URL + request.path,
    }


def _language_links(request: HttpRequest, offered: list[str]) -> list[dict[str, Any]]:
    active = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    if not _is_translated(request.path_info):
        return []
    return [
        {
            "code": code,
            "name": name,
            "url": (url := translate_url(request.get_full_path(), code)),
            "absolute_url": settings.BASE_URL + url,
            "current": code == active,
        }
        for code, name in settings.LANGUAGES
        if code in offered or code == settings.LANGUAGE_CODE
    ]


def _is_translated(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return not path.startswith("/admin/")
