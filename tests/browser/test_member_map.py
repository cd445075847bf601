"""The map beside the list of members, with a keyboard and with a mouse: the page stays, its parts change."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.stack]
FOCUSED = "document.activeElement.id"


@pytest.fixture
def visitor(demo, people):
    visitor = people(demo.url, album="member-map")
    visitor.go("/members/?view=map")
    visitor.page.evaluate("window.isTheSame = true")
    return visitor


def test_map_is_walked_into_and_back_by_keyboard(visitor):
    page = visitor.page
    page.locator("#map-africa").focus()
    page.keyboard.press("Enter")
    page.locator("svg.map-close").wait_for()
    assert (page.url.partition("?")[2], page.evaluate(FOCUSED)) == ("region=africa&view=map", "map-africa")
    visitor.look("region")

    page.locator("a#map-world").focus()
    page.keyboard.press("Enter")
    page.locator("a#map-africa").wait_for()
    assert (page.url.partition("?")[2], page.evaluate(FOCUSED)) == ("view=map", "map-world")
    assert page.evaluate("window.isTheSame")


def test_map_and_filters_follow_each_other(visitor):
    page = visitor.page
    page.locator("#map-KE circle").click()
    expect(page.locator("#filter-country")).to_have_value("KE")
    page.select_option("#filter-country", "SN")
    expect(page.locator("#map-SN")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(r"\?country=SN&view=map|view=map&country=SN"))
    assert page.evaluate("window.isTheSame")


def test_map_opens_a_place_in_a_new_tab_for_who_asks(visitor):
    with visitor.page.context.expect_page() as opened:
        visitor.page.locator("#map-KE circle").click(modifiers=["Control"])
    assert (opened.value.url.partition("?")[2], visitor.page.url.partition("?")[2]) == (
        "country=KE&view=map",
        "view=map",
    )
