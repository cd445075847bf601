"""What the calendar shows on the home page."""

from django.utils import timezone

from events.calendar.models import Event
from portal.registry import Panel, Viewer


def home_now(viewer: Viewer) -> Panel | None:
    event = Event.objects.published().on_now(timezone.now()).for_list().first()
    return Panel("events/_home_now.html", {"event": event}, until=event.ends_at) if event else None


def home_next(viewer: Viewer) -> Panel:
    now = timezone.now()
    coming = Event.objects.published().upcoming(now).for_list()
    events = list(coming.filter(starts_at__gt=now)[:4])
    context = {"events": events, "count": coming.count(), "now": now}
    return Panel("events/_home_next.html", context, until=events[0].starts_at if events else None)
