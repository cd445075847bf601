"""The steps of the walk, each as a person takes it, by what stands on the page."""

import re
from datetime import date, timedelta

from portal.demo.cast import MEMBERS
from portal.demo.plates import plate
from portal.demo.portraits import portrait
from tests.browser import khal, totp
from tests.browser.photos import looks_like, phone_photo, tells_nothing
from tests.browser.stack import LINK

PASSWORD = "mangroves learn at low tide"
EVENT = "Circle of Facilitators"
HEADLINE = "They moved the chairs and began again"
TEXT = "Nobody saw anybody.\n\n> We stopped reading and looked up.\n\nChange where people sit before what they say."
PICTURES = {"rings": "Two rings of chairs, seen from above.", "reeds": "Reeds before a low yellow sun."}


# --- the first coordinator ------------------------------------------------------------------------------------------
def appoint(stack, email, name):
    """The link that `manage.py coordinator` prints."""
    return LINK.findall(stack.manage("coordinator", email, "--name", name))[-1]


def choose_password(person, link):
    person.go(link)
    person.fill(password1=PASSWORD, password2=PASSWORD)
    person.look("choose-password")
    person.press("Save this password")
    person.page.wait_for_url("**/done/")


def sign_in(person, email, password=PASSWORD, *, at="/accounts/login/"):
    person.go(at)
    person.fill(login=email, password=password)
    person.look("sign-in")
    person.press("Sign in")


def enrol_second_step(person):
    """Where the desk sends who has a password alone. Returns the recovery codes."""
    person.sees("The desk asks for a second step at sign-in. Set it up now: it takes an app and two minutes.")
    person.look("is-it-you")
    person.fill(password=PASSWORD)
    person.press("Go on")
    person.page.locator(".qr").wait_for()
    person.look("second-step")
    person.fill(code="000000")
    person.press("Use this app")
    person.page.locator(".field-error").wait_for()
    person.fill(code=totp.code_now(person.page.locator(".code").inner_text()))
    person.press("Use this app")
    person.page.locator(".codes").wait_for()
    person.look("recovery-codes")
    codes = person.page.locator(".codes li").all_inner_texts()
    person.follow("On to the desk")
    person.page.wait_for_url("**/admin/")
    return codes


def sign_in_again(person, email, code):
    """Out, and in again with the password and one of the recovery codes."""
    person.go("/accounts/logout/")
    person.press("Sign out")
    sign_in(person, email, at="/admin/")
    person.fill(code=code)
    person.look("second-step-asked")
    person.press("Sign in")
    person.page.wait_for_url("**/admin/")


# --- an event -------------------------------------------------------------------------------------------------------
def enter_event(person):
    """At the desk, with the country found by typing; returns the word of its address."""
    person.go("/admin/events/event/add/")
    page = person.page
    page.locator("[name=name]").press_sequentially(EVENT)
    assert person.value("slug") == "circle-of-facilitators"
    person.fill(summary="Three days on how groups learn.", why="You will practise three ways to open a meeting.")
    person.fill(starts_on=f"{date.today() - timedelta(days=1)}", ends_on=f"{date.today() + timedelta(days=2)}")
    person.fill(city="Nairobi", organiser="Savanna Schools", hashtags="circle26")
    pick(page, "country", "Keny")
    pick(page, "topics", "Facilit")
    person.look("desk-event")
    page.locator("[name=_save]").click()
    page.locator(".messagelist .success").wait_for()
    person.look("desk-events")
    return "circle-of-facilitators"


def pick(page, field, typed):
    """Choose by typing in one of Django's own autocomplete fields (select2)."""
    page.locator(f".field-{field} .select2-selection").first.click()
    page.locator(".select2-search__field:focus").press_sequentially(typed)
    page.locator(".select2-results__option--highlighted", has_text=typed).click()


def see_event(person, slug, *, tag):
    person.go("/events/")
    person.look("events")
    person.page.get_by_role("link", name=EVENT).click()
    person.page.wait_for_url(f"**/events/{slug}/")
    assert f"#{tag}" in person.page.locator(".facts mark").all_inner_texts()
    person.look("event")


def open_in_khal(person, folder):
    """Download the event's calendar file and read it with khal, a calendar program; returns what khal shows."""
    with person.page.expect_download() as download:
        person.follow("Put it in my calendar")
    download.value.save_as(folder / "event.ics")
    return khal.shown(folder / "event.ics")


# --- a member -------------------------------------------------------------------------------------------------------
def sign_up(person, email, name):
    person.go("/")
    person.look("home")
    person.follow("Join")
    person.look("join")
    person.follow("Sign up")
    person.fill(name=name, email=email, password1=PASSWORD)
    person.look("sign-up")
    person.press("Sign up")
    person.sees("Check your mail")
    person.look("look-into-your-mail")


def confirm_address(person, link):
    person.go(link)
    person.look("confirm")
    person.press("Yes, it is mine")
    person.page.wait_for_url(lambda url: "confirm" not in url)


def apply(person, country="KE"):
    person.go("/join/")
    person.press("Hand in my application")
    person.page.locator(".field-error").nth(1).wait_for()
    assert person.page.locator(".field-error").count() == 2
    person.look("apply-empty")
    option = person.page.locator("[name=country] option", has_text=re.compile("^Kenya$"))
    person.fill(country=option.get_attribute("value"), motivation="I run a school of field notes and want company.")
    person.press("Hand in my application")
    person.sees("Your application is with the coordinators. We write to you when it is decided.")
    person.look("applied")


def fill_profile(person, link):
    """From the link in the welcome mail to a profile that everyone may see."""
    person.go(link)
    topics = person.page.locator("[name=topics]")
    values = [topics.nth(place).get_attribute("value") for place in (0, 5)]
    person.fill(headline="Teacher of field notes", bio="Ask me how to write while walking.", city="Nairobi")
    person.fill(topics=values, languages=["en", "fr"], visibility="everyone")
    upload(person, "new_portrait", [("me.jpg", phone_photo(portrait(MEMBERS[0].looks)))])
    person.look("profile-form")
    person.press("Save my profile")
    person.sees("Your profile is saved.")
    person.look("profile-saved")


def see_member(person, name):
    """In the list, and on the profile with a portrait that tells nothing but its picture."""
    person.go("/members/")
    person.look("members")
    person.page.get_by_role("link", name=name).click()
    person.page.get_by_role("heading", name=name, level=1).wait_for()
    person.look("member")
    assert tells_nothing(person.fetch(person.page.locator(".face img").get_attribute("src")))


def upload(person, field, files):
    payload = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
    person.page.locator(f"input[name={field}]").set_input_files(payload)


# --- the desk -------------------------------------------------------------------------------------------------------
def decide(person, queue, about, decision):
    """Find what waits by its queue on the desk, and decide."""
    person.go("/admin/")
    person.look("desk")
    person.follow(queue)
    person.page.get_by_role("link", name=about).first.click()
    person.page.wait_for_url("**/change/**")
    person.look("desk-decision")
    person.press(decision)
    person.page.locator(".messagelist .success").wait_for()


# --- coverage -------------------------------------------------------------------------------------------------------
def write_coverage(person, slug, *, javascript):
    """On the phone, at first with a headline and a description missing; returns the address of the piece."""
    person.go(f"/events/{slug}/")
    person.follow("Write about it")
    person.look("coverage-new")
    person.fill(body=TEXT, link="https://field-notes.example/chairs")
    upload(person, "photos", [("IMG_0001.JPG", phone_photo(plate("rings")))])
    if javascript:
        person.page.locator(".photos-chosen canvas").wait_for()
    person.press("Hand in")
    _see_what_is_missing(person)
    person.fill(headline=HEADLINE)
    alt = person.page.locator("[name^=photo-]")
    alt.fill(PICTURES["rings"])
    upload(person, "photos", [("IMG_0002.HEIC", phone_photo(plate("reeds"), "HEIF"))])
    if javascript:
        person.page.locator("[name=photo_alt]").fill(PICTURES["reeds"])
        person.look("coverage-second-picture")
    else:
        person.press("Hand in")
        person.page.locator(".field-error").wait_for()  # of this name there is one, else Playwright refuses
        alt.nth(1).fill(PICTURES["reeds"])
    person.press("Hand in")
    person.sees("Thank you. It is with the coordinators; you get a mail when it is published.")
    person.look("coverage-waiting")
    return person.page.url


def _see_what_is_missing(person):
    """Headline and description are asked for at their fields; text, link and picture are still there."""
    page = person.page
    page.locator("#id_headline_error").wait_for()
    assert page.locator(".field-error").count() == 2
    assert page.locator(".note-alarm li").count() == 2
    assert person.value("body").replace("\r\n", "\n") == TEXT
    assert person.value("link") == "https://field-notes.example/chairs"
    kept = page.locator(".photo-row img")
    assert kept.count() == 1
    assert looks_like(person.fetch(kept.get_attribute("src")), plate("rings"))
    person.look("coverage-missing")


def see_published(person, address, slug, *, tag, member):
    """The piece on its own page, the event's, its author's and the wall, all as a visitor."""
    path = re.search(r"/coverage/\w+/", address)[0]
    for place in (f"/events/{slug}/", f"/members/{member}/", f"/wall/{tag}/"):
        person.go(place)
        link = person.page.get_by_role("link", name=HEADLINE)
        assert link.get_attribute("href").endswith(path)
        person.look(f"published{place.replace('/', '-').rstrip('-')}")
    link.click()
    person.page.wait_for_url(f"**{path}")
    person.look("published")
    assert person.page.locator("article h1").inner_text() == HEADLINE
    for picture, drawing in zip(person.page.locator("article img").all(), PICTURES, strict=True):
        assert picture.get_attribute("alt") == PICTURES[drawing]
        content = person.fetch(picture.get_attribute("src"))
        assert looks_like(content, plate(drawing))
        assert tells_nothing(content)
