"""What must never break about an event: its days, its moments, its address; and how it is entered at the desk."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from events.calendar.models import RESERVED_SLUGS, Event
from tests import factories

pytestmark = pytest.mark.django_db
NOON, THREE = time(12), time(15)
WRONG = {
    "event_ends_after_it_starts": ({"starts_on": date(2027, 5, 2), "ends_on": date(2027, 5, 1)},
                                   "The last day lies before the first."),
    "event_end_time_after_start_time": ({"start_time": THREE, "end_time": NOON}, "The event ends before it begins."),
    "event_end_time_needs_start_time": ({"end_time": NOON}, "Say when it begins, too."),
}  # fmt: skip


@pytest.mark.parametrize("rule", WRONG)
def test_event_against_a_rule_is_refused_by_the_database(rule):
    fields, _words = WRONG[rule]
    with pytest.raises(IntegrityError) as refusal:
        factories.event(**fields)
    assert rule in str(refusal.value)


@pytest.mark.parametrize("rule", WRONG)
def test_event_against_a_rule_is_refused_with_a_sentence(rule):
    fields, words = WRONG[rule]
    event = factories.event()
    for name, value in fields.items():
        setattr(event, name, value)
    with pytest.raises(ValidationError) as refusal:
        event.full_clean()
    assert refusal.value.messages == [words]


# New York: clocks go forward on 14 March 2027 at 2:00 and back on 7 November 2027 at 2:00.
@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        ("UTC", date(2027, 5, 1), NOON, datetime(2027, 5, 1, 12, tzinfo=UTC)),
        ("Africa/Nairobi", date(2027, 5, 1), NOON, datetime(2027, 5, 1, 9, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2027, 5, 1), NOON, datetime(2027, 5, 1, 6, 15, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 13), NOON, datetime(2027, 3, 13, 17, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 14), NOON, datetime(2027, 3, 14, 16, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 14), time(2, 30), datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        ("America/New_York", date(2027, 11, 7), NOON, datetime(2027, 11, 7, 17, tzinfo=UTC)),
        ("Pacific/Apia", date(2027, 5, 1), time(0, 30), datetime(2027, 4, 30, 11, 30, tzinfo=UTC)),
    ],
)
def test_event_begins_at_the_moment_its_own_clock_says(zone, day, at, moment):
    assert factories.event(zone=zone, starts_on=day, start_time=at).starts_at == moment


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends"),
    [
        ("UTC", date(2027, 5, 1), datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 5, 2, tzinfo=UTC)),
        ("Asia/Tokyo", date(2027, 5, 1), datetime(2027, 4, 30, 15, tzinfo=UTC), datetime(2027, 5, 1, 15, tzinfo=UTC)),
        # a day of 23 hours
        ("America/New_York", date(2027, 3, 14), datetime(2027, 3, 14, 5, tzinfo=UTC),
         datetime(2027, 3, 15, 4, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_event_of_whole_days_lasts_from_midnight_to_midnight_of_its_zone(zone, day, begins, ends):
    event = factories.event(zone=zone, starts_on=day)
    assert (event.starts_at, event.ends_at) == (begins, ends)


def test_event_whose_zone_changes_moves_its_moments():
    event = factories.event(starts_on=date(2027, 5, 1), start_time=NOON)
    event.zone = "Africa/Nairobi"
    event.save()
    assert Event.objects.get().starts_at == datetime(2027, 5, 1, 9, tzinfo=UTC)


# --- the desk -------------------------------------------------------------------------------------------------------
TYPED = {
    "name": "Mangrove schools", "slug": "mangroves", "summary": "What we learned.", "status": "published",
    "mode": "onsite", "starts_on": "2027-05-01", "ends_on": "", "zone": "UTC", "hashtags": "MangroveSchools, learning",
}  # fmt: skip


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def entered(desk, **changes):
    return desk.post("/admin/events/event/add/", TYPED | changes)


def test_event_entered_at_the_desk_is_published_with_its_tags(desk, client):
    assert entered(desk).status_code == 302
    event = Event.objects.get()
    assert sorted(event.hashtags.names()) == ["MangroveSchools", "learning"]
    assert client.get("/events/mangroves/").status_code == 200


def test_event_without_a_last_day_lasts_one_day(desk):
    entered(desk)
    assert Event.objects.get().days == 1


def test_event_left_at_utc_takes_the_zone_of_its_country(desk):
    entered(desk, country=factories.country("KE").pk)
    assert Event.objects.get().zone == "Africa/Nairobi"


def test_event_with_a_zone_of_its_own_keeps_it(desk):
    entered(desk, country=factories.country("KE").pk, zone="Asia/Tokyo")
    assert Event.objects.get().zone == "Asia/Tokyo"


def test_event_website_without_a_scheme_is_taken_for_https(desk):
    entered(desk, website="example.org/school")
    assert Event.objects.get().website == "https://example.org/school"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "calendar"}, "slug"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"name": ""}, "name"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"ends_on": "2027-04-30"}, "ends_on"),
        ({"end_time": "12:00"}, "start_time"),
    ],
)
def test_event_with_bad_input_is_refused_at_the_field_and_typed_text_stays(desk, changes, field):
    response = entered(desk, **changes)
    form = response.context["adminform"].form
    assert (response.status_code, list(form.errors), Event.objects.count()) == (200, [field], 0)
    assert "What we learned." in response.text


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_event_slug_that_is_part_of_other_addresses_is_refused(slug):
    event = factories.event()
    event.slug = slug
    with pytest.raises(ValidationError) as refusal:
        event.full_clean()
    assert refusal.value.message_dict == {"slug": ["This word is part of other addresses. Take another one."]}


def test_event_change_is_recorded_with_who_did_it(signed_in):
    person = factories.coordinator("Ada Obi")
    entered(signed_in(person))
    assert Event.objects.get().past.first().history_user == person


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#coast", ["coast"]), ("coast, #coast", ["coast"]), ("##coast #reef_2", ["coast", "reef_2"])],
)
def test_event_tags_are_kept_without_their_sign(desk, typed, kept):
    entered(desk, hashtags=typed)
    assert sorted(Event.objects.get().hashtags.names()) == kept


@pytest.mark.parametrize("typed", ["#", "c", "semi;colon", '"two words"', "<b>"])
def test_event_tag_that_is_none_is_refused_in_words(desk, typed):
    form = entered(desk, hashtags=typed).context["adminform"].form
    assert form.errors == {"hashtags": ["A tag has letters, digits and underscores only, without the #."]}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends_on": "2027-04-30"}, "ends_on", "The last day lies before the first."),
        ({"ends_on": "2027-04-30", "start_time": "9:00", "end_time": "8:00"}, "ends_on",
         "The last day lies before the first."),
        ({"start_time": "9:00", "end_time": "8:00"}, "end_time", "The event ends before it begins."),
        ({"start_time": "9:00", "end_time": "9:00"}, "end_time", "The event ends before it begins."),
        ({"end_time": "9:00"}, "start_time", "Say when it begins, too."),
    ],
)  # fmt: skip
def test_event_out_of_order_is_refused_once_at_the_field(desk, changes, field, words):
    assert entered(desk, **changes).context["adminform"].form.errors == {field: [words]}


def test_event_form_says_what_published_does(desk):
    assert "Published: everybody sees it as soon as you save it." in desk.get("/admin/events/event/add/").text
