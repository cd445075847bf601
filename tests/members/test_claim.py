"""The link to a profile that was made from a list: what it shows, what it changes, and who is kept out."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import Client
from django.utils import timezone

from members.directory import hooks
from members.directory import services as directory
from members.directory.models import Member
from members.intake import claims
from members.intake.models import ImportRow, ProfileClaim
from portal.contacts.models import Contact, OptOut
from portal.health.logs import masked
from portal.outbox import admin as outbox_admin
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PROFILE = {"name": "Ada Obi-Lund", "headline": "Teacher", "visibility": "everyone", "language": "en",
           "password": factories.PASSWORD}  # fmt: skip


@pytest.fixture
def waiting():
    return factories.claim("Ada Obi", "ada@example.org")


def link(claim, page=""):
    return claim.personal_path + page


def old_link(claim, monkeypatch, page=""):
    with monkeypatch.context() as then:
        long_ago = timezone.now() - timedelta(days=61)
        then.setattr("django.core.signing.time.time", long_ago.timestamp)
        return link(claim, page)


def everything():
    return list(Member.objects.values()), list(User.objects.values()), list(ProfileClaim.objects.values())


def test_claim_page_shows_what_is_held_and_changes_nothing(client, waiting):
    before = everything()
    response = client.get(link(waiting))
    assert ("ada@example.org" in response.text, 'value="Ada Obi"' in response.text) == (True, True)
    assert everything() == before
    assert "_auth_user_id" not in client.session


def test_claim_accepted_opens_the_corrected_profile_and_lets_its_person_in(client, waiting):
    response = client.post(link(waiting), PROFILE)
    member = Member.objects.select_related("user").get()
    assert (response["Location"], client.session["_auth_user_id"]) == ("/me/", str(member.user_id))
    assert (member.status, member.user.name, member.headline) == ("active", "Ada Obi-Lund", "Teacher")
    assert Client().get(member.get_absolute_url()).status_code == 200
    assert EmailAddress.objects.get(user=member.user).verified


def test_claim_accepted_lets_its_person_sign_in_with_the_password(client, waiting):
    client.post(link(waiting), PROFILE)
    fresh = Client()
    fresh.post("/accounts/login/", {"login": "ada@example.org", "password": factories.PASSWORD})
    assert fresh.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"name": ""}, "name"),
        ({"visibility": ""}, "visibility"),
    ],
)
def test_claim_with_bad_input_is_answered_at_the_field_and_stays_hidden(client, waiting, change, field):
    response = client.post(link(waiting), PROFILE | {"city": "Kisumu by the lake"} | change)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert "Kisumu by the lake" in response.text
    assert Member.objects.get().status == "unclaimed"


def test_claim_asks_to_accept_the_statement_in_force(client, waiting):
    version = factories.version()
    assert list(client.post(link(waiting), PROFILE).context["form"].errors) == ["accepts"]
    client.post(link(waiting), PROFILE | {"accepts": version.pk})
    assert version.acceptances.get().user.email == "ada@example.org"


def test_claim_twice_is_refused(client, waiting):
    client.post(link(waiting), PROFILE)
    response = Client().post(link(waiting), PROFILE | {"name": "Somebody Else"})
    assert "This profile is claimed already" in response.text
    assert User.objects.get(email="ada@example.org").name == "Ada Obi-Lund"


@pytest.mark.parametrize("page", ["", "decline/", "new-link/"])
def test_claim_link_that_is_forged_gives_a_kind_page(client, waiting, page):
    forged = [f"/join/claim/x{link(waiting)[12:]}{page}", f"/join/claim/{signing.dumps(waiting.pk)}/{page}",
              f"/join/claim/nothing/{page}"]  # fmt: skip
    answers = [client.get(one) for one in forged]
    assert {(one.status_code, "This link leads nowhere" in one.text) for one in answers} == {(404, True)}


def test_claim_link_that_is_old_leads_to_a_new_one(client, waiting, monkeypatch):
    ProfileClaim.objects.update(link_sent_at=timezone.now() - timedelta(days=61))
    page = client.get(old_link(waiting, monkeypatch), follow=True)
    assert ("This link is too old" in page.text, OutgoingMail.objects.count()) == (True, 1)
    assert "is on its way" in client.post(page.redirect_chain[-1][0]).text
    client.post(page.redirect_chain[-1][0])
    assert OutgoingMail.objects.count() == 2


def test_claim_link_that_is_old_takes_nothing(client, waiting, monkeypatch):
    before = everything()
    for page in ("", "decline/"):
        assert client.post(old_link(waiting, monkeypatch, page), PROFILE).status_code == 302
    assert everything() == before


def test_claim_of_somebody_else_says_to_sign_out(signed_in, waiting):
    before = everything()
    response = signed_in(factories.user("Bo Li")).post(link(waiting), PROFILE)
    assert "You are signed in as Bo Li" in response.text
    assert (everything()[0], everything()[2]) == (before[0], before[2])


# --- accounts that were there before --------------------------------------------------------------------------------
def test_claim_of_a_verified_account_asks_no_password_and_lets_nobody_in(client):
    person = factories.user("Ada Obi", "ada@example.org")
    waiting = factories.claim("Ada", "ada@example.org")
    assert "password" not in client.get(link(waiting)).context["form"].fields
    assert client.post(link(waiting), PROFILE | {"password": "another password"})["Location"] == "/me/"
    assert "_auth_user_id" not in client.session
    person.refresh_from_db()
    assert (person.check_password(factories.PASSWORD), person.member.status) == (True, "active")


def test_claim_locks_out_who_signed_up_with_an_address_that_was_not_theirs(client):
    squatter = User.objects.create_user("ada@example.org", "password of a squatter", name="Not Ada")
    EmailAddress.objects.create(user=squatter, email="ada@example.org", verified=False, primary=True)
    inside = Client()
    inside.force_login(squatter, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(link(factories.claim("Ada", "ada@example.org")), PROFILE)
    squatter.refresh_from_db()
    assert squatter.check_password(factories.PASSWORD)
    assert inside.get("/me/").status_code == 302


def test_claim_waits_on_the_own_page_of_who_has_an_account(signed_in):
    person = factories.user("Ada Obi", "ada@example.org")
    waiting = factories.claim("Ada", "ada@example.org")
    thing = signed_in(person).get("/me/").context["next_thing"]
    assert ProfileClaim.objects.by_token(thing.url.split("/")[3]) == waiting


# --- hidden until then ----------------------------------------------------------------------------------------------
def test_unclaimed_profile_is_hidden_from_everybody_everywhere(client, signed_in, waiting):
    Member.objects.update(visibility="everyone")
    address = Member.objects.get().get_absolute_url()
    member, desk = factories.member("Bo Li"), factories.coordinator()
    for reader in (client, signed_in(member.user), signed_in(desk)):
        assert reader.get(address).status_code == 404
        assert [one.user.name for one in reader.get("/members/").context["page_obj"]] == ["Bo Li"]
        assert "Ada Obi" not in reader.get("/").text
    assert address not in client.get("/sitemap.xml").text
    assert hooks._figures()["members"] == 1


def test_unclaimed_profile_gives_no_member_rights(signed_in):
    person = factories.user("Ada Obi", "ada@example.org")
    factories.member("Bo Li", visibility="members")
    factories.claim("Ada", "ada@example.org")
    reader = signed_in(person)
    assert [reader.get(page)["Location"] for page in ("/coverage/new/", "/me/profile/")] == ["/join/", "/join/"]
    assert list(reader.get("/members/").context["page_obj"]) == []


def test_unclaimed_profile_of_who_is_approved_meanwhile_is_a_member(waiting):
    assert directory.enrol(waiting.member.user).status == "active"
    assert claims.remind(now=timezone.now() + timedelta(days=20)) == 0


# --- declining ------------------------------------------------------------------------------------------------------
def test_claim_decline_page_asks_once_more_and_changes_nothing(client, waiting):
    before = everything()
    assert "ada@example.org is deleted at once" in client.get(link(waiting, "decline/")).text
    assert everything() == before


def test_claim_declined_deletes_everything_and_is_remembered(client, waiting):
    by = ImportRow.objects.get().source.uploaded_by
    assert "You are off the list" in client.post(link(waiting, "decline/")).text
    assert (list(User.objects.all()), Member.objects.count(), Member.history.count()) == ([by], 0, 0)
    assert (Contact.objects.filter(address="ada@example.org").count(), OutgoingMail.objects.count()) == (0, 0)
    assert ImportRow.objects.get().values == {}
    assert [row.outcome for row in factories.list_of_members("Ada,ada@example.org", by=by).rows.all()] == ["refused"]


def test_claim_declined_leaves_an_account_that_was_there_before(client):
    person = factories.user("Ada Obi", "ada@example.org")
    client.post(link(factories.claim("Ada", "ada@example.org"), "decline/"))
    assert (User.objects.filter(pk=person.pk).count(), Member.objects.count(), OptOut.objects.count()) == (1, 0, 1)


# --- reminders ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "reminders"),
    [
        ([13], 0),
        ([14], 1),
        ([14, 14, 15], 1),
        ([14, 27], 1),
        ([14, 28], 2),
        ([30, 30, 31], 1),
        ([30, 38], 2),
        ([14, 28, 42, 99], 2),
    ],
)
def test_claim_is_reminded_twice_and_never_more(waiting, days, reminders):
    for day in days:
        claims.remind(now=waiting.mailed_at + timedelta(days=day, minutes=1))
    kinds = OutgoingMail.objects.filter(kind="profile_claim_reminder")
    assert (ProfileClaim.objects.get().reminders, kinds.count()) == (reminders, reminders)


def test_claim_accepted_or_declined_is_not_reminded(waiting):
    other = factories.claim("Bo Li", "bo@example.org")
    claims.accept(waiting, password=factories.PASSWORD)
    claims.decline(other)
    assert claims.remind(now=timezone.now() + timedelta(days=99)) == 0


# --- tokens ---------------------------------------------------------------------------------------------------------
def test_claim_token_stands_neither_in_logs_nor_at_the_desk(signed_in, waiting):
    mail = OutgoingMail.objects.get()
    token = mail.text.split("/join/claim/")[1].split("/")[0]
    assert token not in masked(f"GET /join/claim/{token}/")
    assert token not in outbox_admin.masked(mail.text)
    desk = signed_in(factories.coordinator())
    assert token not in desk.get(f"/admin/portal/outgoingmail/{mail.pk}/change/").text
