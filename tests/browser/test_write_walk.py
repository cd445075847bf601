"""Find a person, write to them and get an answer: a member, and somebody without an account."""

import re

import pytest

from tests.browser import steps
from tests.browser.mail import Letters
from tests.browser.people import DESKTOP, PHONE
from tests.browser.stack import DEMO_PASSWORD

INES, TEVITA, ZOE = "reporter@example.org", "member@example.org", "zoe@example.net"
NAME = "Ines Maraño Villar"
GROUP = "Learning & Leadership"
LOOKS = [(PHONE, "light"), (DESKTOP, "dark")]

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def come(request, demo, people):
    """Somebody comes, with JavaScript or without."""
    folder = f"write{'' if request.param else '-without-javascript'}"

    def come(album, **options):
        given = {"javascript": request.param, "album": f"{folder}/{album}", "sizes": LOOKS}
        return people(demo.url, **given | {"examines": request.param} | options)

    return come


@pytest.fixture
def letters(demo, people):
    return Letters(reader=people(demo.url, album="write/mailbox"))


def find(person):
    """By the name, as somebody types it who heard it once."""
    person.go("/members/")
    person.fill(q="ines marano vilar")
    person.page.locator("[name=q]").press("Enter")
    person.page.get_by_role("link", name=NAME).first.click()
    person.page.get_by_role("heading", name=NAME, level=1).wait_for()
    person.look("profile")
    person.page.get_by_role("link", name=person.say("Write to %(name)s", name=NAME)).first.click()
    person.page.get_by_role("heading", name=person.say("Write to %(name)s", name=NAME)).wait_for()


def write(person, words, **more):
    person.look("write")
    person.press("Send my request")
    person.page.locator(".field-error").first.wait_for()
    person.look("write-empty")
    person.fill(kind="speak", words=words, **more)
    person.press("Send my request")


def answer(person, link, words, *, hides=False):
    person.go(link)
    person.sees("Your answer")
    person.look("request")
    person.fill(**{"answer-words": words, "answer-addresses": "hide" if hides else "show"})
    person.press("Send my answer")
    person.page.get_by_text(words).first.wait_for()
    person.look("answered")


def test_member_finds_a_person_writes_and_gets_the_answer(come, letters):
    tevita, ines = come("tevita", phone=True), come("ines")
    steps.sign_in(tevita, TEVITA, DEMO_PASSWORD)
    tevita.page.wait_for_url("**/me/")
    words = f"Would you open our meeting, {tevita.album.parent.name}?"
    find(tevita)
    write(tevita, words)
    tevita.page.get_by_text(words).first.wait_for()
    tevita.look("sent")

    subject = "An invitation to speak, by way of %(name)s"
    arrived = letters.read(INES, subject, name=GROUP)
    assert (words in arrived, "Tevita Loloma" in arrived, TEVITA in arrived) == (True, True, False)
    steps.sign_in(ines, INES, DEMO_PASSWORD)
    ines.page.wait_for_url("**/me/")
    ines.look("own-page")
    answer(ines, letters.link(INES, subject, name=GROUP), "Gladly, in the morning.")
    assert TEVITA in ines.page.locator("main").inner_text()

    told = letters.read(TEVITA, "An answer to your request")
    assert ("Gladly, in the morning." in told, INES in told) == (True, True)
    tevita.page.reload()
    tevita.page.get_by_text("Gladly, in the morning.").first.wait_for()
    tevita.look("answer")
    tevita.go("/me/requests/?box=sent")
    tevita.look("requests")


def test_stranger_writes_confirms_and_gets_the_answer(come, letters):
    zoe, ines = come("zoe", phone=True), come("ines-again")
    words = f"May we print your field notes, {zoe.album.parent.name}?"
    find(zoe)
    write(zoe, words, name="Zoe Ito", address=ZOE)
    zoe.sees("Look into your mailbox")
    zoe.look("look-into-your-mailbox")
    zoe.go(letters.link(ZOE, "Send your request? One click is left"))
    zoe.page.get_by_text(words).first.wait_for()
    zoe.look("confirm")
    zoe.press("Yes, send my request")
    zoe.sees("Your request is on its way")
    zoe.look("on-its-way")

    steps.sign_in(ines, INES, DEMO_PASSWORD)
    ines.page.wait_for_url("**/me/")
    ines.go("/me/requests/")
    ines.look("requests")
    ines.page.get_by_role("link", name="Zoe Ito").first.click()
    ines.page.wait_for_url(re.compile(r"/me/requests/\w{16}/"))
    answer(ines, ines.page.url, "Yes, with my name.", hides=True)
    told = letters.read(ZOE, "An answer to your request")
    assert ("Yes, with my name." in told, INES in told) == (True, False)
