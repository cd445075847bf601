"""Two walks from a spreadsheet to a person: prospects who join by a drive, and members of today who claim a profile."""

import re

import pytest

from tests.browser import steps
from tests.browser.mail import Letters
from tests.browser.stack import DEMO_PASSWORD, soon

PROSPECTS = 'Nom;Courriel;Langue\r\nZoé Mbeki;Zoe.Mbeki@example.net;anglais\r\n"Ito, Ben";ben@;anglais\r\n'
TODAY = "Full name,E-mail,Country,Member since\r\nMele Taufa,mele@example.net,Tonga,2019\r\nNobody,,Tonga,2019\r\n"

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture
def coordinator(demo, people):
    person = people(demo.url, album="lists/coordinator", examines=True)
    steps.sign_in(person, "coordinator@example.org", DEMO_PASSWORD, at="/admin/")
    person.page.wait_for_url("**/admin/")
    return person


@pytest.fixture
def letters(demo, people):
    return Letters(reader=people(demo.url, album="lists/mailbox"))


def bring(person, field, name, content):
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    person.page.locator(f"input[name={field}]").set_input_files(file)


def test_walk_from_a_list_of_prospects_to_a_member(demo, people, coordinator, letters):
    drive = prepare_drive(coordinator)
    start_drive(coordinator, drive)

    zoe = people(demo.url, phone=True, album="lists/prospect", examines=True)
    zoe.go(letters.link("zoe.mbeki@example.net", "Zoé Mbeki, would you like to join us?"))
    zoe.page.get_by_role("heading", name="Hello, Zoé Mbeki").wait_for()
    zoe.look("invitation")
    zoe.press("Join")
    zoe.page.wait_for_url("**/signup/**")
    assert (zoe.value("name"), zoe.value("email")) == ("Zoé Mbeki", "zoe.mbeki@example.net")
    zoe.fill(password1=steps.PASSWORD)
    zoe.press("Sign up")
    zoe.sees("Check your mail")
    steps.confirm_address(zoe, letters.link("zoe.mbeki@example.net", "Welcome, one step to go"))
    steps.apply(zoe)
    steps.decide(coordinator, "Applications to join", "Zoé Mbeki", "Make them a member")
    letters.link("zoe.mbeki@example.net", "Welcome to the group")

    see_result(coordinator, drive)


def prepare_drive(person):
    """A drive with its package, its mails and a list of which one row is good. Returns its page's address."""
    person.go("/admin/members/drive/add/")
    person.fill(name="Learning days in Nairobi", kind="recruitment")
    package = person.page.locator("[name=package] option", has_text="Learning together").get_attribute("value")
    person.fill(package=package)
    person.look("drive-new")
    person.page.locator("#content-main form .default").click()
    person.page.locator("#who").wait_for()
    person.look("drive-empty")
    address = person.page.url
    person.follow("Upload or paste a list")
    bring(person, "upload", "participants.csv", PROSPECTS.encode("cp1252"))
    person.fill(source="Participants of the learning days in Nairobi", basis="consent")
    person.look("list-new")
    person.press("Check each row, add nobody yet")
    person.sees("What is wrong, by row")
    person.look("list-checked")
    person.press("Add the one good row to the audience")
    person.page.goto(address)
    person.page.locator("#who .drive-sum").wait_for()
    person.look("drive-ready")
    return address


def start_drive(person, address):
    person.follow("To the start…")
    person.fill(when="now")
    person.look("drive-start")
    person.press("Start: write to one person")
    person.page.wait_for_url(re.compile(re.escape(address.split("?")[0])))
    person.look("drive-started")


def see_result(person, address):
    """One was mailed, opened the page, applied and joined, as soon as the clock has come round."""

    def has_joined():
        person.page.goto(address)
        return re.search(r"\b1\s+joined", person.page.locator("#result").inner_text())

    assert soon(has_joined, 60)
    person.look("drive-result")


def test_walk_from_the_list_of_today_to_a_claimed_profile(demo, people, coordinator, letters):
    person = coordinator
    person.go("/admin/members/import/add/")
    bring(person, "file", "members.csv", TODAY.encode("utf-8-sig"))
    person.look("import-new")
    person.press("Upload the list")
    person.page.wait_for_url("**/columns/")
    person.look("import-columns")
    person.press("Check each row, import nothing yet")
    person.sees("What is wrong, by row")
    person.look("import-checked")
    person.press("Import the good rows and write to each person")
    person.page.locator(".messagelist .success").wait_for()
    person.look("imported")

    visitor = people(demo.url, album="lists/visitor")
    visitor.go("/members/")
    assert visitor.page.get_by_role("link", name="Mele Taufa").count() == 0

    mele = people(demo.url, phone=True, album="lists/member", examines=True)
    mele.go(letters.link("mele@example.net", "Your profile at %(name)s", name="Learning & Leadership"))
    mele.sees("Is this you?")
    mele.look("claim")
    topic = mele.page.locator("[name=topics]").first.get_attribute("value")
    mele.fill(headline="Reef walks with schools", topics=[topic], languages=["en"], visibility="everyone")
    mele.fill(password=steps.PASSWORD)
    mele.press("Yes, this is me")
    mele.sees("This profile is yours now. Thank you!")
    mele.look("claimed")

    visitor.go("/members/")
    visitor.page.get_by_role("link", name="Mele Taufa").click()
    visitor.page.get_by_role("heading", name="Mele Taufa", level=1).wait_for()
