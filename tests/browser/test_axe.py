"""Axe on every page that the table of addresses knows, in light and dark, on a phone and on a desktop."""

import json

import pytest

from tests.addresses import ACCOUNTS, PAGES, ROLES, THE_DESK
from tests.browser.axe import faults
from tests.browser.people import DESKTOP, PHONE, Person

pytestmark = [pytest.mark.browser, pytest.mark.stack]
# In the frame of a mail's preview no script may run, so axe cannot either.
NO_PAGES = (".ics", ".svg", ".csv", ".opml", ".vcf", "/jsi18n/", "_photo}/", "term=ken", "/preview/html/")
BESIDE_THE_TABLE = [  # what looks different to somebody else, or is there in the demo alone
    ("applicant", "/join/"),
    ("applicant", "/me/"),
    ("author", "/"),
    ("author", "/events/mangroves/"),
    ("coordinator", "/members/"),
    ("visitor", "/members/?country=KE"),
    ("author", "/members/?view=table&q=nobodyatall"),
    ("author", "/members/?view=map"),
    ("coordinator", "/coverage/{submitted}/"),
    ("visitor", "/pages/about-the-demo/"),
    ("visitor", "/mailbox/"),
    ("visitor", "/events/cbd-cop/"),
]
AFTER_THE_PASSWORD = [  # where the password is asked once more
    ("author", "/accounts/2fa/totp/activate/"),
    ("author", "/accounts/2fa/webauthn/add/"),
    ("coordinator", "/accounts/2fa/totp/deactivate/"),
    ("coordinator", "/accounts/2fa/recovery-codes/generate/"),
]
LOOKS = [(PHONE, "light"), (DESKTOP, "dark")]  # of the desk's pages, which are Django's, one in turn
FILL = """
import json
from django.conf import settings
from django.test import Client, override_settings
from portal.group.models import Page
from portal.shared.version import raise_version
from tests.addresses import World

def session(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value

Page.objects.filter(slug="about").update(slug="about-the-demo")
with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # fast
    world = World()
for role in ("author", "coordinator"):
    world.people[role].set_password("mulgarapassword")
    world.people[role].save()
raise_version()
sessions = {role: session(user) for role, user in world.people.items()}
print(json.dumps({"names": world.names, "sessions": sessions, "cookie": settings.SESSION_COOKIE_NAME}, default=str))
"""


def first_to_see(row):
    """The least of the roles that gets a page there."""
    return next((role for role in ROLES if row.cell(role) == "200"), None)


def seen(rows):
    pages = [row for row in rows if row.method == "GET" and not row.path.endswith(NO_PAGES)]
    return [pytest.param(role, row.path, id=f"{role}-{row.path}") for row in pages if (role := first_to_see(row))]


@pytest.fixture(scope="module")
def world(demo):
    """One of everything beside the demo's own: `names` for the addresses, a session for each role."""
    return json.loads(demo.manage("shell", "--verbosity", "0", "--command", FILL))


@pytest.fixture(scope="module")
def come(chromium, demo, world):
    """Lets in the person of a role, with one browser for all of their pages."""
    here = {}

    def come(role):
        if role not in here:
            here[role] = Person(chromium, demo.url, album="axe")
            if role != "visitor":
                here[role].context.add_cookies(
                    [{"name": world["cookie"], "value": world["sessions"][role], "url": demo.url}]
                )
        return here[role]

    yield come
    for person in here.values():
        person.leave()


@pytest.mark.parametrize(("role", "path"), [*seen(PAGES), *seen(ACCOUNTS), *BESIDE_THE_TABLE])
def test_page_is_without_fault(role, path, come, world):
    assert found(come(role), path.format(**world["names"])) == []


@pytest.mark.parametrize(("role", "path"), AFTER_THE_PASSWORD)
def test_page_behind_the_password_is_without_fault(role, path, come):
    person = come(role)
    person.go(path)
    if "/reauthenticate/" in person.page.url:
        person.fill(password="mulgarapassword")
        person.press("Go on")
    assert found(person, path) == []
    assert person.page.url.endswith(path)


@pytest.mark.parametrize(
    ("role", "path", "looks"),
    [pytest.param(*one.values, [LOOKS[place % 2]], id=one.id) for place, one in enumerate(seen(THE_DESK))],
)
def test_page_of_the_desk_has_no_fault_of_ours(role, path, looks, come, world):
    assert found(come(role), path.format(**world["names"]), looks) == []


def found(person, path, looks=LOOKS):
    answer = person.page.goto(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert person.complaints == []
    lines = []
    for _ in person.seen(looks):
        lines += faults(person.page)
    person.complaints.clear()  # axe itself sets inline styles
    return lines
