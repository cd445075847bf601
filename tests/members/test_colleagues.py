"""Members invite people they know: what they may, what they learn, and how they are thanked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from members.joining import services as joining
from members.recruitment import colleagues, results, writing
from members.recruitment import services as drives
from members.recruitment.audience import Person
from members.recruitment.models import Drive, DriveMail, Invitation
from portal.contacts import services as contacts
from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
ADA = Person("ada@example.org", "Ada Obi")


@pytest.fixture
def bo():
    return factories.member("Bo Li", email="bo@example.org", visibility="everyone")


@pytest.fixture
def drive():
    """One that runs, and is open to members."""
    return factories.running("Ben Ito <ben@example.org>", takes_colleagues=True)


def form(**fields):
    return {"name": "Ada Obi", "email": "ada@example.org", "several": "", "language": "en"} | fields


def written_to():
    writing.sweep()
    return {one.invitation.contact.address for one in DriveMail.objects.select_related("invitation__contact")}


def join(address, name="Ada Obi"):
    person = User.objects.filter(email=address).first() or factories.user(name, address)
    joining.approve(factories.application(person), by=factories.coordinator())
    writing.sweep()
    return person


# --- who may --------------------------------------------------------------------------------------------------------
def test_invite_adds_somebody_to_a_running_drive_who_is_written_to(signed_in, bo, drive):
    response = signed_in(bo.user).post("/me/invite/", form(language="fr"), follow=True)
    assert (response.redirect_chain, "You have invited: Ada Obi." in response.text) == ([("/me/invite/", 302)], True)
    made = Invitation.objects.get(invited_by=bo.user)
    assert (made.name, made.contact.address, made.language, made.drive) == ("Ada Obi", "ada@example.org", "fr", drive)
    assert written_to() == {"ada@example.org", "ben@example.org"}
    assert "Bo Li of " in OutgoingMail.objects.get(contact=made.contact).text


def test_invite_by_a_drive_in_preparation_waits_for_its_start(signed_in, bo):
    drive = factories.drive("Ben Ito <ben@example.org>", takes_colleagues=True)
    signed_in(bo.user).post("/me/invite/", form())
    assert written_to() == set()
    drives.start(drive, by=factories.coordinator())
    assert written_to() == {"ada@example.org", "ben@example.org"}


def test_invite_is_for_members(signed_in, drive):
    client = signed_in(factories.user())
    assert [client.get("/me/invite/")["Location"], client.post("/me/invite/", form())["Location"]] == ["/join/"] * 2
    with pytest.raises(drives.DriveError, match="Only members invite"):
        colleagues.invite(drive, ADA, by=factories.user())
    assert Invitation.objects.filter(invited_by__isnull=False).count() == 0


def test_invite_without_an_open_drive_says_so(signed_in, bo):
    factories.running("Ben Ito <ben@example.org>")
    client = signed_in(bo.user)
    for response in (client.get("/me/invite/"), client.post("/me/invite/", form())):
        assert "Nobody can be invited just now" in response.text
    assert Invitation.objects.filter(invited_by=bo.user).count() == 0


def test_invite_by_a_drive_that_closed_meanwhile_is_refused(bo, drive):
    Drive.objects.update(takes_colleagues=False)
    with pytest.raises(drives.DriveError, match="at the moment"):
        colleagues.invite(drive, ADA, by=bo.user)


def test_invite_by_one_of_several_drives_asks_by_which(signed_in, bo, drive):
    other = factories.drive(takes_colleagues=True, package=factories.package(en="A course"))
    client = signed_in(bo.user)
    fields = client.get("/me/invite/").context["form"].fields
    day = f"{timezone.now():%B %Y}"
    assert [label for _pk, label in fields["drive"].choices] == [f"A course ({day})", f"Who we are ({day})"]
    client.post("/me/invite/", form(drive=drive.pk))
    assert list(client.post("/me/invite/", form(drive="0")).context["form"].errors) == ["drive"]
    assert (drive.invitations.filter(invited_by=bo.user).count(), other.invitations.count()) == (1, 0)


# --- what is told of them -------------------------------------------------------------------------------------------
BAD = [
    ({"email": ""}, "email"),
    ({"email": "", "name": ""}, "email"),
    ({"email": "nonsense"}, "email"),
    ({"email": "ada@example.org\r\nBcc: all@example.org"}, "email"),
    ({"name": "<b>Ada</b>"}, "name"),
    ({"name": "See https://example.org"}, "name"),
    ({"name": "x" * 151}, "name"),
    ({"language": "xx"}, "language"),
    ({"several": "Ben Ito"}, "several"),
    ({"several": "ben@example.org\nnonsense@"}, "several"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_invite_with_bad_input_is_answered_at_the_field_and_invites_nobody(signed_in, bo, drive, change, field):
    response = signed_in(bo.user).post("/me/invite/", form(**{"name": "Ada Obi", **change}))
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Invitation.objects.filter(invited_by=bo.user).count() == 0


def test_invite_several_at_once(signed_in, bo, drive):
    several = "Cy Young <cy@example.org>\n\nDi Prince, di@example.org"
    response = signed_in(bo.user).post("/me/invite/", form(several=several), follow=True)
    assert "You have invited: Ada Obi, Cy Young, Di Prince." in response.text
    assert written_to() == {f"{one}@example.org" for one in ("ada", "ben", "cy", "di")}


def test_invite_several_at_once_and_no_single_one(signed_in, bo, drive):
    signed_in(bo.user).post("/me/invite/", form(name="", email="", several="cy@example.org"))
    assert [one.contact.address for one in Invitation.objects.filter(invited_by=bo.user)] == ["cy@example.org"]


def test_invite_tells_by_line_what_is_wrong_and_keeps_what_was_typed(signed_in, bo, drive):
    response = signed_in(bo.user).post("/me/invite/", form(several="cy@example.org\nDi Prince, di@"))
    assert "Line 2:" in response.context["form"].errors["several"][0]
    assert ("Di Prince, di@</textarea>" in response.text, 'value="Ada Obi"' in response.text) == (True, True)


def test_invite_more_than_a_day_allows_invites_none_of_them(signed_in, bo, drive):
    people = "\n".join(f"p{number}@example.org" for number in range(colleagues.MOST))
    client = signed_in(bo.user)
    response = client.post("/me/invite/", form(several=people))
    assert "You have invited many people today" in response.text
    assert Invitation.objects.filter(invited_by=bo.user).count() == 0
    client.post("/me/invite/", form(name="", email="", several=people))
    assert Invitation.objects.filter(invited_by=bo.user).count() == colleagues.MOST
    assert colleagues.left_today(bo.user) == 0
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=1, minutes=1))
    assert colleagues.left_today(bo.user) == colleagues.MOST


# --- what an inviter learns -----------------------------------------------------------------------------------------
def listed(client):
    return [(one.name, one.contact.masked) for one in client.get("/me/invite/").context["page_obj"]]


@pytest.mark.parametrize(
    "what", ["new", "in_drive", "by_another", "member", "opted_out", "bounced", "applied", "capped"]
)
def test_inviter_learns_nothing_of_what_we_know(signed_in, bo, drive, what):
    if what == "in_drive":
        Invitation.objects.create(drive=drive, contact=Contact.objects.of(ADA.address), name="Somebody Else")
    elif what == "by_another":
        colleagues.invite(drive, ADA, by=factories.member("Cy Young").user)
    elif what == "member":
        factories.member("Ada Obi", email=ADA.address)
    elif what == "opted_out":
        contacts.opt_out(Contact.objects.of(ADA.address), "invitation", source="page")
    elif what == "bounced":
        contacts.record_bounce(Contact.objects.of(ADA.address), "550")
    elif what == "applied":
        factories.application(factories.user("Ada Obi", ADA.address))
    elif what == "capped":
        fill_week(Contact.objects.of(ADA.address))
    client = signed_in(bo.user)
    thanks = client.post("/me/invite/", form(), follow=True).text
    written_to()
    text = client.get("/me/invite/").text
    mine = Invitation.objects.get(invited_by=bo.user)
    assert ("You have invited: Ada Obi." in thanks, listed(client)) == (True, [("Ada Obi", "a…@example.org")])
    assert (mine.personal_path in text, "has joined" in text, "ada@example.org" in text) == (True, False, False)
    assert "Would you like to join?" in client.__class__().get(mine.personal_path).text
    assert mine.is_again == (what in {"in_drive", "by_another"})


def fill_week(contact):
    for _number in range(7):
        OutgoingMail.objects.create(
            contact=contact, domain=contact.domain, lane=3, kind="circular", subject="News", sender="us@example.org",
            status="sent", sent_at=timezone.now(), taken_at=timezone.now(), lease=uuid4(),
            leased_until=timezone.now(),
        )  # fmt: skip


def test_person_invited_by_two_gets_one_mail_and_counts_once(bo, drive):
    for inviter in (bo, factories.member("Cy Young")):
        colleagues.invite(drive, ADA, by=inviter.user)
    writing.sweep()
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    assert DriveMail.objects.filter(invitation__contact__address=ADA.address).count() == 1
    join(ADA.address)
    assert [(one.name, one.count) for one in results.funnel(drive)][:4] == [
        ("mailed", 2), ("opened", 0), ("applied", 1), ("joined", 1),
    ]  # fmt: skip


def test_person_invited_twice_by_one_is_invited_once(bo, drive):
    first = colleagues.invite(drive, ADA, by=bo.user)
    assert colleagues.invite(drive, Person(ADA.address, "Ada O."), by=bo.user) == first
    assert colleagues.left_today(bo.user) == colleagues.MOST - 1


def test_page_of_who_was_invited_again_tells_who_invited_them_and_no_more(client, bo, drive):
    by_list = Invitation.objects.get(drive=drive)
    again = colleagues.invite(drive, Person("ben@example.org", "Ben"), by=bo.user)
    text = client.get(again.personal_path).text
    assert ("Hello, Ben<" in text, "Bo Li gave it to us" in text) == (True, True)
    assert [words for words in ("Nairobi", by_list.token, by_list.contact.key) if words in text] == []


# --- thanks ---------------------------------------------------------------------------------------------------------
def test_inviter_is_thanked_once_in_their_language_when_the_person_joins(client, signed_in, bo, drive):
    User.objects.filter(pk=bo.user_id).update(language="fr")
    colleagues.invite(drive, ADA, by=bo.user)
    writing.sweep()
    client.post(f"{Invitation.objects.get(invited_by=bo.user).personal_path}accept/")
    client.post("/accounts/signup/", {"name": "Ada Obi", "email": "ada@example.net", "password1": factories.PASSWORD})
    join("ada@example.net")
    writing.sweep()
    mail = OutgoingMail.objects.get(kind="invitation_thanks")
    assert (mail.contact.address, 'lang="fr"' in mail.html, "Ada Obi" in mail.subject) == ("bo@example.org", True, True)
    assert "http://localhost:8000/fr/members/ada-obi/" in mail.text
    assert "has joined" in signed_in(bo.user).get("/me/invite/").text


def test_inviter_by_two_drives_is_thanked_once(bo, drive):
    for one in (drive, factories.running("Di Prince <di@example.org>", takes_colleagues=True)):
        colleagues.invite(one, ADA, by=bo.user)
    join(ADA.address)
    writing.sweep()
    assert OutgoingMail.objects.filter(kind="invitation_thanks").count() == 1
    assert [one.contact.address for one in Invitation.objects.all().once_each_by(bo.user)] == [ADA.address]


def test_inviter_is_thanked_also_where_no_mail_left(bo):
    colleagues.invite(factories.drive(takes_colleagues=True), ADA, by=bo.user)
    join(ADA.address)
    assert OutgoingMail.objects.filter(kind="invitation_thanks").count() == 1


def test_inviter_of_who_is_a_member_already_is_not_thanked(bo, drive):
    join(ADA.address)
    made = colleagues.invite(drive, ADA, by=bo.user)
    writing.sweep()
    assert Invitation.objects.get(pk=made.pk).joined_at is None
    assert OutgoingMail.objects.filter(kind="invitation_thanks").count() == 0


def test_inviter_whose_account_goes_leaves_the_invitations(bo, drive):
    colleagues.invite(drive, ADA, by=bo.user)
    colleagues.invite(drive, Person("ben@example.org"), by=bo.user)
    bo.user.delete()
    assert Invitation.objects.filter(drive=drive).count() == 3


# --- on their own page ----------------------------------------------------------------------------------------------
def test_own_page_offers_to_invite_once_a_drive_is_open(signed_in, bo, drive):
    type(bo).objects.update(headline="Teacher")
    client = signed_in(bo.user)
    page = client.get("/me/")
    assert (page.context["next_thing"].url, 'href="/me/invite/"' in page.text) == ("/me/invite/", True)
    client.post("/me/invite/", form())
    page = client.get("/me/")
    assert (page.context["next_thing"], "1 person invited." in page.text) == (None, True)


def test_own_page_says_nothing_of_inviting_while_no_drive_is_open(signed_in, bo):
    factories.running("Ben Ito <ben@example.org>")
    assert "/me/invite/" not in signed_in(bo.user).get("/me/").text
