"""Appointing a coordinator whose address somebody else may have signed up with."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from portal.contacts.models import Contact
from portal.users import services
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def squatter():
    person = User.objects.create_user("boss@example.org", factories.PASSWORD, name="Not the boss")
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    return factories.with_second_factor(person)


def test_appointment_voids_what_was_set_before_the_address_was_verified(client):
    person = services.appoint_coordinator(squatter())
    assert (person.has_usable_password(), Authenticator.objects.filter(user=person).count()) == (False, 0)
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert client.get("/me/").status_code == 302


def test_appointment_ends_open_sessions_of_an_unverified_account(signed_in):
    person = squatter()
    client = signed_in(person)
    services.appoint_coordinator(person)
    assert client.get("/me/").status_code == 302


def test_appointment_of_a_verified_person_keeps_the_password():
    person = services.appoint_coordinator(factories.user())
    assert person.has_usable_password()


def test_contact_moves_along_with_a_new_address():
    person = factories.user()
    Contact.objects.of("old@example.org", user=person)
    new = Contact.objects.of("new@example.org", user=person)
    assert list(Contact.objects.filter(user=person)) == [new]
