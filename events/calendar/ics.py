"""An event as iCalendar (RFC 5545), with RFC 7986's properties, for any calendar program."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vUri

from events.calendar.models import Event
from portal.group.models import SpecialtyGroup

STATUS: dict[str, str] = {
    Event.Status.PUBLISHED: "CONFIRMED",
    Event.Status.CANCELLED: "CANCELLED",
    Event.Status.POSTPONED: "TENTATIVE",
}


def calendar_file(event: Event, group: SpecialtyGroup) -> bytes:
    """A calendar of one event. An all-day event ends, as RFC 5545 3.6.1 wants it, on the day after its last."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{group.short_name_en}//Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", one_line(event.name))
    calendar.add_component(_entry(event, group))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def one_line(text: str) -> str:
    """Without line breaks and doubled spaces."""
    return " ".join(text.split())


def _entry(event: Event, group: SpecialtyGroup) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.uid}@portal")
    entry.add("summary", one_line(event.name))
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("last-modified", event.updated_at.astimezone(UTC))
    entry.add("sequence", max(0, event.past.count() - 1))  # type: ignore[attr-defined]
    _add_times(entry, event)
    entry.add("status", STATUS.get(event.status, "TENTATIVE"))
    entry.add("location", one_line(", ".join(filter(None, [event.venue, event.place]))))
    address = settings.BASE_URL + event.get_absolute_url()
    entry.add("description", "\n\n".join(filter(None, [event.summary, event.why, f"#{group.tag}", address])))
    entry.add("url", vUri(address))
    topics = [topic.name for topic in event.topics.all()]
    if topics:
        entry.add("categories", topics)
    return entry


def _add_times(entry: Entry, event: Event) -> None:
    if event.start_time is None:
        entry.add("dtstart", event.starts_on)
        entry.add("dtend", event.ends_on + timedelta(days=1))
        return
    zone = ZoneInfo(event.zone)
    begin = datetime.combine(event.starts_on, event.start_time, zone)
    entry.add("dtstart", begin)
    if event.end_time is not None:
        entry.add("dtend", datetime.combine(event.ends_on, event.end_time, zone))
    elif event.ends_on > event.starts_on:
        entry.add("dtend", datetime.combine(event.ends_on, event.start_time, zone))
