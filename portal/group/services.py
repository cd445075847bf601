"""The group and its pages, as every template needs them: asked of the database once a change, not once a page."""

from django.core.cache import cache
from django.utils.translation import get_language

from portal.group.models import Page, SpecialtyGroup
from portal.shared import version

KEEP = 600  # seconds


def current_group() -> SpecialtyGroup:
    """The group, out of the cache until content changes."""
    return _kept("group", SpecialtyGroup.objects.current)


def menu() -> list[dict[str, str]]:
    """Title and address of each page in the menu, in the reader's language."""
    return _kept(
        f"menu-{get_language()}",
        lambda: [
            {"title": page.title, "get_absolute_url": page.get_absolute_url()}
            for page in Page.objects.in_menu().with_texts()
        ],
    )


def _kept(name, make):  # type: ignore[no-untyped-def]
    mark = version.current()
    if mark is None:
        return make()
    key = f"{name}-{mark.decode()}"
    value = cache.get(key)
    if value is None:
        value = make()
        cache.set(key, value, timeout=KEEP)
    return value
