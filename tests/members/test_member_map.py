"""The map and the table beside the list of members, and the ways to show it: each state has an address."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.directory.parts import Audience
from members.directory.views import PER_PAGE
from portal.group.models import Country, Topic
from portal.maps import drawing, outlines
from scripts import world
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody():
    """A member in a country, given by its code."""

    def make(name, country, *topics, **profile):
        member = factories.member(name, country=factories.country(country), **profile)
        member.topics.set(Topic.objects.filter(slug__in=topics))
        return member

    return make


@pytest.fixture
def four(somebody):
    somebody("Ada Obi", "KE", "facilitation", languages=["en"])
    somebody("Bea Moss", "KE", languages=["fr"])
    somebody("Luz Ocampo", "EC", "facilitation")
    somebody("Sam Diop", "SN", headline="Radio maker")


class Links(HTMLParser):
    """The links of the drawing by their id: label and address, and whether the place is chosen."""

    def __init__(self, text):
        super().__init__()
        self.found, self.is_inside = {}, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.is_inside = self.is_inside or (tag == "svg" and given.get("class", "").startswith("map"))
        if self.is_inside and tag == "a" and "id" in given:
            self.found[given["id"]] = (given["aria-label"], given["href"], "aria-current" in given)

    def handle_endtag(self, tag):
        self.is_inside = self.is_inside and tag != "svg"


def drawn(response):
    return Links(response.text).found


def table(response):
    """Name, number and address of each line of the table beside the map."""
    line = re.compile(r'<th scope="row"><a id="row-[\w-]+" href="([^"]*)"[^>]*>([^<]*)</a></th><td>(\d+)</td>')
    return [(unescape(name), int(count), unescape(url)) for url, name, count in line.findall(response.text)]


# --- the map --------------------------------------------------------------------------------------------------------
def test_map_of_the_world_has_regions_as_pins_and_countries_as_dots(client, four):
    assert drawn(client.get("/members/?view=map")) == {
        "map-africa": ("Africa: 3 members", "?region=africa&view=map", False),
        "map-meso-south-america": (
            "Meso and South America: 1 member", "?region=meso-south-america&view=map", False,
        ),
        "map-EC": ("Ecuador: 1 member", "?country=EC&view=map", False),
        "map-KE": ("Kenya: 2 members", "?country=KE&view=map", False),
        "map-SN": ("Senegal: 1 member", "?country=SN&view=map", False),
    }  # fmt: skip


@pytest.mark.parametrize("view", ["", "table"])
def test_map_beside_a_list_is_brief(client, four, view):
    response = client.get(f"/members/?view={view}")
    assert [label for label, _url, _chosen in drawn(response).values()] == [
        "Africa: 3 members", "Meso and South America: 1 member",
    ]  # fmt: skip
    assert [response.text.count(f'.svg#{code}"') for code in ("KE", "EC", "SN")] == [1, 1, 1]
    assert [name for name, _count, _url in table(response)] == ["Africa", "Meso and South America"]
    assert 'href="?view=map"' in response.text


def test_map_of_a_region_has_its_countries_and_the_way_back(client, four):
    response = client.get("/members/?region=africa")
    assert drawn(response) == {
        "map-KE": ("Kenya: 2 members", "?region=africa&country=KE", False),
        "map-SN": ("Senegal: 1 member", "?region=africa&country=SN", False),
    }
    assert [(step.label, step.address) for step in response.context["places"].trail] == [
        ("Whole world", "?"), ("Africa", "?region=africa"),
    ]  # fmt: skip


def test_map_with_a_country_marks_it_and_lets_it_go(client, four):
    response = client.get("/members/?country=KE")
    assert drawn(response) == {
        "map-KE": ("Kenya: 2 members", "?", True),
        "map-SN": ("Senegal: 1 member", "?country=SN", False),
    }
    assert [step.label for step in response.context["places"].trail] == ["Whole world", "Africa", "Kenya"]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("topic=facilitation", {"map-africa": 1, "map-meso-south-america": 1, "map-EC": 1, "map-KE": 1}),
        ("language=fr", {"map-africa": 1, "map-KE": 1}),
        ("q=radio", {"map-africa": 1, "map-SN": 1}),
        ("q=nobodyatall", {}),
    ],
)
def test_map_counts_whom_words_and_other_filters_leave(client, four, query, places):
    found = drawn(client.get(f"/members/?{query}&view=map"))
    assert {name: int(re.search(r"\d+", label)[0]) for name, (label, _url, _chosen) in found.items()} == places
    assert all(query in url for _label, url, _chosen in found.values())


def test_map_keeps_words_filters_view_and_order_in_its_links(client, four):
    found = drawn(client.get("/members/?q=radio&topic=&view=map&sort=-since&page=1"))
    assert found["map-SN"][1] == "?q=radio&country=SN&view=map&sort=-since"


def test_map_counts_a_country_for_those_alone_who_may_see_it(client, signed_in, somebody):
    quiet = somebody("Quiet Person", "KE", country_shown_to=Audience.MEMBERS)
    somebody("Hidden Person", "SN", visibility="members")
    readers = (client, signed_in(factories.user()), signed_in(quiet.user))
    assert [sorted(drawn(reader.get("/members/?view=map"))) for reader in readers] == [
        [], [], ["map-KE", "map-SN", "map-africa"],
    ]  # fmt: skip


def test_map_has_the_same_figures_as_its_table(client, four):
    for query in ("", "?view=map", "?region=africa", "?topic=facilitation", "?country=KE"):
        response = client.get(f"/members/{query}")
        said = {label for label, _url, _chosen in drawn(response).values()}
        rows = {f"{name}: {count} member{'s' * (count != 1)}" for name, count, _url in table(response)}
        assert said <= rows
        assert len(rows - said) <= 1  # the region that fills the map


def test_table_beside_the_map_has_links_and_the_way_back(client, four):
    assert table(client.get("/members/?view=map")) == [
        ("Africa", 3, "?region=africa&view=map"), ("Kenya", 2, "?country=KE&view=map"),
        ("Senegal", 1, "?country=SN&view=map"),
        ("Meso and South America", 1, "?region=meso-south-america&view=map"), ("Ecuador", 1, "?country=EC&view=map"),
    ]  # fmt: skip
    assert table(client.get("/members/?country=KE")) == [
        ("Africa", 3, "?"), ("Kenya", 2, "?"), ("Senegal", 1, "?country=SN"),
    ]  # fmt: skip


def test_map_follows_the_filters_in_what_is_swapped(client, four):
    response = client.get("/members/?country=KE", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == "/members/?country=KE"
    assert drawn(response) == drawn(client.get("/members/?country=KE"))
    assert table(response) == table(client.get("/members/?country=KE"))


def test_map_asks_as_often_for_thirty_members_as_for_one(client, somebody):
    def queries():
        empty_cache()
        with CaptureQueriesContext(connection) as asked:
            client.get("/members/?view=map&q=obi")
        return len(asked)

    somebody("Ada Obi", "KE")
    once = queries()
    for country in Country.objects.all()[:29]:
        somebody("Ada Obi", country.code)
    assert queries() == once


def test_map_is_a_small_part_of_the_page(client, somebody):
    for country in Country.objects.exclude(code="AQ")[:120]:
        somebody("Ada Obi", country.code)
    shared = client.get("/members/", headers={"Accept-Encoding": "gzip"})
    assert len(shared.content) < 10_000


# --- drawing --------------------------------------------------------------------------------------------------------
def test_outlines_that_are_served_are_those_of_the_data():
    assert world.TARGET.read_text() == world.world()


def test_outlines_know_every_country_of_the_portal():
    known = set(Country.objects.values_list("code", flat=True))
    assert known - outlines.countries().keys() == {"AQ"}


def test_outlines_are_read_as_svg_paths_are():
    square = [(1, 2), (3, 2), (3, 4), (1, 4)]
    assert outlines.rings("M1 2l2 0 0 2-2 0zm5 5l1 0 0 1z") == [square, [(6, 9), (7, 9), (7, 10)]]
    assert outlines.area(square) == 4


@pytest.mark.parametrize("region", ["africa", "oceania", "north-america-caribbean", "west-asia"])
def test_frame_of_a_region_holds_all_its_countries(region):
    codes = list(Country.objects.filter(region__slug=region).exclude(code="AQ").values_list("code", flat=True))
    frame = drawing.around(codes)
    assert drawing.LOWEST <= frame.height <= drawing.HIGHEST
    for x, y in map(frame.place, codes):
        assert (0 < x < outlines.WIDTH, 0 < y < frame.height) == (True, True)


def test_frame_of_what_lies_on_both_edges_goes_on_to_the_right():
    frame = drawing.around(["FJ", "PF", "NZ"])  # French Polynesia is on the left of the world's map
    assert frame.is_eastward
    assert frame.place("FJ")[0] < frame.place("PF")[0]


def test_frame_of_nothing_is_the_world():
    assert drawing.around(["XX"]) == drawing.WORLD


def test_drawing_escapes_what_it_is_told():
    mark = drawing.Mark("KE", 1, '"><script>', "?a=1&b=2")
    assert "<script>" not in drawing.draw("<b>", [mark])
    assert 'href="?a=1&amp;b=2"' in drawing.draw("", [mark])


@pytest.mark.parametrize(("count", "said"), [(999, ">999<"), (1420, 'class="long"'), (12_999, ">12k<")])
def test_drawing_writes_numbers_that_fit(count, said):
    assert said in drawing.draw("", [drawing.Mark("KE", count, "Kenya", "?country=KE")])


def test_drawing_of_a_place_that_no_map_knows_is_left_out():
    assert "QQ" not in drawing.draw("", [drawing.Mark("QQ", 1, "Elsewhere: 1 member", "?country=QQ")])


# --- list, table, map -----------------------------------------------------------------------------------------------
def names(response):
    return [member.user.name for member in response.context["page_obj"]]


def test_views_have_an_address_each_and_keep_the_rest(client, four):
    text = client.get("/members/?q=obi&country=KE&sort=-name&view=table").text
    for address in ("?q=obi&amp;country=KE&amp;sort=-name", "?q=obi&amp;country=KE&amp;view=map&amp;sort=-name"):
        assert f'<a href="{address}"' in text
    assert '<a href="?q=obi&amp;country=KE&amp;view=table&amp;sort=-name" aria-current="true">Table</a>' in text


def test_view_that_there_is_not_is_the_list(client, four):
    assert client.get("/members/?view=wall&sort=age").context["state"].address() == "?"


def test_table_has_what_the_reader_may_see(client, somebody):
    somebody("Ada Obi", "KE", "facilitation", headline="Teacher", organisation="Shore School", city="Kisumu",
             languages=["fr"], organisation_shown_to=Audience.MEMBERS)  # fmt: skip
    text = client.get("/members/?view=table").text
    said = ["Ada Obi", "Teacher", "Kisumu, Kenya", "Français", "Facilitation"]
    assert [word for word in said if word not in text] == []
    assert "Shore School" not in text


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("", ["Ada Obi", "Bea Moss", "Cho Lee"]),
        ("name", ["Ada Obi", "Bea Moss", "Cho Lee"]),
        ("-name", ["Cho Lee", "Bea Moss", "Ada Obi"]),
        ("since", ["Bea Moss", "Ada Obi", "Cho Lee"]),
        ("-since", ["Cho Lee", "Ada Obi", "Bea Moss"]),
    ],
)
def test_table_is_ordered_by_what_the_address_says(client, order, found):
    for name, year in (("Ada Obi", 2024), ("Bea Moss", 2023), ("Cho Lee", 2025)):
        factories.member(name, on=f"{year}-03-01")
    assert names(client.get(f"/members/?view=table&sort={order}")) == found


def test_table_says_its_order_and_offers_the_other(client):
    factories.member("Ada Obi")
    text = client.get("/members/?view=table").text
    assert '<th scope="col" aria-sort="ascending"><a href="?view=table&amp;sort=-name">Name</a></th>' in text
    assert '<th scope="col"><a href="?view=table&amp;sort=since">Member since</a></th>' in text


def test_table_pages_keep_the_view_and_the_order(client):
    for number in range(PER_PAGE + 1):
        factories.member(f"Person {number:02}")
    response = client.get("/members/?view=table&sort=-name")
    assert 'href="?view=table&amp;sort=-name&amp;page=2"' in response.text
    assert names(client.get("/members/?view=table&sort=-name&page=2")) == ["Person 00"]


def test_search_form_keeps_the_view_and_the_order(client, four):
    text = client.get("/members/?view=map&sort=since").text
    for name, value in (("view", "map"), ("sort", "since")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in text


def test_what_is_chosen_is_taken_back_without_losing_the_view(client, four):
    chips = client.get("/members/?q=obi&country=KE&view=map").context["chips"]
    assert [(chip.name, chip.address) for chip in chips] == [
        ("“obi”", "?country=KE&view=map"), ("Kenya", "?q=obi&view=map"),
    ]  # fmt: skip


@pytest.mark.parametrize("view", ["", "table", "map"])
def test_list_that_finds_nobody_says_so_in_every_view(client, four, view):
    assert "Nobody found" in client.get(f"/members/?q=nobodyatall&view={view}").text


def test_list_says_who_is_away_or_takes_no_requests(signed_in, somebody):
    reader = somebody("Zoe Reader", "KE")
    somebody("Away Person", "KE", away_until="2999-05-04")
    somebody("Busy Person", "KE", takes_requests=False)
    somebody("Back Person", "KE", away_until="2001-05-04")
    text = signed_in(reader.user).get("/members/").text
    assert (text.count("Away until 4 May"), text.count("Takes no requests at present")) == (1, 1)


FILTERS = ("", "topic=facilitation", "region=africa", "country=KE", "language=en", "open=1", "q=ada", "q=nobodyatall")


@pytest.mark.parametrize("sort", ["", "name", "-name", "since", "-since", "age"])
@pytest.mark.parametrize("view", ["", "list", "table", "map", "wall"])
def test_list_is_there_in_every_view_order_and_filter(client, signed_in, four, view, sort):
    readers = (client, signed_in(factories.member("Zoe Reader").user), signed_in(factories.coordinator()))
    asked = [f"/members/?view={view}&sort={sort}&{one}&page=1" for one in FILTERS]
    for reader in readers:
        for part in ({}, {"HX-Request": "true"}):
            assert {reader.get(one, headers=part).status_code for one in asked} == {200}


@pytest.mark.parametrize("view", ["list", "table"])
def test_list_keeps_what_each_reader_may_see_apart(client, signed_in, somebody, view):
    levels = {"headline": Audience.MEMBERS, "organisation": Audience.COORDINATORS}
    told = {f"{part}_shown_to": level for part, level in levels.items()}
    ada = somebody("Ada Obi", "KE", headline="Radio maker", organisation="Shore School", **told)
    desk, reader = signed_in(factories.coordinator()), signed_in(factories.member("Zoe Reader").user)
    for reader_of, seen in ((desk, (1, 1)), (signed_in(ada.user), (1, 1)), (reader, (1, 0)), (client, (0, 0))):
        for _time in range(2):
            text = reader_of.get(f"/members/?view={view}&q=obi").text
            assert (text.count("Radio maker"), text.count("Shore School")) == seen
