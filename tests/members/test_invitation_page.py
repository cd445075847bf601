"""The page of whoever was invited: what it tells, whom it tells nothing, and that only an act of a person counts."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from members.packages.models import Document
from members.recruitment import answers, colleagues
from members.recruitment import services as drives
from members.recruitment.audience import Person
from members.recruitment.models import Drive, Invitation
from portal.contacts.models import Contact
from portal.health.logs import masked
from portal.outbox import admin as outbox_admin
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
ACTS = ["opened", "accept", "decline", "no-more"]
SIGN_UP = {"name": "Ada Obi", "password1": factories.PASSWORD}


@pytest.fixture
def invited():
    """Ada, whose address is from a list, and who has been written to."""
    return factories.running("Ada Obi <ada@example.org>").invitations.get()


def invited_by(inviter, address="ada@example.org", name="Ada Obi"):
    drive = factories.running("Ben Ito <ben@example.org>", takes_colleagues=True)
    return colleagues.invite(drive, Person(address, name), by=inviter.user)


def page(invitation, act="", language=""):
    return f"{language}/join/{invitation.token}/{act and f'{act}/'}"


def acts(invitation):
    found = Invitation.objects.get(pk=invitation.pk)
    return [name for name in ("opened", "declined", "applied", "joined") if getattr(found, f"{name}_at")]


# --- what it tells --------------------------------------------------------------------------------------------------
def test_invitation_greets_and_shows_the_package_the_statement_and_the_source(client, invited):
    factories.version(text="We answer within a week.")
    text = client.get(page(invited)).text
    wanted = ["Hello, Ada Obi", "Who we are", "<p>Who we are: the text.</p>", "We answer within a week.",
              "From: A conference in Nairobi.", invited.contact.personal_path]  # fmt: skip
    assert [words for words in wanted if words not in text] == []


def test_invitation_is_in_the_readers_language(client, invited):
    texts = invited.drive.package.texts
    texts.create(language="fr", title="Qui nous sommes", body="<p>Le texte.</p>")
    for language, title in (("", "All"), ("en", "Leaflet"), ("fr", "Dépliant")):
        document = Document(package=invited.drive.package, language=language, title=title)
        document.file.save("leaflet.pdf", ContentFile(b"%PDF-"))
    response = client.get(page(invited, language="/fr"))
    assert response.context["package_text"].title == "Qui nous sommes"
    assert [one.title for one in response.context["documents"]] == ["All", "Dépliant"]
    assert ('<div class="stack" lang="fr">' in response.text, f'href="{page(invited)}"' in response.text) == (
        True,
        True,
    )


def test_invitation_in_a_language_that_the_package_lacks_is_that_in_english(client, invited):
    document = Document(package=invited.drive.package, language="en", title="Leaflet")
    document.file.save("leaflet.pdf", ContentFile(b"%PDF-"))
    response = client.get(page(invited, language="/es"))
    assert (response.context["package_text"].title, '<div class="stack" lang="en">' in response.text) == (
        "Who we are", True,
    )  # fmt: skip
    assert ("Leaflet <span" in response.text, ">PDF<" in response.text) == (True, True)


@pytest.mark.parametrize(("visibility", "is_shown"), [("everyone", True), ("members", False)])
def test_invitation_shows_the_inviters_profile_where_everybody_may_see_it(client, visibility, is_shown):
    inviter = factories.member("Bo Li", visibility=visibility, headline="Teacher of teachers")
    text = client.get(page(invited_by(inviter))).text
    assert "Bo Li would like you to join" in text
    assert ("Teacher of teachers" in text, inviter.get_absolute_url() in text) == (is_shown, is_shown)


def test_invitation_by_a_member_tells_nothing_that_the_member_may_not_know(client):
    known = Contact.objects.create(address="ada@example.org", source="A secret list")
    text = client.get(page(invited_by(factories.member("Bo Li")))).text
    assert "Bo Li gave it to us" in text
    assert [words for words in ("secret list", known.key, "ada@example.org") if words in text] == []


def test_invitation_with_markup_in_the_name_shows_it_as_typed(client, invited):
    Invitation.objects.update(name="<b>Ada</b>")
    assert "Hello, &lt;b&gt;Ada&lt;/b&gt;" in client.get(page(invited)).text


def test_invitation_without_a_name_greets_all_the_same(client, invited):
    Invitation.objects.update(name="")
    assert "<h1>Hello!</h1>" in client.get(page(invited)).text


@pytest.mark.parametrize("status", ["draft", "paused", "cancelled", "done"])
def test_invitation_stands_whatever_becomes_of_its_drive(client, invited, status):
    moments = {"ended_at": timezone.now()} if status in {"cancelled", "done"} else {}
    Drive.objects.update(status=status, **moments)
    assert "Would you like to join?" in client.get(page(invited)).text


# --- links that lead nowhere ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["", *ACTS])
def test_invitation_link_that_is_unknown_gives_a_kind_page(client, act):
    path = page(Invitation(token="forged"), act)
    response = client.post(path) if act else client.get(path)
    assert (response.status_code, 'href="/join/"' in response.text) == (404, True)
    assert "This link is not valid any more" in response.text


def test_invitation_of_a_circular_has_no_page(client):
    factories.member("Mem Ber", email="member@example.org")
    drive = factories.drive("Mem Ber <member@example.org>", kind="circular")
    assert client.get(page(drive.invitations.get())).status_code == 404


# --- what counts ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["", *ACTS])
def test_invitation_fetched_by_a_scanner_counts_for_nothing(client, invited, act):
    before = list(Invitation.objects.values())
    answers_ = [getattr(client, verb)(page(invited, act)).status_code for verb in ("get", "head")]
    assert answers_ == [405 if act else 200] * 2
    assert (list(Invitation.objects.values()), client.cookies.get("portal_session")) == (before, None)


@pytest.mark.parametrize("act", ACTS)
def test_invitation_takes_no_answer_without_its_token_against_forgery(invited, act):
    assert Client(enforce_csrf_checks=True).post(page(invited, act)).status_code == 403
    assert acts(invited) == []


def test_invitation_opened_by_a_person_counts_once(client, invited):
    assert client.post(page(invited, "opened")).status_code == 204
    first = Invitation.objects.get().opened_at
    client.post(page(invited, "opened"))
    assert (first is not None, Invitation.objects.get().opened_at) == (True, first)


def test_invitation_is_not_answered_by_whoever_sent_it(signed_in):
    inviter = factories.member("Bo Li")
    made = invited_by(inviter)
    reader = signed_in(inviter.user)
    text = reader.get(page(made)).text
    assert ("The buttons are theirs alone" in text, "data-opened" in text, "disabled>Join" in text) == (
        True, False, True,
    )  # fmt: skip
    assert [reader.post(page(made, act)).status_code for act in ACTS] == [204, 302, 302, 302]
    assert (acts(made), Invitation.objects.get(pk=made.pk).user) == ([], None)


# --- yes ------------------------------------------------------------------------------------------------------------
def test_invitation_accepted_leads_to_signing_up_with_name_and_address(client, invited):
    response = client.post(page(invited, "accept"))
    assert (response["Location"], acts(invited)) == ("/accounts/signup/?next=%2Fjoin%2F", ["opened"])
    form = client.get(response["Location"]).context["form"]
    assert (form["name"].value(), form["email"].value()) == ("Ada Obi", "ada@example.org")
    assert "_auth_user_id" not in client.session


def test_sign_up_forgets_name_and_address_once_they_said_no(client, invited):
    client.post(page(invited, "accept"))
    client.post(page(invited, "decline"))
    assert client.get("/accounts/signup/").context["form"]["email"].value() is None


def test_sign_up_forgets_name_and_address_after_an_hour(client, invited):
    client.post(page(invited, "accept"))
    session = client.session
    session["sign_up"]["at"] -= 3601
    session.save()
    assert client.get("/accounts/signup/").context["form"]["email"].value() is None


def test_invitation_accepted_in_french_goes_on_in_french(client, invited):
    assert client.post(page(invited, "accept", "/fr"))["Location"] == "/fr/accounts/signup/?next=%2Ffr%2Fjoin%2F"


@pytest.mark.parametrize("address", ["ada@example.org", "ada.obi@example.net"])
def test_invitation_is_the_accounts_that_signs_up_next_and_verifies_no_address(client, invited, address):
    client.post(page(invited, "accept"))
    client.post("/accounts/signup/", SIGN_UP | {"email": address})
    account = User.objects.get(email=address)
    assert Invitation.objects.get().user == account
    assert [one.verified for one in EmailAddress.objects.filter(user=account)] == [False]
    assert client.get("/accounts/signup/").context["form"]["email"].value() is None


def test_invitation_is_the_accounts_that_signs_in_next(client, invited):
    person = factories.user("Ada Obi", "ada.obi@example.net")
    client.post(page(invited, "accept"))
    response = client.post(
        "/accounts/login/?next=/join/", {"login": person.email, "password": factories.PASSWORD, "next": "/join/"}
    )
    assert (response["Location"], Invitation.objects.get().user) == ("/join/", person)


def test_invitation_accepted_by_who_is_signed_in_leads_to_the_application(signed_in, invited):
    person = factories.user("Ada Obi", "ada.obi@example.net")
    assert signed_in(person).post(page(invited, "accept"))["Location"] == "/join/"
    assert (Invitation.objects.get().user, acts(invited)) == (person, ["opened"])


def test_invitation_passed_on_is_whose_account_came_last_until_somebody_applies(invited):
    first, second, third = (factories.user() for _person in range(3))
    for person in (first, second):
        answers.take_up(invited, person)
        assert Invitation.objects.get().user == person
    factories.application(second)
    answers.take_up(invited, third)
    assert Invitation.objects.get().user == second


@pytest.mark.parametrize(
    ("visibility", "words"), [("everyone", "Teacher of teachers"), ("members", "<p>Bo Li invited you.</p>")]
)
def test_application_of_an_invited_person_tells_by_whom(signed_in, visibility, words):
    person = factories.user("Ada Obi", "ada@example.org")
    made = invited_by(factories.member("Bo Li", headline="Teacher of teachers", visibility=visibility))
    client = signed_in(person)
    client.post(page(made, "accept"))
    response = client.get("/join/")
    assert words in response.text
    form = response.context["form"]
    assert (form["heard_of"].value(), form["heard_of_words"].value()) == ("member", "Bo Li")


def test_application_after_a_drive_says_by_a_mail(signed_in, invited):
    client = signed_in(factories.user("Ada Obi", "ada@example.org"))
    client.post(page(invited, "accept"))
    form = client.get("/join/").context["form"]
    assert (form["heard_of"].value(), form["heard_of_words"].value()) == ("mail", None)


# --- no -------------------------------------------------------------------------------------------------------------
def test_invitation_declined_says_thanks_and_offers_the_ways_on(client, invited):
    text = client.post(page(invited, "decline"), follow=True).text
    wanted = ["Thank you for telling us", page(invited, "accept"), page(invited, "no-more")]
    assert [words for words in wanted if words not in text] == []
    assert (acts(invited), invited.contact.refused_kinds) == (["opened", "declined"], frozenset())
    assert client.get(page(invited, language="/fr")).context["is_refused"] is False


def test_invitation_declined_says_so_to_nobody_else_who_has_the_link(client, invited):
    client.post(page(invited, "decline"))
    assert "Would you like to join?" in Client().get(page(invited)).text


def test_invitation_refused_with_all_others_opts_out_of_them_alone(client, invited):
    text = client.post(page(invited, "no-more"), follow=True).text
    assert ("We invite you no more" in text, page(invited, "no-more") in text) == (True, False)
    assert (acts(invited), invited.contact.refused_kinds) == (["opened", "declined"], {"invitation"})


def test_invitation_declined_can_be_taken_up_after_all(client, invited):
    client.post(page(invited, "decline"))
    assert client.post(page(invited, "accept")).status_code == 302
    assert (acts(invited), "Would you like to join?" in client.get(page(invited)).text) == (["opened"], True)


def test_invitation_declined_after_accepting_stays_declined_when_they_sign_in(client, invited):
    person = factories.user("Ada Obi", "ada.obi@example.net")
    client.post(page(invited, "accept"))
    client.post(page(invited, "decline"))
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert (Invitation.objects.get().user, acts(invited)) == (None, ["opened", "declined"])


# --- those for whom there is something else to do -------------------------------------------------------------------
def test_invitation_of_a_member_says_so(signed_in, invited):
    text = signed_in(factories.member().user).get(page(invited)).text
    assert ("You are a member already" in text, page(invited, "accept") in text) == (True, False)


def test_invitation_of_an_alumni_leads_to_the_way_back(signed_in, invited):
    alumni = factories.member(status="alumni", left_at=timezone.now())
    assert "We know each other" in signed_in(alumni.user).get(page(invited)).text


def test_invitation_of_an_applicant_leads_to_the_application(signed_in, invited):
    application = factories.application()
    assert "Your application is with the coordinators" in signed_in(application.user).get(page(invited)).text


def test_invitation_of_who_has_joined_since_offers_to_sign_in(client, invited):
    Invitation.objects.update(joined_at=timezone.now())
    text = client.get(page(invited)).text
    assert ("You have joined. Welcome!" in text, page(invited, "accept") in text) == (True, False)


def test_invitation_accepted_by_a_member_leads_to_their_page(signed_in, invited):
    assert signed_in(factories.member().user).post(page(invited, "accept"), follow=True).redirect_chain[-1][0] == "/me/"


# --- the token ------------------------------------------------------------------------------------------------------
def test_invitation_is_kept_by_nobody_and_told_to_no_search_engine(client, invited):
    response = client.get(page(invited))
    assert ("no-store" in response["Cache-Control"], response["Referrer-Policy"]) == (True, "same-origin")
    assert '<meta name="robots" content="noindex">' in response.text


def test_invitation_token_stands_neither_in_logs_nor_at_the_desk(signed_in, invited):
    mail = OutgoingMail.objects.get()
    assert invited.token in mail.text
    assert [masked(f"GET {page(invited, act)}") for act in ("", "accept")] == [
        "GET /join/[token]/", "GET /join/[token]/accept/",
    ]  # fmt: skip
    assert masked(f"POST /fr{invited.contact.personal_path}") == "POST /fr/preferences/[token]/"
    assert invited.token not in outbox_admin.masked(mail.text)
    desk = signed_in(factories.coordinator())
    assert invited.token not in desk.get(f"/admin/portal/outgoingmail/{mail.pk}/change/").text


def test_invitation_of_a_drive_that_waits_has_its_page_at_once(client):
    drive = drives.start(
        factories.drive("Ada Obi <ada@example.org>"), by=factories.coordinator(), at=timezone.now() + timedelta(days=1)
    )
    assert client.get(page(drive.invitations.get())).status_code == 200
