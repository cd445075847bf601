"""The walk in the demo, in French: no mail server, no second step."""

import pytest

from tests.browser import steps
from tests.browser.mail import Letters
from tests.browser.stack import DEMO_PASSWORD
from tests.browser.walk import Way, walk


@pytest.mark.browser
@pytest.mark.stack
def test_walk_in_the_demo(demo, people, tmp_path):
    way = Way("walk-in-the-demo", language="fr")
    coordinator = people(demo.url, **way.browser("coordinator", language="en"))
    steps.sign_in(coordinator, "coordinator@example.org", DEMO_PASSWORD, at="/admin/")
    reader = people(demo.url, **way.browser("mailbox", language="en"))

    walk(way, demo, people, coordinator, Letters(reader=reader), tmp_path)
