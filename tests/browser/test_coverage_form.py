"""What JavaScript adds to writing coverage on a phone."""

import pytest

from tests.browser import steps
from tests.browser.stack import DEMO_PASSWORD
from tests.pictures import encoded, red_over_blue

pytestmark = [pytest.mark.browser, pytest.mark.stack]
CHOSEN = """async (input) => {
    const sides = async (file) => { const one = await createImageBitmap(file); return [one.width, one.height]; };
    return Promise.all([...input.files].map(async (file) => [file.name, file.type, ...await sides(file)]));
}"""


@pytest.fixture
def reporter(demo, people):
    """A member on the phone, before an empty form."""
    reporter = people(demo.url, phone=True, album="coverage-form")
    steps.sign_in(reporter, "reporter@example.org", DEMO_PASSWORD)
    reporter.page.wait_for_url("**/me/")
    reporter.go("/coverage/new/?event=cbd-cop")
    return reporter


def kept(person):
    return person.page.evaluate("localStorage.getItem('coverage-new')")


def test_form_reloaded_gives_back_what_was_typed(reporter):
    reporter.fill(headline="Under the fig tree", body="They met outside.")

    reporter.page.reload()

    reporter.sees("Restored from this phone: it had not been sent yet.")
    assert (reporter.value("headline"), reporter.value("body")) == ("Under the fig tree", "They met outside.")


def test_form_handed_in_keeps_nothing_on_the_phone(reporter):
    reporter.fill(headline="A night walk", body="Nobody spoke, everybody saw.")
    assert "A night walk" in kept(reporter)

    reporter.press("Hand in")
    reporter.page.get_by_role("heading", name="A night walk").wait_for()

    assert kept(reporter) is None
    reporter.go("/coverage/new/")
    assert reporter.value("headline") == ""


def test_form_makes_large_pictures_small_before_they_travel(reporter):
    large = encoded(red_over_blue((4000, 3000)), quality=98)
    field = reporter.page.locator("[name=photos]")

    field.set_input_files([{"name": "IMG_1.JPEG", "mimeType": "image/jpeg", "buffer": large}])
    reporter.page.locator(".photos-chosen canvas").wait_for()

    assert field.evaluate(CHOSEN) == [["IMG_1.jpg", "image/jpeg", 2000, 1500]]
    reporter.look("picture-chosen")


def test_form_handed_in_twice_makes_one_piece(reporter):
    reporter.fill(headline="Two clicks, one story", body="The button was slow, the thumb was not.")

    reporter.page.get_by_role("button", name=reporter.say("Hand in"), exact=True).dblclick()
    reporter.page.get_by_role("heading", name="Two clicks, one story").wait_for()

    reporter.go("/me/")
    written = reporter.page.get_by_role("region", name=reporter.say("What I write"))
    assert written.get_by_text("Two clicks, one story").count() == 1
