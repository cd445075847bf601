"""What counts as a person's act on an invitation's page, and what a link scanner can do there."""

import pytest

from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.stack]
FOUND = (
    "from members.recruitment.models import Invitation; found = Invitation.objects.get(name={name!r}); print({what})"
)
BY_A_SCRIPT = """() => {
  const tell = (event) => document.body.dispatchEvent(event);
  for (const act of ["pointerdown", "pointerup", "click"]) tell(new PointerEvent(act, { bubbles: true }));
  tell(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  document.querySelector("h1").click();
}"""


def ask(demo, name, what):
    return demo.manage("shell", "-v0", "-c", FOUND.format(name=name, what=what)).strip()


def was_opened(demo, name):
    return ask(demo, name, "found.opened_at is not None") == "True"


@pytest.fixture
def open_page(demo, people):
    """Somebody of the demo's drive who has not opened their page yet, with that page before them."""

    def open_(name, **options):
        person = people(demo.url, album="invitation", **options)
        person.go(ask(demo, name, "found.personal_path"))
        person.page.wait_for_load_state("networkidle")
        return person

    return open_


def test_scanner_with_a_browser_counts_for_nothing_and_a_click_counts(demo, open_page):
    person = open_page("Kofi Agyeman")
    person.fetch(person.page.url)
    person.page.evaluate(BY_A_SCRIPT)
    person.page.mouse.wheel(0, 400)
    person.page.wait_for_timeout(500)
    assert not was_opened(demo, "Kofi Agyeman")

    with person.page.expect_request_finished(lambda request: request.url.endswith("/opened/")):
        person.page.mouse.click(300, 300)

    assert was_opened(demo, "Kofi Agyeman")


def test_touch_counts(demo, open_page):
    person = open_page("Sanjana Iyer", phone=True)
    person.look("phone")
    with person.page.expect_request_finished(lambda request: request.url.endswith("/opened/")):
        person.page.touchscreen.tap(100, 200)
    assert was_opened(demo, "Sanjana Iyer")
    assert axe.faults(person.page) == []
    person.complaints.clear()  # axe itself sets inline styles


def test_answer_counts_without_a_script(demo, open_page):
    person = open_page("Alma Petrosyan", javascript=False)
    person.press("No, thank you")
    person.sees("Thank you for telling us")
    person.look("declined")
    assert was_opened(demo, "Alma Petrosyan")
