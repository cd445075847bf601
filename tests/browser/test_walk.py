"""The walk as in production: a mail server, a second step at sign-in, the first coordinator made by a command.

`make shots` takes a picture of each page at both widths in both schemes; the walk of every test run, in one of each.
"""

import os

import pytest

from tests.browser import steps
from tests.browser.mail import Letters
from tests.browser.people import DESKTOP, PHONE
from tests.browser.walk import Way, walk

ADA = "ada@example.org"
EVERY_SIZE = [(size, scheme) for size in (PHONE, DESKTOP) for scheme in ("light", "dark")]
SIZES = EVERY_SIZE if os.environ.get("SHOTS") == "1" else [(PHONE, "light"), (DESKTOP, "dark")]
WAYS = [
    Way("walk", sizes=SIZES),
    Way("walk-in-french-without-javascript", language="fr", javascript=False),
]


@pytest.mark.browser
@pytest.mark.stack
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_walk_as_production(way, production, people, tmp_path):
    stack, office = production
    coordinator = people(stack.url, **way.browser("coordinator", language="en"))
    steps.choose_password(coordinator, steps.appoint(stack, ADA, "Ada Lindqvist"))
    steps.sign_in(coordinator, ADA, at="/admin/")
    codes = steps.enrol_second_step(coordinator)
    steps.sign_in_again(coordinator, ADA, codes[0])

    walk(way, stack, people, coordinator, Letters(office=office), tmp_path)
