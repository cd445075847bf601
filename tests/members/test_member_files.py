"""Files of the directory: a table, cards for address books, the feeds of blogs. None tells more than the pages do."""

import csv
import io
import logging
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.directory import services
from members.directory.models import Link
from members.directory.parts import PARTS, Audience, column
from portal.formats.vcard import Card, escaped, folded
from portal.group.models import Topic
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db


def told(name="Ada Obi", *, level=Audience.EVERYONE, **profile):
    """A member who has told everything about themselves, to this audience."""
    words = {
        "headline": "Teacher", "organisation": "Shore School", "bio": "Ask me, please; it helps.", "city": "Kisumu",
        "languages": ["fr", "en"], "time_zone": "Africa/Nairobi", "hours_pledged": 7,
    }  # fmt: skip
    levels = {column(part): level for part in PARTS}
    member = factories.member(name, **{"country": factories.country()} | words | levels | profile)
    member.topics.add(Topic.objects.get(slug="facilitation"))
    services.set_links(member, ["https://ada.example.org/blog"])
    member.links.update(feed="https://ada.example.org/feed")
    return member


def rows(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


@pytest.fixture
def member(signed_in):
    return signed_in(factories.member("Zoe Reader").user)


@pytest.fixture
def coordinator(signed_in):
    return signed_in(factories.coordinator())


# --- the table ------------------------------------------------------------------------------------------------------
def test_export_for_members_has_what_they_may_see(member):
    told()
    row = rows(member.get("/members/export.csv"))[0]
    assert row == {
        "Name": "Ada Obi", "What they do": "Teacher", "Organisation": "Shore School", "Town or city": "Kisumu",
        "Country": "Kenya", "Languages": "Français, English", "Topics": "Facilitation",
        "Time zone": "Africa/Nairobi", "About": "Ask me, please; it helps.", "Links": "https://ada.example.org/blog",
        "Open to requests": "yes", "Away until": "", "Member since": row["Member since"],
        "Profile": "http://localhost:8000/members/ada-obi/",
    }  # fmt: skip


def test_export_asks_who_it_holds_before_it_answers(member):
    told()
    response = member.get("/members/export.csv")
    factories.member("Late Comer")
    assert [row["Name"] for row in rows(response)] == ["Ada Obi", "Zoe Reader"]


def test_export_for_coordinators_has_addresses_and_hours_as_well(coordinator):
    member = told(level=Audience.COORDINATORS)
    row = rows(coordinator.get("/members/export.csv"))[0]
    assert (row["E-mail address"], row["Hours a month"], row["Town or city"]) == (member.user.email, "7", "Kisumu")


@pytest.mark.parametrize("part", [part for part in PARTS if part not in {"portrait", "hours_pledged"}])
def test_export_keeps_what_is_for_coordinators_from_members(member, part):
    told(**{column(part): Audience.COORDINATORS, "away_until": "2999-01-01"})
    names = {"headline": "What they do", "organisation": "Organisation", "bio": "About", "topics": "Topics",
             "languages": "Languages", "city": "Town or city", "country": "Country", "time_zone": "Time zone",
             "links": "Links", "away": "Away until"}  # fmt: skip
    row = rows(member.get("/members/export.csv"))[0]
    assert [name for name in names.values() if not row[name]] == [names[part]]


def test_export_has_the_words_the_filters_and_the_order_of_the_list(member):
    told("Ada Obi")
    told("Bea Obi", languages=["es"])
    told("Cho Lee")
    found = [
        [row["Name"] for row in rows(member.get(f"/members/export.csv?{query}"))]
        for query in ("q=obi&language=fr", "country=KE&sort=-name", "q=nobodyatall")
    ]
    assert found == [["Ada Obi"], ["Cho Lee", "Bea Obi", "Ada Obi"], []]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_export_runs_no_formula(member, sign):
    told(headline=f"{sign}SUM(A1)")
    assert rows(member.get("/members/export.csv"))[0]["What they do"] == f"'{sign}SUM(A1)"


def test_export_speaks_the_language_of_the_address(member):
    told(country=factories.country("DE"))
    assert "Alemania" in next(iter(rows(member.get("/es/members/export.csv")))).values()


def test_list_offers_its_export_where_somebody_is_found(member):
    offered = ["/members/export.csv" in member.get(f"/members/?q={words}").text for words in ("", "zzqxzzqx")]
    assert offered == [True, False]


def test_export_is_for_members_and_staff(client, signed_in):
    answers = [one.get("/members/export.csv") for one in (client, signed_in(factories.user()))]
    assert [(one.status_code, one.get("Location")) for one in answers] == [
        (302, "/accounts/login/?next=/members/export.csv"), (404, None),
    ]  # fmt: skip


def test_export_is_logged_without_words_and_names(member, caplog):
    with caplog.at_level(logging.INFO, "members.directory.downloads"):
        member.get("/members/export.csv?q=secret+name&country=KE")
    record = caplog.records[-1]
    assert (record.message, record.audience, record.filters, record.words) == (
        "members exported",
        "MEMBERS",
        ["country"],
        True,
    )
    assert "secret" not in str(record.__dict__)


def test_export_asks_as_often_for_thirty_members_as_for_one(member):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            b"".join(member.get("/members/export.csv").streaming_content)
        return len(asked)

    told()
    queries()  # names of countries are kept from now on
    once = queries()
    for number in range(29):
        told(f"Person {number}")
    assert queries() == once


# --- the card -------------------------------------------------------------------------------------------------------
def lines(response):
    """The card's lines, unfolded (RFC 6350, 3.2)."""
    text = response.content.decode()
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_card_for_members_is_a_vcard_without_address(member):
    ada = told()
    response = member.get(f"{ada.get_absolute_url()}card.vcf")
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="ada-obi.vcf"'
    assert lines(response) == [
        "BEGIN:VCARD", "VERSION:4.0", "FN:Ada Obi", "KIND:individual", "UID:http://localhost:8000/members/ada-obi/",
        "TITLE:Teacher", "ORG:Shore School", "ADR:;;;Kisumu;;;Kenya", "LANG;PREF=1:fr", "LANG;PREF=2:en",
        "TZ:Africa/Nairobi", "URL:http://localhost:8000/members/ada-obi/", "URL:https://ada.example.org/blog",
        "CATEGORIES:Facilitation", r"NOTE:Ask me\, please\; it helps.", "END:VCARD",
    ]  # fmt: skip


def test_card_for_coordinators_has_the_address(coordinator):
    ada = told(level=Audience.COORDINATORS)
    found = lines(coordinator.get(f"{ada.get_absolute_url()}card.vcf"))
    assert (f"EMAIL:{ada.user.email}" in found, "TITLE:Teacher" in found) == (True, True)


def test_card_has_nothing_that_is_kept_from_its_reader(member):
    ada = told(level=Audience.COORDINATORS)
    assert lines(member.get(f"{ada.get_absolute_url()}card.vcf")) == [
        "BEGIN:VCARD", "VERSION:4.0", "FN:Ada Obi", "KIND:individual", "UID:http://localhost:8000/members/ada-obi/",
        "URL:http://localhost:8000/members/ada-obi/", "END:VCARD",
    ]  # fmt: skip


def test_card_is_for_members_and_staff(client, signed_in):
    path = f"{told().get_absolute_url()}card.vcf"
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
    assert signed_in(factories.user()).get(path).status_code == 404


def test_card_of_nobody_is_not_there(member):
    assert member.get("/members/no-such-person/card.vcf").status_code == 404


def test_card_is_linked_from_the_page_for_those_who_may_take_it(client, signed_in, member):
    ada = told()
    path = f"{ada.get_absolute_url()}card.vcf"
    pages = [one.get(ada.get_absolute_url()).text for one in (client, signed_in(factories.user()), member)]
    assert [path in page for page in pages] == [False, False, True]


def test_vcard_values_are_escaped_as_rfc_6350_shows():
    # 3.4 and the examples of 6.6.4 and 6.7.2
    assert escaped("ABC, Inc.; a\\b\r\nnext") == r"ABC\, Inc.\; a\\b\nnext"
    card = Card("Ada")
    card.parts("ORG", ["ABC, Inc.", "North American Division", "Marketing"])
    card.texts("CATEGORIES", ["INTERNET", "a,b"])
    assert str(card).split("\r\n")[3:5] == [
        r"ORG:ABC\, Inc.;North American Division;Marketing",
        r"CATEGORIES:INTERNET,a\,b",
    ]


def test_vcard_lines_are_folded_at_75_octets_between_characters():
    line = "NOTE:" + "é" * 100
    pieces = folded(line).split("\r\n")
    assert max(len(piece.encode()) for piece in pieces) <= 75
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line


def test_vcard_property_is_not_made_by_a_value():
    card = Card("Ada\r\nEMAIL:x@example.org\x00")
    card.plain("URL", "https://example.org/\r\nTEL:1")
    assert str(card).split("\r\n")[2:4] == [r"FN:Ada\nEMAIL:x@example.org", "URL:https://example.org/TEL:1"]


# --- the feeds of blogs ---------------------------------------------------------------------------------------------
def outlines(response):
    tree = ElementTree.fromstring(response.content)
    assert (tree.tag, tree.get("version")) == ("opml", "2.0")
    return [one.attrib for one in tree.iterfind("body/outline")]


def test_blogs_are_the_open_links_with_a_feed(client):
    ada = told("Ada & <Obi>")
    Link.objects.create(member=ada, url="https://nofeed.example.org/", position=2)
    told("Hidden Person", visibility="members")
    told("Quiet Person", links_shown_to=Audience.MEMBERS)
    assert outlines(client.get("/members/blogs.opml")) == [
        {"text": "Ada & <Obi>: ada.example.org/blog", "title": "Ada & <Obi>: ada.example.org/blog", "type": "rss",
         "xmlUrl": "https://ada.example.org/feed", "htmlUrl": "https://ada.example.org/blog"},
    ]  # fmt: skip


def test_blogs_for_members_have_what_is_shown_to_members(signed_in, member):
    told("Hidden Person", visibility="members")
    quiet = told("Quiet Person", links_shown_to=Audience.MEMBERS)
    silent = told("Silent Person", links_shown_to=Audience.COORDINATORS)
    readers = (member, signed_in(factories.user()), signed_in(silent.user), signed_in(quiet.user))
    found = [[one["text"].split()[0] for one in outlines(reader.get("/members/blogs.opml"))] for reader in readers]
    assert found == [["Hidden", "Quiet"], [], ["Hidden", "Quiet", "Silent"], ["Hidden", "Quiet"]]


def test_blogs_are_shared_among_visitors(client):
    told()
    response = client.get("/members/blogs.opml")
    assert (response["Cache-Control"], response["Content-Type"]) == ("public, no-cache", "text/x-opml; charset=utf-8")
    assert client.get("/members/blogs.opml", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_blogs_of_nobody_are_an_empty_list(client):
    assert outlines(client.get("/members/blogs.opml")) == []


def test_blogs_are_linked_from_the_list_once_there_is_one(client):
    factories.member()
    texts = [client.get("/members/").text]
    told()
    empty_cache()
    texts.append(client.get("/members/").text)
    assert ['href="/members/blogs.opml"' in text for text in texts] == [False, True]
