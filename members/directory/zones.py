"""Time zones as people choose and read them."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Areas of the IANA database, in the order in which they are offered; its other names are old or stand for rules.
AREAS: dict[str, str | Promise] = {
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("The Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


@dataclass(frozen=True)
class Clock:
    """A zone at a moment: its town, how far it is from UTC, and what clocks show there (without a zone)."""

    town: str
    offset: str
    now: datetime


def town(zone: str) -> str:
    """The last part of a zone's name as a person writes it: "America/Argentina/La_Rioja" is La Rioja."""
    return zone.rpartition("/")[2].replace("_", " ")


def clock(zone: str, now: datetime) -> Clock | None:
    """None for a name that this machine does not know."""
    if zone not in known():
        return None
    there = now.astimezone(zoneinfo.ZoneInfo(zone))
    return Clock(town(zone), offset(there), there.replace(tzinfo=None))


def offset(moment: datetime) -> str:
    """ "UTC", "UTC+3", "UTC+5:45", with a real minus sign."""
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


@cache
def known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@cache
def by_area() -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    """Choices of a form: the zones of each area, by the names of their towns."""
    named = {area: [] for area in AREAS}  # type: dict[str, list[tuple[str, str]]]
    for zone in known():
        area, _slash, rest = zone.partition("/")
        if rest and area in named:
            named[area].append((zone, ", ".join(reversed(rest.replace("_", " ").split("/")))))
    groups = [(AREAS[area], sorted(zones, key=lambda pair: pair[1])) for area, zones in named.items() if zones]
    return [*groups, ("UTC", [("UTC", "UTC")])]
