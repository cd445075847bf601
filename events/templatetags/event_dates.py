"""Days and times of an event, in words and in figures, in the reader's language and the event's zone."""

from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django import template
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import get_language

from events.calendar.models import Event

register = template.Library()


@register.filter
def day_figures(event: Event) -> str:
    """The large figures of a ledger: "27–29", "4"; the first alone where the last is in another month."""
    first, last = event.starts_on, event.ends_on
    return str(first.day) if first == last or _in_two_months(event) else f"{first.day}–{last.day}"


@register.filter
def day_names(event: Event) -> str:
    """What stands under the figures: "Tue–Thu", with a time "Thu 15:00", "Nov – 2 Dec" where two months are needed."""
    if event.days > 7 or _in_two_months(event):
        return month_names(event)
    first, last = (_weekday(day.weekday(), get_language()) for day in (event.starts_on, event.ends_on))
    if first != last:
        return f"{first}–{last}"
    return f"{first} {time_format(event.start_time)}" if event.start_time else first


@cache
def _weekday(number: int, language: str | None) -> str:
    return capfirst(str(WEEKDAYS_ABBR[number]))


@register.filter
def month_names(event: Event) -> str:
    """The month under the figures where no heading names it: "Oct", "Nov – 2 Dec"."""
    first, last = (_month(day.month, get_language()) for day in (event.starts_on, event.ends_on))
    if not _in_two_months(event):
        return capfirst(first)
    return f"{capfirst(first)} – {event.ends_on.day}\N{NO-BREAK SPACE}{last}"


@cache
def _month(number: int, language: str | None) -> str:
    """As it stands in a line: English alone writes months large."""
    name = str(MONTHS_3[number])
    return capfirst(name) if (language or "en").startswith("en") else name


def _in_two_months(event: Event) -> bool:
    first, last = event.starts_on, event.ends_on
    return (first.year, first.month) != (last.year, last.month)


@register.filter
def days_in_words(event: Event) -> str:
    """Such as "19–30 October 2026", as the reader's language writes dates."""
    first, last = event.starts_on, event.ends_on
    if first == last:
        return date_format(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last)}"
    return f"{date_format(first)} – {date_format(last)}"


@register.filter
def times_in_words(event: Event) -> str:
    """Such as "15:00–16:30", "15:00", or nothing for whole days."""
    times = [time_format(one) for one in (event.start_time, event.end_time) if one]
    return "–".join(times)


@register.filter
def offset(event: Event) -> str:
    """The zone's distance from UTC when the event begins: "UTC+4", "UTC−3:30", "UTC"."""
    moment = datetime.combine(event.starts_on, event.start_time or time(), ZoneInfo(event.zone))
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "" if minutes == 0 else ("+" if minutes > 0 else "−")
    return f"UTC{sign}" + (f"{hours}" if minutes else "") + (f":{rest:02}" if rest else "")


@register.filter
def zone_city(event: Event) -> str:
    """Such as "Nairobi" for Africa/Nairobi."""
    return event.zone.rsplit("/", 1)[-1].replace("_", " ")
