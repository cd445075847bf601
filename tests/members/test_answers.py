"""What becomes of people who were invited: noted once, found by any address, and followed up no longer than needed."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from members.joining import services as joining
from members.membership import services as membership
from members.recruitment import answers, audience, colleagues, results, services, writing
from members.recruitment.audience import Person
from members.recruitment.models import DriveMail, Invitation
from portal.contacts import services as contacts
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
ADA, BEN = "Ada Obi <ada@example.org>", "Ben Ito <ben@example.org>"


@pytest.fixture
def drive():
    """One with a follow-up after five days."""
    return factories.running(ADA, BEN, days=(0, 5))


def invitation(address="ada@example.org"):
    return Invitation.objects.get(contact__address=address)


def moments(address="ada@example.org"):
    found = invitation(address)
    return found.applied_at, found.joined_at


def sent():
    OutgoingMail.objects.filter(status="queued").update(status="sent", sent_at=timezone.now())


def followed_up(days=6):
    sent()
    writing.sweep(now=timezone.now() + timedelta(days=days))
    found = DriveMail.objects.filter(step__days__gt=0).select_related("invitation__contact")
    return sorted(one.invitation.contact.address for one in found)


def approve(application):
    return joining.approve(application, by=factories.coordinator())


# --- noted once -----------------------------------------------------------------------------------------------------
def test_application_and_joining_are_noted_once(drive):
    application = factories.application(factories.user("Ada Obi", "ada@example.org"))
    first, second = timezone.now() + timedelta(minutes=1), timezone.now() + timedelta(minutes=2)
    answers.settle(now=first)
    assert moments() == (first, None)
    approve(application)
    answers.settle(now=second)
    answers.settle(now=second + timedelta(hours=1))
    assert (moments(), moments("ben@example.org")) == ((first, second), (None, None))


def test_application_by_another_address_is_noted(drive):
    person = factories.user("Ada Obi", "ada@example.net")
    answers.take_up(invitation(), person)
    approve(factories.application(person))
    writing.sweep()
    assert None not in moments()


def test_application_by_a_second_address_of_the_account_is_noted(drive):
    person = factories.user("Ada Obi", "ada@example.net")
    EmailAddress.objects.create(user=person, email="ada@example.org", verified=True)
    factories.application(person)
    writing.sweep()
    assert (invitation().user, moments()[0] is not None) == (person, True)


def test_application_by_a_second_address_that_was_never_shown_to_be_theirs_is_not_noted(drive):
    person = factories.user("Ada Obi", "ada@example.net")
    EmailAddress.objects.create(user=person, email="ada@example.org", verified=False)
    factories.application(person)
    writing.sweep()
    assert (invitation().user, moments()) == (None, (None, None))


def test_application_of_before_the_invitation_does_not_count(drive):
    person = factories.user("Ada Obi", "ada@example.net")
    application = factories.application(person)
    type(application).objects.update(submitted_at=timezone.now() - timedelta(days=1))
    answers.take_up(invitation(), person)
    writing.sweep()
    assert moments() == (None, None)


def test_member_of_before_the_invitation_has_not_joined_by_it(drive):
    member = factories.member("Ada Obi", email="ada@example.net")
    answers.take_up(invitation(), member.user)
    writing.sweep()
    assert moments() == (None, None)


def test_member_who_was_enrolled_later_has_joined(drive):
    person = factories.user("Ada Obi", "ada@example.org")
    member = factories.directory.enrol(person, on=timezone.localdate() + timedelta(days=1))
    writing.sweep()
    assert (member.status, moments()[1] is not None) == ("active", True)


def test_person_who_never_opened_nor_was_written_to_is_not_looked_for():
    drive = factories.drive(ADA)
    factories.application(factories.user("Ada Obi", "ada@example.org"))
    answers.settle(now=timezone.now())
    assert drive.invitations.get().user is None


def test_colleague_who_came_by_the_link_alone_is_noted():
    drive = factories.drive(takes_colleagues=True)
    made = colleagues.invite(drive, Person("ada@example.org"), by=factories.member("Bo Li").user)
    person = factories.user("Ada Obi", "ada@example.net")
    answers.take_up(made, person)
    approve(factories.application(person))
    writing.sweep()
    assert None not in moments()


# --- followed up no more --------------------------------------------------------------------------------------------
def test_follow_up_goes_to_whoever_is_silent(drive):
    assert (followed_up(days=4), followed_up(days=6)) == ([], ["ada@example.org", "ben@example.org"])
    assert followed_up(days=30) == ["ada@example.org", "ben@example.org"]


def test_follow_up_goes_to_whoever_only_opened_the_page(drive):
    answers.open_page(invitation())
    assert followed_up() == ["ada@example.org", "ben@example.org"]


@pytest.mark.parametrize("act", ["declines", "refuses", "opts_out", "bounces", "applies", "joins", "was_a_member"])
def test_follow_up_stops_when_somebody(drive, act):
    person = factories.user("Ada Obi", "ada@example.net")
    answers.take_up(invitation(), person)
    if act == "declines":
        answers.decline(invitation())
    elif act == "refuses":
        answers.refuse(invitation())
    elif act == "opts_out":
        contacts.opt_out(invitation().contact, "invitation", source="page")
    elif act == "bounces":
        contacts.record_bounce(invitation().contact, "550")
    elif act == "applies":
        factories.application(person)
    elif act == "joins":
        approve(factories.application(person))
    elif act == "was_a_member":
        membership.make_alumni(factories.directory.enrol(person))
    assert followed_up() == ["ben@example.org"]


def test_follow_up_stops_for_circulars_opt_out_of_invitations_only(drive):
    contacts.opt_out(invitation().contact, "circular", source="page")
    assert followed_up() == ["ada@example.org", "ben@example.org"]


def test_follow_up_goes_on_when_somebody_changes_their_mind(drive):
    answers.decline(invitation())
    answers.take_up(invitation())
    assert followed_up() == ["ada@example.org", "ben@example.org"]


# --- what came of it ------------------------------------------------------------------------------------------------
def test_first_coverage_counts_among_what_came_of_a_drive(drive):
    drive.invitations.update(joined_at=timezone.now())
    DriveMail.objects.update(mail=None)
    for address in ("ada@example.org", "ben@example.org"):
        Invitation.objects.filter(contact__address=address).update(user=factories.member(email=address).user)
    factories.approved(invitation().user)
    factories.approved(invitation().user)
    factories.submitted(invitation("ben@example.org").user)
    stages = {one.name: (str(one.title), one.count) for one in results.funnel(drive)}
    assert stages["coverage"] == ("first coverage", 1)


def test_invitation_taken_up_is_the_one_that_was_opened_last():
    ada = factories.user(email="ada@example.org")
    opened, unopened = factories.running(ADA).invitations.get(), factories.drive(ADA).invitations.get()
    Invitation.objects.update(user=ada)
    answers.open_page(opened)
    assert unopened.pk > opened.pk
    assert answers.taken_up_by(ada) == opened


# --- nobody twice, nobody after a no --------------------------------------------------------------------------------
def test_two_drives_that_begin_at_once_write_to_each_person_once():
    drives = [factories.drive(ADA, BEN) for _number in range(2)]
    for one in drives:
        services.start(one, by=factories.coordinator(), at=timezone.now() + timedelta(hours=1))
    writing.sweep(now=timezone.now() + timedelta(hours=1))
    assert sorted(OutgoingMail.objects.values_list("contact__address", flat=True)) == [
        "ada@example.org", "ben@example.org",
    ]  # fmt: skip
    reasons = [sorted(one.invitations.values_list("excluded_because", flat=True)) for one in drives]
    assert sorted(reasons) == [["", ""], ["invited", "invited"]]


def test_drive_cancelled_before_anything_left_has_invited_nobody():
    services.cancel(factories.running(ADA), by=factories.coordinator())
    again = factories.running(ADA)
    assert again.invitations.get().excluded_because == ""


@pytest.mark.parametrize("state", ["queued", "held"])
def test_mail_that_waits_while_the_person_says_no_is_not_sent(drive, state):
    OutgoingMail.objects.update(status=state)
    answers.decline(invitation())
    writing.sweep()
    states = dict(OutgoingMail.objects.values_list("contact__address", "status"))
    assert states == {"ada@example.org": "suppressed", "ben@example.org": state}


def test_drive_resumed_leaves_out_whoever_said_no_meanwhile(drive):
    services.pause(drive, by=factories.coordinator())
    answers.decline(invitation())
    services.resume(drive, by=factories.coordinator())
    assert OutgoingMail.objects.get(contact__address="ada@example.org").status == "suppressed"


def test_no_counts_for_every_invitation_of_the_person(drive):
    other = factories.drive(ADA)
    answers.decline(other.invitations.get())
    assert followed_up() == ["ben@example.org"]
    assert [one.why_not for one in audience.reasoned(other)] == ["declined"]


@pytest.mark.parametrize("status", ["failed", "suppressed"])
def test_follow_up_needs_a_first_mail_that_left(drive, status):
    OutgoingMail.objects.filter(contact__address="ada@example.org").update(status=status)
    assert followed_up() == ["ben@example.org"]


def test_follow_ups_that_are_late_leave_one_a_day():
    drive = factories.running(ADA, days=(0, 3, 5))
    sent()
    late = timezone.now() + timedelta(days=9)
    writing.sweep(now=late)
    assert [mail.step.days for mail in DriveMail.objects.filter(step__drive=drive)] == [0, 3]
    writing.sweep(now=late + timedelta(days=1))
    assert DriveMail.objects.filter(step__drive=drive).count() == 3


def test_mail_of_a_cancelled_drive_that_its_server_gave_back_is_not_sent(drive):
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    services.cancel(drive, by=factories.coordinator())
    OutgoingMail.objects.update(status="queued", sent_at=None)
    writing.sweep()
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"suppressed"}
