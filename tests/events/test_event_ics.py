"""An event as iCalendar: read by a library, and by a real calendar program."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from portal.group.models import Topic
from tests import factories

pytestmark = pytest.mark.django_db


def fetched(client, event):
    response = client.get(f"/events/{event.slug}.ics")
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return response.content


def entry(client, event):
    (found,) = Calendar.from_ical(fetched(client, event)).walk("VEVENT")
    return found


def test_ics_of_whole_days_ends_on_the_day_after_the_last(client):
    found = entry(client, factories.event(starts_on=date(2027, 10, 19), ends_on=date(2027, 10, 21)))
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2027, 10, 19), date(2027, 10, 22))


def test_ics_with_times_is_in_the_events_zone_which_is_described(client):
    event = factories.event(starts_on=date(2027, 3, 14), start_time=time(9), end_time=time(17), zone="America/New_York")
    found = entry(client, event)
    assert found["DTSTART"].dt == datetime(2027, 3, 14, 9, tzinfo=ZoneInfo("America/New_York"))
    assert found["DTEND"].dt.astimezone(UTC) == datetime(2027, 3, 14, 21, tzinfo=UTC)
    zones = [str(one["TZID"]) for one in Calendar.from_ical(fetched(client, event)).walk("VTIMEZONE")]
    assert (zones, found["DTSTART"].params["TZID"]) == (["America/New_York"], "America/New_York")


def test_ics_in_utc_names_no_zone(client):
    found = entry(client, factories.event(starts_on=date(2027, 3, 14), start_time=time(9), end_time=time(17)))
    assert found["DTSTART"].dt == datetime(2027, 3, 14, 9, tzinfo=UTC)


def test_ics_with_a_beginning_alone_has_no_end(client):
    found = entry(client, factories.event(starts_on=date(2027, 3, 14), start_time=time(9)))
    assert "DTEND" not in found


@pytest.mark.parametrize(
    ("status", "word"), [("published", "CONFIRMED"), ("cancelled", "CANCELLED"), ("postponed", "TENTATIVE")]
)
def test_ics_says_whether_it_happens(client, status, word):
    assert entry(client, factories.event(status=status))["STATUS"] == word


def test_ics_says_what_the_page_says(client):
    event = factories.event(
        "Schools, parks; and “learning”", venue="The hall", city="Kisumu", country=factories.country("KE"),
        why="Line one.\nLine two.",
    )  # fmt: skip
    event.topics.add(Topic.objects.get(slug="facilitation"))
    found = entry(client, event)
    assert (found["SUMMARY"], found["LOCATION"]) == ("Schools, parks; and “learning”", "The hall, Kisumu, Kenya")
    assert found["URL"] == f"http://localhost:8000/events/{event.slug}/"
    assert found["DESCRIPTION"] == (
        f"What we learned.\n\nLine one.\nLine two.\n\n#iucncec\n\nhttp://localhost:8000/events/{event.slug}/"
    )
    assert [str(one) for one in found["CATEGORIES"].cats] == ["Facilitation"]


def test_ics_lines_are_folded_at_75_bytes_and_end_with_crlf(client):
    content = fetched(client, factories.event("É" * 140, why="Ñandú " * 300))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert content.count(b"\n") == content.count(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"


def test_ics_of_a_changed_event_has_the_same_uid_and_a_higher_sequence():
    event = factories.event()
    before = entry(Client(), event)
    event.name = "Renamed"
    event.save()
    after = entry(Client(), event)
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_ics_is_sent_as_a_file(client):
    event = factories.event(slug="mangroves")
    response = client.get(f"/events/{event.slug}.ics")
    assert response["Content-Disposition"] == 'attachment; filename="mangroves.ics"'


KHAL = """
[calendars]
[[portal]]
path = {folder}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = UTC
local_timezone = UTC
[sqlite]
path = {folder}/khal.db
"""


@pytest.fixture
def khal(tmp_path):
    """Runs khal, a calendar program, on a calendar of its own."""
    (tmp_path / "calendar").mkdir()
    (tmp_path / "config").write_text(KHAL.format(folder=tmp_path))
    program = Path(sys.executable).parent / "khal"
    environ = os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": str(tmp_path)}

    def run(*words):
        command = [str(program), "-c", str(tmp_path / "config"), *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_ics_opens_in_khal(client, khal, tmp_path):
    days = factories.event("Mangrove schools", starts_on=date(2027, 10, 19), ends_on=date(2027, 10, 21))
    hours = factories.event(
        "Facilitators’ circle", starts_on=date(2027, 10, 20), start_time=time(9), end_time=time(10, 30),
        zone="Africa/Nairobi",
    )  # fmt: skip
    for event in (days, hours):
        path = tmp_path / f"{event.slug}.ics"
        path.write_bytes(fetched(client, event))
        khal("import", "--batch", "-a", "portal", str(path))
    listed = khal("list", "-a", "portal", "--format", "{start-end-time-style} {title}", "2027-10-19", "4d")
    wanted = ["↦ Mangrove schools", "↔ Mangrove schools", "⇥ Mangrove schools", "06:00-07:30 Facilitators’ circle"]
    assert sorted(line for line in listed.splitlines() if " " in line and line.split(" ", 1)[0] in
                  {one.split(" ", 1)[0] for one in wanted}) == sorted(wanted)  # fmt: skip
