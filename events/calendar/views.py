from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.calendar import ics
from events.calendar.models import Event
from portal import registry
from portal.group import services as groups
from portal.shared.kept import once_a_change
from portal.shared.pages import fresh_until, shared_page

PER_PAGE = 20


@shared_page("page", "when")
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Events to come by month, or with `when=past` those that were."""
    now = timezone.now()
    is_past = request.GET.get("when") == "past"
    events = Event.objects.published().for_list()
    events = events.past(now) if is_past else events.upcoming(now)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    for event in page:
        fresh_until(request, event.next_boundary)
    return render(request, "events/event_list.html", {"page_obj": page, "is_past": is_past, "now": now})


@shared_page()
@require_safe
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(_visible(request), slug=slug)
    fresh_until(request, event.next_boundary)
    context: dict[str, Any] = {
        "event": event,
        **once_a_change(f"words-of-event-{event.pk}", lambda: _words(event)),
        "panels": registry.panels(registry.event_panels, event, request.user),
    }
    return render(request, "events/event_detail.html", context)


@shared_page()
@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.published().for_list(), slug=slug)
    response = HttpResponse(
        ics.calendar_file(event, groups.current_group()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response


def _words(event: Event) -> dict[str, list[Any]]:
    return {"topics": list(event.topics.all()), "hashtags": [tag.name for tag in event.hashtags.all()]}


def _visible(request: HttpRequest) -> Any:
    """Published events, and drafts for those who may edit them."""
    events = Event.objects.for_list()
    return events if request.user.has_perm("events.change_event") else events.published()
