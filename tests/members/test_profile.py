"""A member's page and the form behind it: who sees which part, what machines read, and what is refused."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from members.directory import services, zones
from members.directory.models import Member
from members.directory.parts import PARTS, column
from members.directory.sites import kind_of
from portal import images
from portal.group.models import Topic
from tests import factories, pictures

pytestmark = pytest.mark.django_db
EVERYONE, MEMBERS, COORDINATORS = range(3)
PROFILE = {"name": "Ada Obi", "visibility": "everyone", "language": "en", "takes_requests": "on"}
# What stands on a page of each part, for `whole`.
SIGNS = {
    "headline": ["quenda headline"],
    "organisation": ["quenda organisation"],
    "bio": ["quenda bio"],
    "topics": ["Facilitation"],
    "languages": ["Speaks", "knowsLanguage"],
    "city": ["quenda city"],
    "country": ["Kenya", '"KE"'],
    "time_zone": ["Port Moresby"],
    "links": ["quenda.example.org"],
    "portrait": ["/media/portraits/", "og:image"],
    "hours_pledged": ["11 hours a month"],
    "away": ["Away until", "Stand Quenda"],
}


@pytest.fixture
def ada(signed_in):
    member = factories.member("Ada Obi")
    return member, signed_in(member.user)


def whole(**parts):
    """A member who tells something in each part, all of it for everyone unless `parts` say otherwise."""
    shown = dict.fromkeys(map(column, PARTS), EVERYONE) | {column(part): level for part, level in parts.items()}
    member = factories.member(
        "Whole Quenda", headline="quenda headline", organisation="quenda organisation", bio="quenda bio",
        city="quenda city", country=factories.country(), languages=["fr"], time_zone="Pacific/Port_Moresby",
        hours_pledged=11, away_until=timezone.localdate() + timedelta(days=3), **shown,
        stand_in=factories.member("Stand Quenda"),
    )  # fmt: skip
    member.topics.add(Topic.objects.get(slug="facilitation"))
    services.set_links(member, ["https://quenda.example.org/blog"])
    services.set_portrait(member, pictures.jpeg())
    return member


def seen(client, member):
    """The parts of a profile of which anything at all stands in its page."""
    text = client.get(member.get_absolute_url()).text
    return {part for part, signs in SIGNS.items() if any(sign in text for sign in signs)}


# --- the page -------------------------------------------------------------------------------------------------------
def test_page_shows_everyone_every_part_that_is_for_everyone(client):
    assert seen(client, whole()) == set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_page_holds_nothing_of_a_hidden_part_for_visitors_and_other_members(client, signed_in, part):
    member = whole(**{part: COORDINATORS})
    readers = (client, signed_in(factories.member("Other").user), signed_in(factories.coordinator()))
    assert [set(PARTS) - seen(reader, member) for reader in readers] == [{part}, {part}, set()]


def test_page_shows_members_what_is_for_members(client, signed_in):
    member = whole(**dict.fromkeys(PARTS, MEMBERS))
    readers = (client, signed_in(factories.user()), signed_in(factories.member("Other").user))
    assert [len(seen(reader, member)) for reader in readers] == [0, 0, len(PARTS)]


def test_page_tells_machines_what_it_tells_people(client):
    member = whole(headline=COORDINATORS)
    text = client.get(member.get_absolute_url()).text
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert (told["@type"], told["name"], told["knowsAbout"], "jobTitle" in told) == (
        "Person", "Whole Quenda", ["Facilitation"], False,
    )  # fmt: skip
    assert told["sameAs"] == ["https://quenda.example.org/blog"]
    assert [
        name for name in ("h-card", "p-name", "p-org", "p-locality", "u-photo", "p-category") if name not in text
    ] == []
    assert '<meta property="og:title" content="Whole Quenda">' in text


def test_page_data_cannot_end_its_block(client):
    member = factories.member("Ada </script><script>alert(1)</script>", bio="<!-- </SCRIPT> & \u2028 >")
    text = client.get(member.get_absolute_url()).text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert [json.loads(one)["name"] for one in found] == ["Ada </script><script>alert(1)</script>"]
    assert "<script>alert" not in text


def test_page_for_members_only_tells_machines_nothing(signed_in):
    member = factories.member(visibility="members")
    text = signed_in(factories.member("Other").user).get(member.get_absolute_url()).text
    assert ["noindex" in text, "ld+json" in text, "og:title" in text] == [True, False, False]


def test_page_names_no_stand_in_whom_the_viewer_may_not_see(client, signed_in):
    member = whole()
    Member.objects.filter(pk=member.stand_in_id).update(visibility="members")
    readers = (client, signed_in(factories.member("Other").user))
    assert ["Stand Quenda" in reader.get(member.get_absolute_url()).text for reader in readers] == [False, True]


def test_page_forgets_an_absence_that_is_over(client):
    member = whole()
    Member.objects.filter(pk=member.pk).update(away_until=timezone.localdate() - timedelta(days=1))
    text = client.get(member.get_absolute_url()).text
    assert ["Away until" in text, "Stand Quenda" in text] == [False, False]


def test_page_tells_members_the_hour_and_visitors_the_zone(client, signed_in):
    member = whole()
    texts = [reader.get(member.get_absolute_url()).text for reader in (client, signed_in(member.user))]
    assert [["Time zone" in text, "Time there" in text, "UTC+10" in text] for text in texts] == [
        [True, False, True], [False, True, True],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "month", "wanted"),
    [("Asia/Kathmandu", 1, "UTC+5:45"), ("America/St_Johns", 7, "UTC−2:30"), ("UTC", 1, "UTC"),
     ("Europe/Paris", 7, "UTC+2")],
)  # fmt: skip
def test_zone_says_how_far_it_is_from_utc(zone, month, wanted):
    moment = timezone.datetime(2026, month, 9, 12, tzinfo=timezone.get_fixed_timezone(0))
    assert zones.clock(zone, moment).offset == wanted


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://mastodon.social/@ada", "Mastodon"),
        ("https://www.youtube.com/@ada", "YouTube"),
        ("https://bsky.app/profile/ada.example", "Bluesky"),
        ("https://twitter.com/ada", "X"),
        ("https://fr.linkedin.com/in/ada", "LinkedIn"),
        ("https://orcid.org/0000-0002-1825-0097", "ORCID"),
        ("https://www.flickr.com/photos/ada", "Flickr"),
        ("https://ada.wordpress.com/", "Blog"),
        ("https://example.org/blog/", "Blog"),
        ("https://notx.com/ada", "Website"),
        ("https://example.org/", "Website"),
        ("https://[::1/", "Website"),
    ],
)
def test_link_says_what_it_is(url, name):
    assert str(kind_of(url).name) == name


# --- through others' eyes -------------------------------------------------------------------------------------------
def test_seen_as_shows_what_each_audience_sees(signed_in):
    member = whole(bio=MEMBERS, city=COORDINATORS)
    client = signed_in(member.user)
    texts = [client.get(f"/me/profile/seen-by/{who}/").text for who in ("everyone", "members", "coordinators")]
    assert [["quenda bio" in text, "quenda city" in text, "noindex" in text] for text in texts] == [
        [False, False, True], [True, False, True], [True, True, True],
    ]  # fmt: skip


def test_seen_as_everyone_of_a_profile_for_members_is_nothing(signed_in):
    member = factories.member(visibility="members", bio="quenda bio")
    text = signed_in(member.user).get("/me/profile/seen-by/everyone/").text
    assert ["Visitors do not see your page" in text, "quenda bio" in text] == [True, False]


# --- the form -------------------------------------------------------------------------------------------------------
def test_form_saves_who_sees_each_part(ada):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {column(part): COORDINATORS for part in PARTS})
    saved = Member.objects.get()
    assert {getattr(saved, column(part)) for part in PARTS} == {COORDINATORS}
    assert saved.edited_at is not None


def test_form_without_audiences_leaves_them_as_they_are(ada):
    _member, client = ada
    Member.objects.update(bio_shown_to=COORDINATORS)
    client.post("/me/profile/", PROFILE)
    assert Member.objects.get().bio_shown_to == COORDINATORS


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bio_shown_to": "7"}, "bio_shown_to"),
        ({"hours_pledged": "201"}, "hours_pledged"),
        ({"hours_pledged": "-1"}, "hours_pledged"),
        ({"hours_pledged": "some"}, "hours_pledged"),
        ({"away_until": "next week"}, "away_until"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"stand_in": "Nobody Here"}, "stand_in"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "🦜" * 500}, "name"),
        ({"headline": "🦜" * 500}, "headline"),
        ({"links": "javascript:alert(1)"}, "links"),
        ({"links": "http://127.0.0.1/"}, "links"),
        ({"links": "http://[::1]/"}, "links"),
        ({"links": "http://10.1.2.3/x"}, "links"),
        ({"links": "http://localhost/"}, "links"),
        ({"links": "http://printer.local/"}, "links"),
        ({"links": "https://ada:secret@example.org/"}, "links"),
    ],
)
def test_form_with_bad_input_is_answered_at_the_field_and_keeps_what_was_typed(ada, change, field):
    _member, client = ada
    response = client.post("/me/profile/", PROFILE | {"organisation": "Lake school", "city_shown_to": 2} | change)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert "Lake school" in response.text
    assert response.context["form"]["city_shown_to"].value() == "2"
    assert Member.objects.get().organisation == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Ñ", "Ñ"), ("李", "李"), ("محمد علي", "محمد علي"), ("שָׂרָה", "שָׂרָה"), ("👩‍🏫", "👩‍🏫"),
     ("Ada\u202e Obi\u200b", "Ada Obi"),
     ("नमस्ते", "नमस्ते"), (" Ada \t Obi ", "Ada Obi")],
)  # fmt: skip
def test_form_takes_names_in_every_script(ada, typed, kept):
    member, client = ada
    assert client.post("/me/profile/", PROFILE | {"name": typed}).status_code == 302
    member.user.refresh_from_db()
    assert member.user.name == kept
    assert client.get(member.get_absolute_url()).status_code == 200


def test_form_takes_the_zone_of_the_country_and_shows_it_to_no_more_people(ada):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {"country": factories.country().pk, "country_shown_to": COORDINATORS})
    saved = Member.objects.get()
    assert (saved.time_zone, saved.time_zone_shown_to) == ("Africa/Nairobi", COORDINATORS)


def test_form_keeps_a_zone_that_was_chosen(ada):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {"country": factories.country().pk, "time_zone": "Europe/Paris"})
    assert Member.objects.get().time_zone == "Europe/Paris"


def test_form_offers_zones_by_area():
    areas = {str(area): [zone for zone, _name in choices] for area, choices in zones.by_area()}
    assert ("Africa/Nairobi" in areas["Africa"], areas["UTC"]) == (True, ["UTC"])


@pytest.mark.parametrize("typed", ["Zoé Lund", "zoe lund", "zoe-lund", "http://localhost:8000/members/zoe-lund/"])
def test_form_finds_who_stands_in(ada, typed):
    _member, client = ada
    other = factories.member("Zoé Lund")
    client.post("/me/profile/", PROFILE | {"stand_in": typed})
    assert Member.objects.get(user__name="Ada Obi").stand_in == other


def test_form_asks_which_of_two_stands_in(ada):
    _member, client = ada
    others = [factories.member("Zoé Lund") for _number in range(2)]
    response = client.post("/me/profile/", PROFILE | {"stand_in": "Zoe Lund"})
    assert response.context["form"].errors["stand_in"] == [
        "Several members have this name. Write one of: zoe-lund, zoe-lund-2"
    ]
    client.post("/me/profile/", PROFILE | {"stand_in": "zoe-lund-2"})
    client.post("/me/profile/", PROFILE | {"stand_in": "Zoé Lund"})  # as the form shows it again
    assert Member.objects.get(user__name="Ada Obi").stand_in == others[1]


@pytest.mark.parametrize("state", [{"status": "unclaimed"}, {"status": "alumni", "left_at": timezone.now()}])
def test_form_finds_nobody_to_stand_in_who_is_no_member(ada, state):
    _member, client = ada
    factories.member("Zoé Lund", **state)
    response = client.post("/me/profile/", PROFILE | {"stand_in": "Zoé Lund"})
    assert list(response.context["form"].errors) == ["stand_in"]


def test_form_lets_nobody_stand_in_for_themselves(ada):
    _member, client = ada
    assert list(client.post("/me/profile/", PROFILE | {"stand_in": "Ada Obi"}).context["form"].errors) == ["stand_in"]


def test_form_carries_words_by_which_a_topic_is_found(ada):
    _member, client = ada
    boxes = re.findall(r'data-words="([^"]*)"', client.get("/me/profile/").text)
    assert len(boxes) == Topic.objects.count()
    sustainable = next(words.split("|") for words in boxes if "esd" in words.split("|"))
    assert ["edd" in sustainable, "educacion para la sostenibilidad" in sustainable] == [True, True]


# --- the portrait ---------------------------------------------------------------------------------------------------
def corner():
    """What stands in the left upper corner of the portrait: red or blue."""
    red, _green, blue = Image.open(Member.objects.get().portrait).convert("RGB").getpixel((10, 10))
    return "red" if red > blue else "blue"


@pytest.mark.parametrize(
    ("cut", "wanted"),
    [("0 0 0.5", "red"), ("0 0.6 0.5", "blue"), ("0 0.9 1", "red"), ("0 1 0.2", "blue"), ("", "red"),
     ("garbage", "red"), ("nan nan nan", "red"), ("0 -3 9", "red"), ("0 0 0", "red"), ("1e999 0 1", "red")],
)  # fmt: skip
def test_portrait_is_the_square_that_was_chosen(ada, cut, wanted):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {"new_portrait": pictures.jpeg(size=(60, 80)), "cut": cut})
    portrait = Member.objects.get().portrait
    assert ((portrait.width, portrait.height), corner()) == ((480, 480), wanted)


def test_portrait_of_a_phone_is_cut_as_it_is_seen(ada):
    _member, client = ada
    phone = pictures.on_its_side("HEIF", "phone.heic")
    client.post("/me/profile/", PROFILE | {"new_portrait": phone, "cut": "0 0.6 0.5"})
    assert corner() == "blue"


def test_portrait_is_kept_while_something_else_is_corrected(ada):
    _member, client = ada
    data = {"name": "", "new_portrait": pictures.jpeg(), "portrait_shown_to": COORDINATORS}
    response = client.post("/me/profile/", PROFILE | data)
    saved = Member.objects.get()
    assert (list(response.context["form"].errors), bool(saved.portrait)) == (["name"], True)
    assert saved.portrait_shown_to == COORDINATORS
    assert saved.portrait.url in response.text


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3, 2)])
def test_cut_of_a_tiny_picture_is_a_square(size):
    picture = Image.new("RGB", size)
    assert images.cut_out(picture, images.Cut(1, 1, 0.001), 48).size == (48, 48)
    assert io.BytesIO(images.as_webp(picture, "x.webp").read()).getvalue()[:4] == b"RIFF"
