"""What every page has around it: the skip link, the panel of the navigation, light and dark."""

import pytest

from tests.browser import steps
from tests.browser.stack import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.stack]
FOCUSED = "document.activeElement"
GROUND = "getComputedStyle(document.documentElement).backgroundColor"
LIGHT, DARK = "rgb(248, 243, 230)", "rgb(20, 28, 24)"


@pytest.fixture
def visitor(demo, people):
    visitor = people(demo.url, album="frame")
    visitor.go("/events/")
    return visitor


def test_skip_link_is_first_and_leads_to_the_page(visitor):
    keys = visitor.page.keyboard
    keys.press("Tab")
    assert visitor.page.evaluate(f"{FOCUSED}.className") == "skip-link"
    visitor.page.locator(".skip-link").wait_for()
    visitor.look("skip-link")

    keys.press("Enter")
    keys.press("Tab")

    assert visitor.page.evaluate(f"document.getElementById('main').contains({FOCUSED})")


def test_more_panel_closes_on_escape_and_gives_the_focus_back(visitor):
    summary = visitor.page.locator("details.more summary")
    panel = visitor.page.locator(".more-panel")
    summary.focus()
    visitor.page.keyboard.press("Enter")
    panel.wait_for()
    visitor.look("more")

    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Escape")

    panel.wait_for(state="hidden")
    assert visitor.page.evaluate(f"{FOCUSED}.tagName") == "SUMMARY"


def test_more_panel_closes_on_a_click_elsewhere(visitor):
    visitor.page.locator("details.more summary").click()
    visitor.page.locator(".more-panel").wait_for()

    visitor.page.locator("h1").click()

    visitor.page.locator(".more-panel").wait_for(state="hidden")


def test_page_follows_the_scheme_of_the_device(visitor):
    grounds = []
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        grounds.append(visitor.page.evaluate(GROUND))

    assert grounds == [LIGHT, DARK]


def test_desk_follows_its_own_switch(demo, people):
    coordinator = people(demo.url, album="frame")
    steps.sign_in(coordinator, "coordinator@example.org", DEMO_PASSWORD, at="/admin/")
    coordinator.page.wait_for_url("**/admin/")
    grounds = set()
    for _ in ("light", "dark", "auto"):
        coordinator.page.locator("#header .theme-toggle").click()
        grounds.add(coordinator.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert grounds == {LIGHT, DARK}
