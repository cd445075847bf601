"""manage.py coordinator: from an empty portal to somebody who can do everything else at the desk."""

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client

from portal.outbox.models import OutgoingMail
from portal.users import services
from portal.users.models import COORDINATORS, User
from tests import factories

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "páramo after the rain"


def run(*args, **options):
    out = StringIO()
    call_command("coordinator", *args, stdout=out, **options)
    return out.getvalue()


def link_in(text):
    return re.search(r"http://localhost:8000(/\S+)", text.rpartition("days:")[2])[1]


def test_coordinator_for_a_new_address_makes_an_account_with_every_right():
    run("Luz.Ocampo@Example.org")
    user = User.objects.get()
    assert (user.email, user.name, user.is_staff, user.is_superuser) == (
        "luz.ocampo@example.org",
        "Luz Ocampo",
        True,
        False,
    )
    assert list(user.groups.values_list("name", flat=True)) == [COORDINATORS]
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(user.email, True, True)]
    assert user.has_perm("members.change_membershipapplication")


def test_coordinator_with_a_name_gives_it_to_a_new_account_only():
    known = factories.user("Ragna Qvist")
    run("luz@example.org", name="Luz Ocampo Rentería")
    run(known.email, name="Somebody Else")
    assert set(User.objects.values_list("name", flat=True)) == {"Luz Ocampo Rentería", "Ragna Qvist"}


def test_coordinator_for_a_new_address_says_where_the_password_is_set():
    said = run("luz@example.org", name="Luz")
    assert said.splitlines()[:2] == [
        "Luz <luz@example.org> is a coordinator. The desk is at http://localhost:8000/admin/",
        "They set their password here, once, within 3 days:",
    ]
    assert not OutgoingMail.objects.exists()


def test_coordinator_link_sets_a_password_once():
    client, link = Client(), link_in(run("luz@example.org"))
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get().check_password(NEW_PASSWORD)
    again = Client().get(link, follow=True)
    assert again.context["token_fail"]


def test_coordinator_who_has_a_password_gets_no_link():
    user = factories.user("Ragna Qvist", "ragna@example.org")
    assert run("ragna@example.org").splitlines() == [
        "Ragna Qvist <ragna@example.org> is a coordinator. The desk is at http://localhost:8000/admin/",
        "They sign in with the password they have.",
    ]
    user.refresh_from_db()
    assert user.is_coordinator


def test_coordinator_twice_changes_nothing_more():
    run("luz@example.org")
    run("LUZ@example.org")
    assert (User.objects.count(), EmailAddress.objects.count()) == (1, 1)
    assert User.objects.coordinators().count() == 1


def test_coordinator_who_reads_french_gets_the_french_page():
    user = User.objects.create_user("amadou@example.org", name="Amadou", language="fr")
    assert services.password_link(user).startswith("http://localhost:8000/fr/accounts/password/reset/key/")


@pytest.mark.parametrize(
    "email", ["luz", "luz@", "luz ocampo@example.org", "a@b@example.org", "", "x" * 250 + "@a.org"]
)
def test_coordinator_for_no_address_is_refused_in_a_sentence(email):
    with pytest.raises(CommandError, match=r"^[A-Z][^\n]*\.( \(.*\)\.)?$"):
        run(email)
    assert not User.objects.exists()


def test_coordinator_for_a_closed_account_is_refused():
    factories.user(email="gone@example.org", is_active=False)
    with pytest.raises(CommandError, match=r"^This account may not sign in, so it cannot coordinate\.$"):
        run("gone@example.org")
    assert not User.objects.filter(is_staff=True).exists()


def test_coordinator_for_an_address_of_another_account_is_refused():
    other = factories.user()
    EmailAddress.objects.create(user=other, email="shared@example.org", verified=True)
    with pytest.raises(CommandError, match=r"^Another account uses shared@example\.org already\.$"):
        run("shared@example.org")
    assert User.objects.count() == 1


def test_appointment_when_an_unverified_address_waits_verifies_it():
    user = User.objects.create_user("luz@example.org", name="Luz")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=False)
    services.appoint_coordinator(user)
    assert list(EmailAddress.objects.values_list("verified", "primary")) == [(True, True)]
    assert Group.objects.get(name=COORDINATORS).user_set.get() == user


# --- the work is handed over ----------------------------------------------------------------------------------------
def test_coordinator_dismissed_keeps_the_account_and_enters_the_desk_no_more(signed_in):
    factories.coordinator()
    person = factories.coordinator(email="luz@example.org")
    assert "does not enter the desk any more" in run("Luz@example.org", "--dismiss")
    person.refresh_from_db()
    assert (person.is_active, person.is_staff, person.groups.count()) == (True, False, 0)
    assert signed_in(person).get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("make", "words"),
    [(factories.coordinator, "Nobody else"), (factories.superuser, "superuser"), (factories.user, "does not enter")],
)
def test_coordinator_not_dismissed_where_nobody_would_be_left_or_nothing_is_to_take(make, words):
    person = make()
    with pytest.raises(CommandError, match=words):
        run(person.email, "--dismiss")
    person.refresh_from_db()
    assert person.is_staff == (make is not factories.user)


def test_coordinator_dismissed_without_an_account_is_refused():
    with pytest.raises(CommandError, match="no account"):
        run("nobody@example.org", "--dismiss")
