"""Signing up, signing in, and the second step before the desk."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from portal.outbox import sending
from portal.outbox.models import OutgoingMail
from portal.users import roles
from portal.users.adapters import SecondFactorAdapter
from portal.users.models import User
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db
NEW = {"name": "Ada Obi", "email": "Ada@Example.org", "password1": factories.PASSWORD}
LINK = re.compile(r"http://localhost:8000(/\S*confirm-email/\S+?/)(?=\s|$)")


def signed_up(client, path="/accounts/signup/", **changes):
    return client.post(path, NEW | changes)


def test_sign_up_mail_goes_through_the_outbox_with_a_link_that_works(client, smtp):
    assert signed_up(client)["Location"] == "/accounts/confirm-email/"
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.is_secret, mail.contact.address) == ("email_confirmation_signup", True, "ada@example.org")
    assert sending.send_waiting() == 1
    (link,) = set(LINK.findall(smtp.envelopes[0].content.decode().replace("=\r\n", "")))
    assert client.post(link)["Location"] == "/join/"
    assert EmailAddress.objects.get().verified is True


def test_sign_up_mail_is_erased_once_it_was_sent(client, smtp):
    signed_up(client)
    mail = OutgoingMail.objects.get()
    sending.send_waiting()
    mail.refresh_from_db()
    assert (mail.text, mail.html, mail.status) == ("", "", "sent")


def test_sign_up_link_opened_alone_verifies_nothing(client):
    signed_up(client)
    (link,) = set(LINK.findall(OutgoingMail.objects.get().text))
    assert client.get(link).status_code == 200
    assert EmailAddress.objects.get().verified is False


def test_password_mail_leads_to_the_portals_own_address_whatever_the_browser_named(client):
    factories.user(email="ada@example.org")
    client.post("/accounts/password/reset/", {"email": "ada@example.org"}, headers={"host": "127.0.0.1:9999"})
    mail = OutgoingMail.objects.get()
    (link,) = re.findall(r"http://localhost:8000(/accounts/password/reset/key/\S+/)", mail.text)
    assert "127.0.0.1" not in mail.text + mail.html
    assert client.get(link, follow=True).context["form"] is not None


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/fr", "fr"), ("/es", "es")])
def test_sign_up_keeps_the_language_and_writes_in_it(client, prefix, language):
    signed_up(client, f"{prefix}/accounts/signup/")
    assert User.objects.get().language == language
    assert f'lang="{language}"' in OutgoingMail.objects.get().html


def test_sign_up_keeps_the_name_and_a_lower_case_address(client):
    signed_up(client, name="  Zoë Ñandú ")
    assert list(User.objects.values_list("name", "email", "sort_key")) == [
        ("Zoë Ñandú", "ada@example.org", "zoe nandu")
    ]


def test_sign_up_with_a_known_address_tells_the_browser_nothing(client):
    factories.user(email="ada@example.org")
    assert signed_up(client)["Location"] == "/accounts/confirm-email/"
    assert (User.objects.count(), OutgoingMail.objects.get().kind) == (1, "account_already_exists")


BAD_INPUT = [{"name": ""}, {"email": "ada"}, {"password1": "short"}, {"password1": "password123"}]


@pytest.mark.parametrize("change", BAD_INPUT)
def test_sign_up_with_bad_input_answers_at_the_field_and_keeps_the_rest(client, change):
    response = signed_up(client, **change)
    (field,) = change
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert User.objects.count() == 0
    assert "Ada Obi" in response.text or field == "name"


def test_sign_up_names_the_page_on_privacy_where_there_is_one(client):
    before = client.get("/accounts/signup/").text
    factories.page("privacy", en="Privacy", menu_place=90)
    empty_cache()
    after = client.get("/accounts/signup/").text
    assert ["What we keep about you" in text for text in (before, after)] == [False, True]


@pytest.mark.parametrize("path", ["/", "/accounts/confirm-email/", "/accounts/password/reset/done/"])
def test_mailbox_is_linked_in_the_demo_alone(client, settings, path):
    found = []
    for settings.HAS_MAILBOX, settings.DEMO in [(True, True), (True, False), (False, True)]:
        empty_cache()
        found.append('"/mailbox/"' in client.get(path).text)
    assert found == [True, False, False]


def test_sign_in_before_the_address_is_verified_is_refused(client):
    signed_up(client)
    client.post("/accounts/login/", {"login": "ada@example.org", "password": factories.PASSWORD})
    assert client.get("/me/").status_code == 302


def test_sign_in_leads_to_ones_own_page(client):
    factories.user(email="ada@example.org")
    response = client.post("/accounts/login/", {"login": "ADA@example.org", "password": factories.PASSWORD})
    assert response["Location"] == "/me/"


def test_sign_in_with_a_second_factor_asks_for_it(client):
    factories.coordinator(email="ada@example.org")
    response = client.post("/accounts/login/", {"login": "ada@example.org", "password": factories.PASSWORD})
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302


def test_sign_in_guessed_too_often_is_stopped(client):
    factories.user(email="ada@example.org")
    wrong = {"login": "ada@example.org", "password": "wrong password"}
    for _attempt in range(5):
        client.post("/accounts/login/", wrong)
    response = client.post("/accounts/login/", {"login": "ada@example.org", "password": factories.PASSWORD})
    assert response.status_code == 200
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("path", ["/admin/", "/admin/events/event/?q=a", "/admin/portal/specialtygroup/preview/"])
def test_desk_without_a_second_factor_leads_to_setting_one_up(signed_in, path):
    person = factories.user(is_staff=True, is_superuser=True)
    response = signed_in(person).get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/2fa/totp/activate/?next=%2Fadmin%2F")


def test_desk_without_a_second_factor_takes_no_decision(signed_in):
    coverage = factories.submitted()
    person = factories.user(is_staff=True, is_superuser=True)
    signed_in(person).post(f"/admin/reporters/coverage/{coverage.pk}/change/", {"decision": "approve"})
    coverage.refresh_from_db()
    assert coverage.status == "submitted"


def test_desk_of_the_demo_asks_for_no_second_factor(signed_in, settings):
    settings.DEMO = True
    person = factories.user(is_staff=True, is_superuser=True)
    assert signed_in(person).get("/admin/").status_code == 200


def test_desk_with_a_second_factor_is_open(signed_in):
    assert signed_in(factories.coordinator()).get("/admin/").status_code == 200


def test_coordinator_cannot_make_staff_of_anybody(signed_in):
    person = factories.user("Ada Obi")
    data = {"name": "Ada O.", "language": "fr", "is_staff": "on", "is_superuser": "on", "groups": "1"}
    signed_in(factories.coordinator()).post(f"/admin/portal/user/{person.pk}/change/", data)
    person.refresh_from_db()
    assert (person.name, person.language) == ("Ada O.", "fr")
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def test_rights_given_by_hand_to_a_staff_group_are_taken_back():
    group = Group.objects.get(name="Moderators")
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.add(Group.objects.get(name="Coordinators").permissions.get(codename="delete_event"))
    roles.grant()
    assert set(group.permissions.values_list("codename", flat=True)) == before == {"view_coverage", "change_coverage"}


def test_secret_of_a_second_factor_is_stored_encrypted():
    adapter = SecondFactorAdapter()
    hidden = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in hidden
    assert adapter.decrypt(hidden) == "JBSWY3DPEHPK3PXP"


def test_secret_being_set_up_is_shown_as_a_picture_of_our_own(signed_in):
    response = signed_in(factories.user()).get("/accounts/2fa/totp/qr.svg")
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/svg+xml", "private, no-store")
    assert b"<svg" in response.content


@pytest.mark.parametrize("email", ["ADA@example.org", "ada@EXAMPLE.org"])
def test_account_with_a_known_address_in_other_letters_is_refused(email):
    factories.user(email="ada@example.org")
    with pytest.raises(Exception) as refusal:
        factories.user(email=email)
    assert "already" in str(refusal.value)
