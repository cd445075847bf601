"""The public addresses, for search engines."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import override

from events.calendar.models import Event
from members.directory.models import Member
from portal.group.models import Page
from reporters.coverage.models import Coverage

LISTS = ["home", "members:member_list", "events:event_list", "reporters:coverage_list", "join"]


def public() -> Iterator[dict[str, str]]:
    """Each public page with its address in each language: `en`, `fr`, `es`."""
    for name in LISTS:
        yield {code: settings.BASE_URL + _in(code, name) for code, _name in settings.LANGUAGES}
    for row in _rows():
        yield {code: settings.BASE_URL + _of(code, row) for code, _name in settings.LANGUAGES}


def _rows() -> Iterator[Model]:
    yield from Page.objects.published()
    yield from Event.objects.published()
    yield from Member.objects.active().filter(visibility=Member.Visibility.EVERYONE)
    yield from Coverage.objects.approved()


def _in(code: str, name: str) -> str:
    with override(code):
        return reverse(name)


def _of(code: str, row: Model) -> str:
    with override(code):
        return row.get_absolute_url()  # type: ignore[attr-defined]
