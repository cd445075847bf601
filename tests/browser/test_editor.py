"""Writing a page of the site at the desk, in the rich text editor."""

import pytest

from tests.browser import steps
from tests.browser.stack import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.stack]
PASTE = """(place) => {
    const data = new DataTransfer();
    data.setData("text/html", `<p>pasted <img src="x" onerror="document.title = 'owned'">
        <script>document.title = 'owned'</script><a href="javascript:alert(1)">words</a></p>`);
    place.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def editor(demo, people):
    """A coordinator before a new page, with the editor started."""
    coordinator = people(demo.url, album="editor")
    steps.sign_in(coordinator, "coordinator@example.org", DEMO_PASSWORD, at="/admin/")
    coordinator.page.wait_for_url("**/admin/")
    coordinator.go("/admin/portal/page/add/")
    coordinator.page.locator(".tiptap").first.wait_for()
    return coordinator


def save(person, slug):
    """Save what was written, and read it as a visitor would."""
    person.page.locator("[name=slug]").fill(slug)
    person.page.locator("[name=texts-0-title]").fill("House rules")
    person.page.locator("[name=is_published]").check()
    person.look("page-form")
    person.page.locator("[name=_save]").click()
    person.page.locator(".messagelist .success").wait_for()
    person.go(f"/pages/{slug}/")
    return person.page.locator("main .prose").first


def test_editor_starts_under_the_policy_and_has_a_name(editor):
    box = editor.page.locator(".tiptap").first

    assert editor.complaints == []
    assert (box.get_attribute("role"), box.get_attribute("aria-label")) == ("textbox", "Text")


def test_editor_bold_words_are_stored_as_strong(editor):
    editor.page.locator(".tiptap").first.click()
    editor.page.keyboard.press("Control+b")
    editor.page.keyboard.type("Listen")
    editor.page.keyboard.press("Control+b")
    editor.page.keyboard.type(" first.")

    assert save(editor, "bold-words").locator("p").first.inner_html() == "<strong>Listen</strong> first."


def test_editor_pasted_script_is_gone(editor):
    editor.page.locator(".tiptap").first.evaluate(PASTE)
    assert all("Executing inline event handler" in one for one in editor.complaints)  # the policy stopped it
    editor.complaints.clear()

    text = save(editor, "pasted-words")

    assert text.inner_text().split() == ["pasted", "words"]
    assert text.locator("script, img, [onerror], [href^=javascript]").count() == 0
    assert "owned" not in editor.page.title()
