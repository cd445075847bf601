"""What is over its time goes, and nothing else: each rule, the job that follows them, and the page that shows it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from members.directory.models import Member
from members.intake.models import Import, ProfileClaim
from members.joining import services as joining
from members.joining.models import MembershipApplication
from members.letters import services as letters
from members.letters.models import Letter
from members.recruitment.models import Drive
from portal import registry
from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut
from portal.outbox.models import OutgoingMail
from portal.personal import services as personal
from portal.personal.models import DataExport
from portal.retention import services
from portal.retention.models import RetentionRun
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def rule(name):
    return next(one for one in registry.retention_rules if one.name == name)


def mail(**fields):
    contact = fields.pop("contact", None) or Contact.objects.of("ada@example.org")
    given = {"subject": "Hello", "text": "text", "html": "<p>text</p>", "status": "sent", "sent_at": timezone.now()}
    return OutgoingMail.objects.create(contact=contact, kind="x", sender="p@example.org", **given | fields)


def declined_application():
    return joining.decline(factories.application(), by=factories.coordinator(), reason="No.")


def invited():
    """Somebody who was written to by a drive that is over, and never came."""
    drive = factories.running("Ada Obi <ada@example.org>")
    Drive.objects.filter(pk=drive.pk).update(status="done", ended_at=timezone.now())
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    contacts.opt_out(Contact.objects.get(address="ada@example.org"), source="page")


def unconfirmed():
    person = factories.user()
    person.emailaddress_set.update(verified=False)


def answered_request():
    letter = factories.letter()
    letters.answer(letter, by=letter.recipient.user, words="Gladly.")


def copy():
    personal.make(str(personal.ask_for_copy(factories.user()).pk))


def session(client):
    client.force_login(factories.user(), backend="allauth.account.auth_backends.AuthenticationBackend")


CASES = {  # rule: days that it is kept, how it comes about, what there is before and after its time
    "mail-texts": (180, mail, lambda: OutgoingMail.objects.exclude(text="").count()),
    "mails": (730, mail, OutgoingMail.objects.count),
    "unused-addresses": (180, mail, lambda: Contact.objects.filter(address="ada@example.org").count()),
    "declined-applications": (365, declined_application, MembershipApplication.objects.count),
    "lists-of-members": (30, lambda: factories.list_of_members("Ada,ada@example.org"), Import.objects.count),
    "unclaimed-profiles": (365, factories.claim, ProfileClaim.objects.count),
    "lists-of-prospects": (30, lambda: factories.prospects("Ada,ada@example.org"), lambda: rule_lists().count()),
    "prospects": (365, invited, lambda: Contact.objects.filter(address="ada@example.org").count()),
    "requests": (90, answered_request, lambda: Letter.objects.exclude(words="").count()),
    "copies": (7, copy, DataExport.objects.filter(status="ready").count),
    "unconfirmed-accounts": (30, unconfirmed, User.objects.count),
}


def rule_lists():
    return Drive.objects.get().lists


@pytest.mark.parametrize("name", CASES)
def test_rule_removes_what_is_over_its_time_and_nothing_sooner(name):
    days, make, count = CASES[name]
    make()
    before, after = (timezone.now() + timedelta(days=days + more) for more in (-1, 1))
    assert (rule(name).due(before), rule(name).run(before, 10), count()) == (0, 0, 1)
    assert (rule(name).due(after), rule(name).run(after, 10)) == (1, 1)
    assert (count(), rule(name).due(after), rule(name).run(after, 10)) == (0, 0, 0)


def test_rules_are_all_tried_here():
    """Sessions and last mails have tests of their own."""
    assert {one.name for one in registry.retention_rules} == {*CASES, "sessions", "last-mails"}


def test_sessions_that_have_ended_are_deleted(client):
    session(client)
    later = Session.objects.get().expire_date + timedelta(minutes=1)
    assert (rule("sessions").run(timezone.now(), 10), rule("sessions").run(later, 10)) == (0, 1)
    assert Session.objects.count() == 0


LATER = timedelta(days=3650)


def test_prospect_who_joined_or_is_in_a_drive_under_way_stays():
    factories.running("Ada Obi <ada@example.org>")
    assert rule("prospects").due(timezone.now() + LATER) == 0


def test_prospect_who_has_an_account_stays():
    invited()
    Contact.objects.of("ada@example.org", user=factories.user(email="ada@example.org"))
    assert rule("prospects").due(timezone.now() + LATER) == 0


def test_prospect_who_is_forgotten_is_still_not_written_to():
    invited()
    rule("prospects").run(timezone.now() + LATER, 10)
    assert OptOut.objects.count() == 1
    assert Contact.objects.of("ada@example.org").may_be_written_to is False


def test_address_that_an_account_has_or_that_was_written_to_lately_stays():
    Contact.objects.of("ada@example.org", user=factories.user(email="ada@example.org"))
    contact = Contact.objects.of("zoe@example.org")
    later = timezone.now() + timedelta(days=300)
    mail(contact=contact, created_at=later)
    assert rule("unused-addresses").due(later) == 0


def test_mail_that_waits_or_is_held_keeps_its_text():
    for status in ("queued", "held"):
        mail(status=status, sent_at=None)
    assert (rule("mail-texts").due(timezone.now() + LATER), rule("mails").due(timezone.now() + LATER)) == (0, 0)


def test_application_that_was_approved_stays():
    joining.approve(factories.application(), by=factories.coordinator())
    assert rule("declined-applications").due(timezone.now() + LATER) == 0


def test_profile_that_was_claimed_stays_and_one_unclaimed_goes_with_its_account():
    factories.claim("Ada Obi", "ada@example.org")
    factories.member("Zoe Ito")
    rule("unclaimed-profiles").run(timezone.now() + LATER, 10)
    assert list(Member.objects.values_list("user__name", flat=True)) == ["Zoe Ito"]
    assert not User.objects.filter(email="ada@example.org").exists()
    assert not Contact.objects.filter(address="ada@example.org").exists()


def test_account_that_is_used_or_confirmed_stays():
    factories.user()
    unconfirmed()
    User.objects.filter(emailaddress__verified=False).update(last_login=timezone.now())
    assert rule("unconfirmed-accounts").due(timezone.now() + LATER) == 0


# --- the job --------------------------------------------------------------------------------------------------------
def test_job_follows_every_rule_and_writes_down_what_it_did():
    declined_application()
    now = timezone.now() + LATER
    assert services.run(now=now) is True
    assert {one.rule for one in RetentionRun.objects.all()} == {one.name for one in registry.retention_rules}
    run = RetentionRun.objects.get(rule="declined-applications")
    assert (run.ran_at, run.removed, run.removed_in_all) == (now, 1, 1)
    services.run(now=now + timedelta(hours=1))
    run.refresh_from_db()
    assert (run.ran_at, run.removed) == (now, 1)
    services.run(now=now + timedelta(days=1))
    run.refresh_from_db()
    assert (run.removed, run.removed_in_all) == (0, 1)


def test_job_stops_when_its_time_is_up_and_goes_on_with_the_same_rule(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    for _number in range(3):
        mail()
    now = timezone.now() + timedelta(days=200)
    assert services.run("mail-texts", now=now, seconds=0) is False
    RetentionRun.objects.update_or_create(rule="mail-texts", defaults={"removed": 1})
    assert OutgoingMail.objects.exclude(text="").count() == 2
    assert services.run("mail-texts", now=now) is True
    assert (OutgoingMail.objects.exclude(text="").count(), RetentionRun.objects.get(rule="mail-texts").removed) == (
        0,
        3,
    )


def test_job_goes_on_with_the_other_rules_where_one_fails(monkeypatch):
    def fail(now, limit):
        raise RuntimeError("broken")

    broken = registry.RetentionRule("broken", "Broken", "", "", lambda now: 0, fail)
    monkeypatch.setattr(registry.retention_rules, "_items", [(1, broken), *registry.retention_rules._items])
    assert services.run() is True
    assert RetentionRun.objects.get(rule="broken").error == "RuntimeError"
    assert RetentionRun.objects.count() == len(list(registry.retention_rules))


def test_desk_shows_each_rule_with_what_is_due(signed_in):
    services.run(now=timezone.now())
    page = signed_in(factories.coordinator()).get("/admin/portal/retentionrun/").text
    assert [str(one.title) for one in registry.retention_rules if str(one.title) not in page] == []
