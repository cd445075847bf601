"""The group and its pages, as every template needs them: asked of the database once a change, not once a page."""

from django.utils.translation import get_language

from portal.group.models import Page, SpecialtyGroup
from portal.shared.kept import once_a_change


def current_group() -> SpecialtyGroup:
    """The group as it was at the last publishing change. To edit it, ask `SpecialtyGroup.objects.current()`."""
    return once_a_change("group", SpecialtyGroup.objects.current)


def menu() -> list[dict[str, str]]:
    """Title and address of each page in the menu, in the reader's language."""
    return once_a_change(f"menu-{get_language()}", _menu)


def _menu() -> list[dict[str, str]]:
    pages = Page.objects.in_menu().with_texts()
    return [{"title": page.title, "get_absolute_url": page.get_absolute_url()} for page in pages]
