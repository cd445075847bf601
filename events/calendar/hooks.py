"""What the calendar shows on the home page."""

from django.utils import timezone

from events.calendar.models import Event
from portal.registry import Panel, Viewer

IN_PANEL = 4
ON_AT_ONCE = 4  # events that are looked at for one that is on now


def home_panel(viewer: Viewer) -> Panel:
    """What is on now, and what comes next: one question for both, since what is on began first."""
    now = timezone.now()
    events = list(Event.objects.published().upcoming(now).for_list()[: IN_PANEL + ON_AT_ONCE])
    on_now = [event for event in events if event.is_on_now]
    coming = [event for event in events if event.starts_at > now][:IN_PANEL]
    boundaries = [event.ends_at for event in on_now] + [event.starts_at for event in coming]
    context = {"on_now": on_now[:1], "events": coming}
    return Panel("events/_home.html", context, until=min(boundaries, default=None))
