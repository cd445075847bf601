"""Somebody takes a copy of their data and leaves; somebody else adds a passkey and comes back with it."""

import io
import json
import re
import zipfile

import pytest

from tests.browser import steps
from tests.browser.people import DESKTOP, PHONE
from tests.browser.stack import soon

pytestmark = [pytest.mark.browser, pytest.mark.stack]
MAKE = """
from tests import factories
person = factories.member("{name}", email="{email}", headline="Keeper of field notes").user
person.set_password("{password}")
person.save()
event, moderator = factories.event(slug="{word}"), factories.moderator(email="mod-{email}")
factories.draft(person, of=event, headline="Half a thought", photos=1)
print(factories.approved(person, of=event, by=moderator, headline="What the tide told us").get_absolute_url())
"""


def a_member(stack, name, email):
    """Somebody with a profile, a draft and a published piece, whose address is returned."""
    code = MAKE.format(name=name, email=email, password=steps.PASSWORD, word=name.lower().replace(" ", "-"))
    return stack.manage("shell", "--verbosity", "0", "--command", code).strip()


def is_sure(person):
    if "/reauthenticate/" in person.page.url:
        person.fill(password=steps.PASSWORD)
        person.press("Go on")
        person.page.wait_for_url(lambda url: "/reauthenticate/" not in url)


@pytest.mark.parametrize(("javascript", "name"), [(True, "Wanda Take"), (False, "Wanda Plain")])
def test_copy_is_taken_and_the_account_deleted(demo, people, javascript, name):
    email = f"{name.lower().replace(' ', '.')}@example.net"
    piece = a_member(demo, name, email)
    sizes = [(PHONE, "light"), (DESKTOP, "dark")]
    person = people(demo.url, phone=True, javascript=javascript, album=f"my-data-{javascript}", sizes=sizes)
    steps.sign_in(person, email)
    person.page.wait_for_url("**/me/")
    person.look("my-page")
    person.follow("My data: take it with me, or delete it")
    person.look("my-data")
    take_a_copy(person, email)
    leave(person, email, name)
    steps.sign_in(person, email)
    person.page.locator(".note-alarm").first.wait_for()
    person.go(piece)
    assert person.page.locator("article h1").inner_text() == "What the tide told us"
    person.sees("By %(name)s", name=name)


def take_a_copy(person, email):
    person.press("Make my copy")
    is_sure(person)
    person.page.wait_for_url("**/me/data/")

    def is_ready():
        person.go("/me/data/")
        return person.page.get_by_role("link", name="Download it").count()

    assert soon(is_ready)
    person.look("copy-ready")
    with person.page.expect_download() as download:
        person.follow("Download it")
    assert re.fullmatch(r"my-data-[\d-]+\.zip", download.value.suggested_filename)
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert json.loads(archive.read("account.json"))["email"] == email
        assert "account.json" in archive.read("README.txt").decode()
        assert len([one for one in archive.namelist() if one.startswith("coverage/")]) == 1


def leave(person, email, name):
    person.follow("Look at what would go")
    is_sure(person)
    person.look("delete")
    person.page.get_by_label(name).check()
    person.fill(address="somebody@example.net")
    person.press("Delete my account now")
    person.page.locator(".field-error").wait_for()
    assert person.value("address") == "somebody@example.net"
    person.look("delete-mistyped")
    person.fill(address=email)
    person.press("Delete my account now")
    person.page.wait_for_url("**/me/delete/done/")
    person.look("deleted")
    person.go("/me/")
    person.page.wait_for_url("**/accounts/login/**")


KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_passkey_is_added_and_signs_in_alone(demo, people):
    email = "kaya.key@example.net"
    a_member(demo, "Kaya Key", email)
    person = people(demo.url, album="passkey", sizes=[(PHONE, "light"), (DESKTOP, "dark")])
    line = person.context.new_cdp_session(person.page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    steps.sign_in(person, email)
    person.page.wait_for_url("**/me/")
    person.follow("Passkeys")
    person.look("passkeys-none")
    person.follow("Add a passkey")
    is_sure(person)
    person.fill(name="Blue key ring")
    person.look("passkey-add")
    person.press("Add it")
    person.page.locator(".codes").wait_for()  # who has a second step gets recovery codes once
    person.look("passkey-codes")
    person.go("/accounts/2fa/webauthn/")
    person.sees("Blue key ring")
    person.look("passkeys-one")
    person.go("/me/")
    person.look("my-page-with-passkey")
    person.go("/accounts/logout/")
    person.press("Sign out")
    person.go("/accounts/login/")
    person.press("Sign in with a passkey")
    person.page.wait_for_url("**/me/")
    assert person.page.get_by_role("heading", level=1).inner_text() == "Hello, Kaya Key"
    person.look("came-back")
