"""A member builds a profile on a phone: a part for few, a portrait with its square, and a look through others' eyes."""

import io

import pytest
from PIL import Image

from tests import pictures
from tests.browser import steps
from tests.browser.stack import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.stack]
PHONE = {"width": 390, "height": 844}
SIZES = ((PHONE, "light"), ({"width": 1280, "height": 900}, "dark"))
BIO = "Ask me how a reef school begins."
SUSTAINABLE = "Education for sustainable development (ESD)"


@pytest.mark.parametrize(
    ("address", "javascript", "colours"),
    [("member@example.org", True, {"blue"}), ("reporter@example.org", False, {"red", "blue"})],
)
def test_walk_of_a_profile_on_a_phone(demo, people, address, javascript, colours):
    common = {"phone": True, "javascript": javascript, "sizes": SIZES}
    album = f"profile/{'with' if javascript else 'without'}-javascript"
    member = people(demo.url, album=f"{album}/member", examines=javascript, **common)
    member.size = PHONE
    member.page.set_viewport_size(PHONE)
    steps.sign_in(member, address, DEMO_PASSWORD, at="/me/")
    member.go("/me/profile/")
    member.fill(headline="Reef walks with schools", organisation="Coral school", bio=BIO, bio_shown_to="2")
    member.fill(visibility="everyone", city="Apia", hours_pledged="4", languages=["en", "fr"])
    choose_topic(member, javascript=javascript)
    choose_portrait(member, javascript=javascript)
    member.look("form")
    member.press("Save my profile")
    member.sees("Your profile is saved.")
    member.sees(BIO)
    member.look("mine")
    page = member.page.url

    member.follow("Everyone")
    member.sees("Your page, as seen by:")
    assert member.page.get_by_text(BIO).count() == 0
    member.look("seen-by-everyone")

    visitor = people(demo.url, album=f"{album}/visitor", **common)
    visitor.go(page)
    visitor.sees("Reef walks with schools")
    assert visitor.page.get_by_text(BIO).count() == 0
    assert visitor.page.get_by_role("link", name=SUSTAINABLE).count() == 1
    assert colours_of(visitor) == colours
    visitor.look("profile")


def choose_topic(member, *, javascript):
    """By a synonym where a module finds it, else from the whole list."""
    member.page.locator("details:has([name=topics]) > summary").click()
    if not javascript:
        member.page.get_by_role("checkbox", name=SUSTAINABLE).check()
        return
    box = member.page.get_by_role("searchbox", name="Find a topic")
    box.fill("EDD pour")
    member.sees("One topic fits. Enter chooses it.")
    member.look("topic-found")
    box.press("Enter")
    box.fill("zzz")
    member.sees("No topic fits. Try another word.")
    box.press("Escape")


def choose_portrait(member, *, javascript):
    """A tall picture, red above and blue below: a part of the lower half, or the middle of all."""
    photo = pictures.encoded(pictures.red_over_blue((1200, 1600)))
    steps.upload(member, "new_portrait", [("me.jpg", photo)])
    if javascript:
        member.page.locator(".crop-stage").wait_for()
        member.page.locator("[data-crop-zoom]").fill("60")
        drag_up(member.page)
        member.look("crop")


def drag_up(page):
    """Until the picture ends."""
    stage = page.locator(".crop-stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    for _turn in range(4):
        page.mouse.move(box["x"] + 100, box["y"] + box["height"] - 5)
        page.mouse.down()
        page.mouse.move(box["x"] + 100, box["y"] + 5, steps=5)
        page.mouse.up()


def colours_of(person):
    """Of the portrait, above and below."""
    picture = Image.open(io.BytesIO(person.fetch(person.page.locator(".face-big img").get_attribute("src"))))
    found = [picture.convert("RGB").getpixel((240, y)) for y in (10, 470)]
    return {"red" if red > blue else "blue" for red, _green, blue in found}
