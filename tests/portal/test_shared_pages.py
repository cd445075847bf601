"""Pages that are the same for everybody: kept once, out of date with the next publishing change, never personal."""

import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from members.directory.models import Member
from members.joining import services as joining
from portal.group.models import SpecialtyGroup
from portal.shared import pages, version
from portal.shared.kept import once_a_change
from portal.shared.middleware import Kept, Shelf
from reporters.coverage import services as coverages
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db
PATHS = ["/", "/fr/", "/members/", "/events/", "/es/events/?when=past", "/coverage/", "/wall/iucncec/", "/join/"]
MACHINES = ["/robots.txt", "/sitemap.xml", "/group.css"]


@pytest.mark.parametrize("path", [*PATHS, *MACHINES])
def test_shared_page_is_rendered_once(path, client, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(0):
        again = client.get(path)
    assert (again.content, again["ETag"], again.status_code) == (first.content, first["ETag"], 200)


@pytest.mark.parametrize("path", [*PATHS, *MACHINES])
def test_shared_page_holds_nothing_personal(path, client):
    response = client.get(path)
    assert (response["Cache-Control"], response["Vary"]) == ("public, no-cache", "Accept-Encoding, Cookie, HX-Request")
    assert response.cookies == {}
    assert [word for word in ("csrf", "nonce") if word in (response.text + str(response.headers)).lower()] == []


@pytest.mark.parametrize("path", PATHS)
def test_shared_page_that_the_browser_has_is_not_sent_again(path, client):
    etag = client.get(path)["ETag"]
    response = client.get(path, headers={"if-none-match": etag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert response["Vary"] == "Accept-Encoding, Cookie, HX-Request"


def test_shared_page_is_packed_for_those_who_can_unpack(client):
    plain = client.get("/events/")
    packed = client.get("/events/", headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain


def test_shared_page_first_asked_for_packed_is_plain_for_others(client):
    packed = client.get("/events/", headers={"accept-encoding": "gzip"})
    assert client.get("/events/").content == gzip.decompress(packed.content)


def test_shared_page_of_a_head_request_is_whole_afterwards(client):
    assert client.head("/events/").status_code == 200
    assert "</html>" in client.get("/events/").text


@pytest.mark.parametrize(
    "path", ["/events/?q=mangrove", "/events/?when=past&utm=1", "/?page=2", "/members/?region=africa"]
)
def test_shared_page_with_an_unlisted_parameter_is_rendered_in_full(path, client):
    responses = [client.get(path) for _time in range(2)]
    assert {response["Cache-Control"] for response in responses} == {"private, no-store"}


def test_shared_page_with_a_session_is_never_kept(signed_in, django_assert_max_num_queries):
    member = factories.member("Ada Obi", visibility="members")
    client = signed_in(member.user)
    assert "Ada Obi" in client.get("/members/").text
    response = client.get("/members/")
    assert (response["Cache-Control"], "ETag" in response) == ("private, no-store", False)
    client.logout()
    assert "Ada Obi" not in client.get("/members/").text


def test_shared_page_kept_for_visitors_is_not_given_to_a_session(signed_in):
    member = factories.member("Ada Obi", visibility="members")
    client = signed_in(member.user)
    session = client.cookies.pop("portal_session")
    assert "Ada Obi" not in client.get("/members/").text
    client.cookies["portal_session"] = session.value
    assert "Ada Obi" in client.get("/members/").text


def test_shared_page_part_for_htmx_is_kept_apart(client):
    whole = client.get("/events/")
    client.get("/events/", headers={"hx-request": "true"})
    assert client.get("/events/").content == whole.content


@pytest.mark.parametrize("value", ["no", "TRUE", ""])
def test_shared_page_of_another_htmx_header_is_no_part_for_others(client, value):
    parts = {"hx-request": "true"}
    client.get("/members/?view=map", headers={"hx-request": value})
    assert "</html>" not in client.get("/members/?view=map", headers=parts).text
    assert "</html>" in client.get("/members/?view=map", headers={"hx-request": value}).text


def test_shared_page_for_a_named_field_is_not_kept_for_others(client):
    parts = {"hx-request": "true"}
    typed = client.get("/members/?view=map", headers={**parts, "hx-trigger-name": "q"})
    assert (typed["HX-Replace-Url"], typed["Cache-Control"]) == ("/members/?view=map", "private, no-store")
    for _time in range(2):
        chosen = client.get("/members/?view=map", headers=parts)
        assert (chosen["HX-Push-Url"], "HX-Replace-Url" in chosen) == ("/members/?view=map", False)
    assert "HX-Replace-Url" in client.get("/members/?view=map", headers={**parts, "hx-trigger-name": "q"})


def test_shared_page_with_the_cache_away_is_still_rendered(cache_away, client):
    factories.event("Mangrove schools")
    responses = [client.get("/events/") for _time in range(2)]
    assert [("Mangrove schools" in response.text, response.status_code) for response in responses] == [(True, 200)] * 2


def test_shared_page_after_the_cache_was_lost_is_rendered_anew(client):
    client.get("/events/")
    factories.event("Mangrove schools")
    empty_cache()
    assert "Mangrove schools" in client.get("/events/").text


def test_version_of_a_cache_that_was_lost_is_a_new_one():
    before = version.current()
    empty_cache()
    assert version.current() not in {before, None}


def test_version_is_raised_when_the_change_is_committed_and_not_before(committed):
    before = version.current()
    with committed():
        version.raise_version()
        assert version.current() == before
    assert version.current() != before


def test_thing_kept_once_a_change_is_made_again_after_it(committed):
    made = []
    for _time in range(2):
        once_a_change("number", lambda: made.append(1))
    with committed():
        version.raise_version()
    once_a_change("number", lambda: made.append(1))
    assert len(made) == 2


# --- what raises the version ----------------------------------------------------------------------------------------
EVENT = {
    "name": "Renamed event", "slug": "renamed", "summary": "What we learned.", "status": "published", "mode": "online",
    "starts_on": "2030-01-02", "ends_on": "2030-01-03", "zone": "UTC",
}  # fmt: skip


def shown_after(client, path, change, committed):
    """What a visitor reads who had read the page before the change."""
    client.get(path)
    with committed():
        change()
    return client.get(path).text


def test_shared_page_shows_coverage_from_its_approval_to_its_decline(client, committed):
    coverage, moderator = factories.submitted(headline="The tables left the room"), factories.moderator()
    paths = [
        "/coverage/",
        f"/events/{coverage.event.slug}/",
        "/wall/iucncec/",
        "/",
        coverage.author.member.get_absolute_url(),
    ]
    before = ["tables left" in client.get(path).text for path in paths]
    with committed():
        coverages.approve(coverage, by=moderator)
    between = ["tables left" in client.get(path).text for path in paths]
    with committed():
        coverages.decline(coverage, by=moderator, reason="Taken down")
    assert (before, between) == ([False] * 5, [True] * 5)
    assert ["tables left" in client.get(path).text for path in paths] == [False] * 5


def test_shared_page_shows_a_new_member_who_shows_themselves(client, committed):
    application = factories.application(factories.user("Zoë Ñandú"))
    client.get("/members/")
    with committed():
        joining.approve(application, by=factories.coordinator())
        Member.objects.update(visibility="everyone")
    assert "Zoë Ñandú" in client.get("/members/").text


def test_shared_page_follows_a_saved_profile(client, signed_in, committed):
    member = factories.member("Ada Obi")
    data = {"name": "Ada Obi-Lund", "visibility": "everyone", "language": "en", "headline": "Teaches in mangroves"}
    text = shown_after(client, "/members/", lambda: signed_in(member.user).post("/me/profile/", data), committed)
    assert ("Ada Obi-Lund" in text, "Teaches in mangroves" in text) == (True, True)


def test_shared_page_follows_an_event_saved_at_the_desk(client, signed_in, committed):
    event, desk = factories.event("Old name", in_days=9), signed_in(factories.coordinator())
    path = f"/admin/events/event/{event.pk}/change/"
    text = shown_after(client, "/events/", lambda: desk.post(path, EVENT), committed)
    assert ("Old name" in text, "Renamed event" in text) == (False, True)


def test_shared_page_follows_an_event_deleted_at_the_desk(client, signed_in, committed):
    event, desk = factories.event("Old name", in_days=9), signed_in(factories.coordinator())
    data = {"action": "delete_selected", "_selected_action": event.pk, "post": "yes"}
    text = shown_after(client, "/events/", lambda: desk.post("/admin/events/event/", data), committed)
    assert "Old name" not in text


def test_shared_page_follows_a_page_saved_at_the_desk(client, signed_in, committed):
    page, desk = factories.page("about", en="About us"), signed_in(factories.coordinator())
    text_id = page.texts.get().pk
    data = {
        "slug": "about", "menu_place": 1, "is_published": "on", "files-TOTAL_FORMS": 0, "files-INITIAL_FORMS": 0,
        "texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 1, "texts-0-id": text_id, "texts-0-page": page.pk,
        "texts-0-language": "en", "texts-0-title": "Who we are", "texts-0-body": "<p>Volunteers</p>",
    }  # fmt: skip
    path = f"/admin/portal/page/{page.pk}/change/"
    assert "Who we are" in shown_after(client, "/events/", lambda: desk.post(path, data), committed)
    assert "Volunteers" in client.get("/pages/about/").text


def group_data(**changes):
    group = SpecialtyGroup.objects.current()
    names = [field.name for field in group._meta.fields if field.name != "id"]
    data = {name: getattr(group, name) for name in names}
    return {**data, "former_tags": ",".join(group.former_tags), **changes}


def test_shared_page_follows_the_group_renamed_at_the_desk(client, signed_in, committed):
    desk = signed_in(factories.coordinator())
    data = group_data(short_name_en="Learn & Lead", colour="#00008b")
    path = "/admin/portal/specialtygroup/1/change/"
    assert "Learn &amp; Lead" in shown_after(client, "/events/", lambda: desk.post(path, data), committed)
    assert "#00008b" in client.get("/group.css").text


# --- time -----------------------------------------------------------------------------------------------------------
def test_shared_page_is_rendered_anew_when_an_event_begins(client):
    moment = timezone.now() + timedelta(seconds=0.8)
    end = moment + timedelta(hours=1)
    factories.event(
        "Mangrove schools", starts_on=moment.date(), start_time=moment.time(), ends_on=end.date(), end_time=end.time()
    )
    assert "On now" not in client.get("/events/").text
    time.sleep(1)
    assert "On now" in client.get("/events/").text


def moment(hour, minute=0, day=5):
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "boundaries", "until"),
    [
        (moment(12), [], moment(12, 10)),
        (moment(12), [moment(12, 3)], moment(12, 3)),
        (moment(12), [moment(12, 7), moment(12, 3), None], moment(12, 3)),
        (moment(12), [moment(15)], moment(12, 10)),
        (moment(23, 55), [], moment(0, 0, day=6)),
    ],
)
def test_shared_page_is_kept_until_its_moment_midnight_or_ten_minutes(now, boundaries, until):
    request = HttpRequest()
    for boundary in boundaries:
        pages.fresh_until(request, boundary)
    assert pages.expiry(request, now) == until


def kept(*, size=1, seconds=60):
    return Kept(version=b"1", until=time.monotonic() + seconds, headers={}, plain=b"x" * size, packed=b"")


def test_shelf_that_is_full_drops_the_oldest_page():
    shelf = Shelf(room=10_000)
    for name in ("one", "two", "three"):
        shelf.put(name, kept(size=3_000))
    assert [shelf.take(name, b"1") is None for name in ("one", "two", "three")] == [True, False, False]


def test_shelf_gives_no_page_of_another_version_nor_after_its_time():
    shelf = Shelf()
    shelf.put("now", kept())
    shelf.put("past", kept(seconds=-1))
    assert [shelf.take("now", b"1") is None, shelf.take("now", b"2"), shelf.take("past", b"1")] == [False, None, None]


def test_page_that_is_not_there_is_not_kept(client):
    assert client.get("/events/later/").status_code == 404
    factories.event(slug="later")
    assert client.get("/events/later/").status_code == 200


def test_page_while_debugging_is_never_kept(settings):
    settings.DEBUG = True
    assert "ETag" not in Client().get("/events/")
