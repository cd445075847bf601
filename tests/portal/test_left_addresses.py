"""An address that its account has left, or that nobody confirmed: nobody's mails are told to, or go with, another."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail as django_mail
from django.utils import timezone

from members.intake.models import ImportRow
from members.letters.models import Letter
from members.recruitment.models import Drive, Invitation
from portal import registry
from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut
from portal.outbox import returns, sending
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.outbox.reports import Kind, Report
from portal.personal import deletion, parts
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
OFFICE, LATER = "office@example.org", timedelta(days=3650)


def rule(name):
    return next(one for one in registry.retention_rules if one.name == name)


def written_to(person, subject):
    contact = Contact.objects.of(person.email, user=person)
    return OutgoingMail.objects.create(
        contact=contact, domain=contact.domain, kind="x", subject=subject, sender="p@example.org", text="text",
        status="sent", sent_at=timezone.now(),
    )  # fmt: skip


def told(person):
    return [one["subject"] for one in parts.mails(person)]


def changed(client, person, to):
    """The person confirms another address, and the first one is theirs no more."""
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    client.post("/accounts/email/", {"email": to, "action_add": ""})
    address = EmailAddress.objects.get(user=person, email=to)
    client.post(f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/")
    person.refresh_from_db()
    assert (person.email, person.emailaddress_set.count()) == (to, 1)


@pytest.fixture
def bea(signed_in):
    """Bea, who had office@ and mails there, and then changed it for another."""
    person = factories.user("Bea Ito", OFFICE)
    written_to(person, "For Bea")
    contacts.opt_out(person.contact, "circular", source="page")
    factories.running(f"Bea Ito <{OFFICE}>")
    changed(signed_in(person), person, "bea@example.org")
    return User.objects.get(pk=person.pk)


def test_address_that_was_changed_leaves_its_mails_with_the_person(bea):
    assert "For Bea" in told(bea)
    assert Invitation.objects.get().contact == bea.contact
    assert (bea.contact.address, bea.contact.refused_kinds) == ("bea@example.org", {"circular"})
    assert OptOut.objects.count() == 2
    left = Contact.objects.get(address=OFFICE)
    assert list(left.mails.values_list("kind", flat=True)) == ["email_changed"]


def test_address_that_was_changed_is_forgotten_once_its_last_mail_has_left(bea, smtp):
    assert deletion.forget_farewells() == 0
    sending.send_waiting()
    assert deletion.forget_farewells() == 1
    assert not Contact.objects.filter(address=OFFICE).exists()


def test_links_of_mails_to_the_earlier_address_still_lead_to_the_person(signed_in, client):
    person = factories.user("Bea Ito", OFFICE)
    before = Contact.objects.of(OFFICE, user=person).key
    changed(signed_in(person), person, "bea@example.org")
    assert Contact.objects.get(key=before).address == "bea@example.org"


def test_next_person_with_the_address_has_mails_of_their_own(bea):
    ada = factories.user("Ada Obi", OFFICE)
    written_to(ada, "For Ada")
    assert (told(ada)[-1], "For Ada" in told(bea), "For Bea" in told(ada)) == ("For Ada", False, False)
    deletion.delete_account(bea, by=bea)
    assert "For Ada" in told(ada)
    deletion.delete_account(ada, by=ada)
    assert OutgoingMail.objects.exclude(kind="account_deleted").count() == 0


def test_contact_that_stayed_with_its_earlier_account_moves_to_who_has_the_address():
    """As accounts were left before addresses were followed."""
    bea, ada = factories.user("Bea Ito", "bea@example.org"), factories.user("Ada Obi", OFFICE)
    Contact.objects.create(address=OFFICE, user=bea)
    message = django_mail.EmailMessage("Hello", "text", "p@example.org", [OFFICE])
    assert outbox.queue_message(message, kind="x").contact.user == ada
    Contact.objects.filter(address=OFFICE).update(user=bea)
    assert told(bea) == []
    deletion.delete_account(ada, by=ada)
    assert OutgoingMail.objects.get(kind="account_deleted").contact.address == OFFICE


def test_contact_of_an_account_that_has_the_address_is_not_taken():
    bea, ada = factories.user("Bea Ito", "bea@example.org"), factories.user("Ada Obi")
    contact = Contact.objects.of("bea@example.org", user=bea)
    assert Contact.objects.of("bea@example.org", user=ada).user == contact.user == bea


def test_second_address_that_was_removed_leaves_its_mails_with_the_person(signed_in):
    bea = factories.user("Bea Ito", "bea@example.org")
    second = EmailAddress.objects.create(user=bea, email=OFFICE, verified=True)
    written = written_to(bea, "For Bea")
    OutgoingMail.objects.filter(pk=written.pk).update(contact=Contact.objects.of(OFFICE))
    second.delete()
    assert (told(bea), Contact.objects.filter(address=OFFICE).count()) == (["For Bea"], 0)


# --- nobody confirmed -----------------------------------------------------------------------------------------------
def asked_something(contact):
    letter = factories.letter(by=factories.user())
    Letter.objects.filter(pk=letter.pk).update(writer=None, contact=contact, name="Office")


def somebody_in_use():
    """A stranger with an invitation in a drive under way and a request that waits for its answer."""
    factories.running(f"Office <{OFFICE}>")
    contact = Contact.objects.get(address=OFFICE)
    asked_something(contact)
    return contact


def is_whole(contact):
    return (
        Contact.objects.filter(pk=contact.pk).exists(),
        Invitation.objects.filter(contact=contact).count(),
        Letter.objects.filter(contact=contact, status="open").count(),
    ) == (True, 1, 1)


def test_account_that_nobody_confirmed_goes_without_what_hangs_on_its_address(client):
    contact = somebody_in_use()
    client.post("/accounts/signup/", {"email": OFFICE, "password1": factories.PASSWORD, "name": "Eve"})
    eve = User.objects.get(email=OFFICE)
    assert Contact.objects.get(pk=contact.pk).user == eve
    assert rule("unconfirmed-accounts").run(timezone.now() + timedelta(days=31), 10) == 1
    assert not User.objects.filter(pk=eve.pk).exists()
    assert is_whole(contact)
    assert Contact.objects.get(pk=contact.pk).user is None


def test_account_that_nobody_confirmed_goes_with_an_address_known_by_it_alone(client, smtp):
    client.post("/accounts/signup/", {"email": OFFICE, "password1": factories.PASSWORD, "name": "Eve"})
    sending.send_waiting()
    rule("unconfirmed-accounts").run(timezone.now() + timedelta(days=31), 10)
    assert (Contact.objects.count(), User.objects.count()) == (0, 0)


def test_profile_that_nobody_claimed_goes_without_what_hangs_on_its_address():
    contact = somebody_in_use()
    factories.claim("Office", OFFICE)
    assert ImportRow.objects.get().has_made_contact is False
    assert rule("unclaimed-profiles").run(timezone.now() + timedelta(days=366), 10) == 1
    assert not User.objects.filter(email=OFFICE).exists()
    assert is_whole(contact)


def test_profile_that_nobody_claimed_goes_without_what_came_to_its_address_later():
    factories.claim("Office", OFFICE)
    contact = Contact.objects.get(address=OFFICE)
    asked_something(contact)
    rule("unclaimed-profiles").run(timezone.now() + timedelta(days=366), 10)
    assert Letter.objects.get(status="open").contact == contact


# --- prospects ------------------------------------------------------------------------------------------------------
def invited():
    drive = factories.running(f"Office <{OFFICE}>")
    Drive.objects.filter(pk=drive.pk).update(status="done", ended_at=timezone.now())
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    return Contact.objects.get(address=OFFICE)


def is_written_to(contact):
    OutgoingMail.objects.create(contact=contact, kind="x", subject="Hello", sender="p@example.org")


def wants_it(contact):
    Contact.objects.filter(pk=contact.pk).update(basis="consent")


@pytest.mark.parametrize("use", [asked_something, is_written_to, wants_it])
def test_prospect_whose_address_is_used_stays(use):
    contact = invited()
    assert rule("prospects").due(timezone.now() + LATER) == 1
    contacts.record_bounce(contact, "550 no")
    use(contact)
    now = timezone.now() + LATER
    assert (rule("prospects").due(now), rule("prospects").run(now, 10)) == (0, 0)
    assert Contact.objects.get(pk=contact.pk).has_bounced


def test_late_report_on_an_earlier_address_says_nothing_of_the_present_one(bea):
    mail = OutgoingMail.objects.get(subject="For Bea")
    OutgoingMail.objects.filter(pk=mail.pk).update(domain="earlier.example")
    returns.record(Report(mail=mail.pk, kind=Kind.BOUNCE, words="550 no"))
    bea.contact.refresh_from_db()
    assert not bea.contact.has_bounced
