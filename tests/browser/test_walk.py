"""The walk: from an empty portal to coverage that everybody can read, as people take it."""

from dataclasses import dataclass

import pytest

from tests.browser import steps
from tests.browser.mail import Letters
from tests.browser.people import DESKTOP, PHONE
from tests.browser.stack import DEMO_PASSWORD

EVERY_SIZE = [(size, scheme) for size in (PHONE, DESKTOP) for scheme in ("light", "dark")]
TAG = "iucncec"
COORDINATOR, MEMBER = "ada@example.org", "tala@example.net"
NAME = "Tala Fonoti"


@dataclass(frozen=True)
class Way:
    """One way to take the walk."""

    name: str
    language: str = "en"
    javascript: bool = True
    sizes: tuple = ()
    examines: bool = False

    def browser(self, album, **options):
        own = {"language": self.language, "javascript": self.javascript, "album": f"{self.name}/{album}"}
        return own | {"sizes": self.sizes, "examines": self.examines} | options


WAYS = [
    Way("walk", sizes=EVERY_SIZE),
    Way("walk-without-javascript", javascript=False),
    Way("walk-in-french", language="fr", sizes=[(PHONE, "light"), (DESKTOP, "light")]),
]


@pytest.mark.browser
@pytest.mark.stack
@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=pytest.mark.xdist_group(way.name), id=way.name) for way in WAYS]
)
def test_walk_as_production(way, production, people, tmp_path):
    stack, office = production
    coordinator = people(stack.url, **way.browser("coordinator", language="en"))
    steps.choose_password(coordinator, steps.appoint(stack, COORDINATOR, "Ada Lindqvist"))
    steps.sign_in(coordinator, COORDINATOR, at="/admin/")
    codes = steps.enrol_second_step(coordinator)
    steps.sign_in_again(coordinator, COORDINATOR, codes[0])

    walk(way, stack, people, coordinator, Letters(office=office), tmp_path)


@pytest.mark.browser
@pytest.mark.stack
@pytest.mark.xdist_group("demo")
def test_walk_in_the_demo(demo, people, tmp_path):
    way = Way("walk-in-the-demo", examines=True)
    coordinator = people(demo.url, **way.browser("coordinator"))
    steps.sign_in(coordinator, "coordinator@example.org", DEMO_PASSWORD, at="/admin/")
    reader = people(demo.url, **way.browser("mailbox"))

    walk(way, demo, people, coordinator, Letters(reader=reader), tmp_path)


def walk(way, stack, people, coordinator, letters, folder):
    """Everything after a coordinator has come to the desk."""
    clerk = coordinator if way.javascript else people(stack.url, like=coordinator, album=f"{way.name}/clerk")
    event = steps.enter_event(clerk)

    visitor = people(stack.url, **way.browser("visitor", phone=True))
    steps.see_event(visitor, event, tag=TAG)
    assert steps.open_in_khal(visitor, folder) == [f"{steps.EVENT}|Nairobi, Kenya"]

    member = people(stack.url, **way.browser("member", phone=True))
    steps.sign_up(member, MEMBER, NAME)
    steps.confirm_address(member, letters.link(MEMBER, "Welcome, one step to go", language=way.language))
    steps.apply(member)
    steps.decide(coordinator, "Applications to join", NAME, "Make them a member")
    steps.fill_profile(member, letters.link(MEMBER, "Welcome to the group", language=way.language))
    steps.see_member(visitor, NAME)

    piece = steps.write_coverage(member, event, javascript=way.javascript)
    steps.decide(coordinator, "Coverage to publish", steps.HEADLINE, "Publish")
    steps.see_published(visitor, piece, event, tag=TAG, member="tala-fonoti")
    told = letters.link(MEMBER, "Published: “%(headline)s”", language=way.language, headline=steps.HEADLINE)
    assert told == piece
