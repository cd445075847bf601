"""The calendar as visitors see it."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from events.calendar.views import PER_PAGE
from events.templatetags import event_dates
from tests import factories

pytestmark = pytest.mark.django_db


def names(response):
    return [event.name for event in response.context["page_obj"]]


def test_event_list_shows_what_is_to_come_the_next_first(client):
    factories.event("Later", in_days=40)
    factories.event("Now", in_days=-1, lasts=3)
    factories.event("Sooner", in_days=4)
    factories.event("Over", in_days=-9)
    assert names(client.get("/events/")) == ["Now", "Sooner", "Later"]


def test_event_list_of_the_past_shows_the_last_first(client):
    factories.event("Long over", in_days=-90)
    factories.event("Just over", in_days=-9)
    factories.event("To come", in_days=9)
    assert names(client.get("/events/?when=past")) == ["Just over", "Long over"]


@pytest.mark.parametrize(("status", "word"), [("cancelled", "Cancelled"), ("postponed", "Postponed")])
def test_event_that_does_not_happen_stays_in_the_list_and_says_so(client, status, word):
    event = factories.event("Mangrove schools", in_days=4, status=status)
    listed = client.get("/events/")
    assert names(listed) == ["Mangrove schools"]
    assert [word in page.text for page in (listed, client.get(f"/events/{event.slug}/"))] == [True, True]


def test_event_draft_is_nowhere(client):
    event = factories.event("Mangrove schools", in_days=4, status="draft")
    paths = ["/", "/events/", "/sitemap.xml", "/coverage/"]
    assert ["Mangrove" in client.get(path).text or event.slug in client.get(path).text for path in paths] == [False] * 4


def test_event_list_is_paged(client):
    for number in range(PER_PAGE + 1):
        factories.event(f"Event {number:02}", in_days=number)
    assert [len(names(client.get(f"/events/?page={page}"))) for page in (1, 2, "none")] == [PER_PAGE, 1, PER_PAGE]


def test_event_list_without_events_says_so(client):
    assert "No event is planned yet" in client.get("/events/").text
    assert "Nothing is over yet" in client.get("/events/?when=past").text


def test_event_page_shows_what_is_known(client):
    event = factories.event(
        "Mangrove schools", starts_on=date(2027, 10, 19), ends_on=date(2027, 10, 21), zone="Africa/Nairobi",
        start_time=time(9), end_time=time(17, 30), venue="The hall", city="Kisumu", country=factories.country("KE"),
        organiser="The school", website="https://example.org/", why="Because.\n\n<b>x</b>",
    )  # fmt: skip
    event.hashtags.add("MangroveSchools")
    text = client.get(f"/events/{event.slug}/").text
    wanted = ["19–21 October 2027", "Nairobi time (UTC+3)", "The hall", "Kisumu, Kenya", "The school", "#iucncec",
              "#MangroveSchools", "https://example.org/", "&lt;b&gt;x&lt;/b&gt;"]  # fmt: skip
    assert [word for word in wanted if word not in text] == []


def test_event_page_in_french_and_spanish_writes_dates_their_way(client):
    event = factories.event(starts_on=date(2027, 10, 19), ends_on=date(2027, 10, 21))
    assert "octobre 2027" in client.get(f"/fr/events/{event.slug}/").text
    assert "octubre de 2027" in client.get(f"/es/events/{event.slug}/").text


def test_event_page_shows_its_own_coverage_alone(client):
    event = factories.event()
    factories.approved(of=event, headline="Ours")
    factories.approved(headline="Of another event")
    factories.submitted(of=event, headline="Waiting")
    text = client.get(f"/events/{event.slug}/").text
    assert ["Ours" in text, "Of another event" in text, "Waiting" in text] == [True, False, False]


def test_event_draft_is_shown_to_coordinators_alone(client, signed_in):
    event = factories.event(status="draft")
    people = [factories.coordinator(), factories.moderator(), factories.editor(), factories.member().user]
    found = [signed_in(person).get(event.get_absolute_url()).status_code for person in people]
    assert (found, client.get(event.get_absolute_url()).status_code) == ([200, 404, 404, 404], 404)


@pytest.mark.parametrize("path", ["/events/", "/events/mangroves/", "/events/mangroves.ics"])
def test_event_pages_take_no_post(client, path):
    factories.event(slug="mangroves")
    assert client.post(path).status_code == 405


def test_event_on_now_stands_on_the_home_page(client):
    factories.event("Mangrove schools", in_days=-1, lasts=3)
    factories.event("Cancelled school", in_days=-1, lasts=3, status="cancelled")
    text = client.get("/").text
    assert ["Mangrove schools" in text, "Day 2 of 3" in text, "Cancelled school" in text] == [True, True, False]


def test_event_ended_today_in_its_zone_is_over_at_its_own_midnight():
    today = timezone.now().date()
    kiribati = factories.event(
        starts_on=today - timedelta(days=1), ends_on=today - timedelta(days=1), zone="Etc/GMT-14"
    )
    baker = factories.event(starts_on=today - timedelta(days=1), ends_on=today - timedelta(days=1), zone="Etc/GMT+12")
    assert (kiribati.is_over, baker.ends_at - kiribati.ends_at) == (True, timedelta(hours=26))


@pytest.mark.parametrize(
    ("language", "starts_on", "ends_on", "wanted"),
    [
        ("en", date(2026, 11, 21), date(2026, 12, 2), ("21", "Nov – 2\N{NO-BREAK SPACE}Dec")),
        ("fr", date(2026, 11, 21), date(2026, 12, 2), ("21", "Nov – 2\N{NO-BREAK SPACE}déc")),
        ("es", date(2026, 11, 30), date(2026, 12, 1), ("30", "Nov – 1\N{NO-BREAK SPACE}dic")),
        ("en", date(2026, 11, 2), date(2026, 11, 20), ("2–20", "Nov")),
        ("es", date(2026, 12, 1), date(2026, 12, 1), ("1", "Mar")),
    ],
)
def test_event_in_a_list_names_the_months_it_needs(language, starts_on, ends_on, wanted):
    event = factories.event(starts_on=starts_on, ends_on=ends_on)
    with override(language):
        assert (event_dates.day_figures(event), event_dates.day_names(event)) == wanted
