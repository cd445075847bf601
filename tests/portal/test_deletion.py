"""The end of an account: what goes leaves no word behind in any table, what stays bears no name but a wished one."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage, storages
from django.db import connection
from django.utils import timezone

from members.conduct import services as conduct
from members.directory import services as directory
from members.directory.models import Member
from members.joining import services as joining
from members.letters import services as letters
from members.membership import services as membership
from members.membership.models import Renewal
from members.recruitment import answers, colleagues, writing
from members.recruitment.audience import Person
from members.recruitment.models import Invitation
from members.statements import services as statements
from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut, fingerprint_of
from portal.group.models import Topic
from portal.outbox import sending
from portal.outbox.models import OutgoingMail
from portal.personal import deletion, services
from portal.personal.models import DataExport
from portal.users.models import User
from reporters.coverage.models import Coverage, Photo
from tests import factories, pictures

pytestmark = pytest.mark.django_db
CANARY = "quokka"  # in each word of the person's own


def text_columns():
    """Every column of every table that can hold a word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'tsvector', 'USER-DEFINED')"
        )
        return cursor.fetchall()


def where_is(word):
    """Tables and columns in which a word stands, in capitals or not."""
    with connection.cursor() as cursor:
        found = []
        for table, column in text_columns():
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
            found += [f"{table}.{column}"] if cursor.fetchone() else []
        return found


def applied(person):
    """An application that was declined, after a question, with a reason."""
    application = factories.application(person, motivation="quokka motivation", links=["https://quokka.example"])
    by = factories.coordinator()
    joining.ask(application, by=by, question="Which quokka?")
    application.refresh_from_db()
    joining.hand_in_again(application, country=factories.country(), motivation="quokka motivation")
    application.refresh_from_db()
    joining.decline(application, by=by, reason="No quokka.")


def everything():
    """A person with a row in every table that holds people's words, each with the canary in it."""
    drive = factories.running("Quokka Obi <quokka@example.org>")
    person = factories.user("Quokka Obi", "quokka@example.org")
    answers.take_up(drive.invitations.get(), person)
    EmailAddress.objects.create(user=person, email="quokka-too@example.org", verified=True)
    Contact.objects.of("quokka-too@example.org")
    SocialAccount.objects.create(user=person, provider="elsewhere", uid="quokka", extra_data={"name": "Quokka"})
    factories.with_second_factor(person)
    applied(person)
    factories.imported("Quokka Obi,quokka@example.org")
    enrolled(person)
    for make in (factories.draft, factories.submitted, factories.declined):
        make(person, headline=f"quokka {make.__name__}", body="quokka body", photos=1)
    factories.approved(person, headline="A published headline", body="What we learned.", photos=1)
    write_to(person)
    write_and_get_requests(person)
    invite_somebody(person)
    export = services.ask_for_copy(person)
    services.make(str(export.pk))
    return User.objects.get(pk=person.pk)


def enrolled(person):
    """A profile with versions, a past of leaving, and somebody for whom they stood in."""
    member = directory.enrol(person)
    words = {name: f"quokka {name}" for name in ("headline", "bio", "city", "organisation")}
    for name, word in words.items():
        setattr(member, name, word)
    member.save()
    member.topics.add(Topic.objects.first())
    directory.set_links(member, ["https://quokka.example/blog"])
    directory.set_portrait(member, pictures.jpeg())
    statements.accept(person, factories.version())
    Renewal.objects.create(round=factories.renewal_round(), member=member)
    membership.ask_to_return(membership.make_alumni(member))
    Member.objects.filter(pk=member.pk).update(status="active", left_at=None)
    factories.member("Zoe Ito", stand_in=member)
    LogEntry.objects.log_actions(factories.coordinator().pk, [person, member], 2, change_message="quokka")


def write_to(person):
    """A mail to them, and what they do not want."""
    contact = Contact.objects.of(person.email, user=person)
    contacts.opt_out(contact, "circular", source="page")
    common = {"contact": contact, "kind": "welcome", "sender": "portal@example.org", "status": "failed"}
    OutgoingMail.objects.create(subject="Dear Quokka", text="quokka text", html="quokka", **common)


def write_and_get_requests(person):
    """One written and reported, after which they may write no more; one got and answered; the mails have left."""
    bad = factories.letter(by=person, words="quokka request")
    conduct.ban(factories.reported(bad, reason="quokka reason"), by=factories.coordinator(), words="No quokka.")
    got = factories.letter(person.member, words="Dear quokka")
    letters.answer(got, by=person, words="quokka answer", shares_addresses=True)
    OutgoingMail.objects.filter(kind__startswith="letter").update(
        status="sent", sent_at=timezone.now(), text="", html=""
    )


def invite_somebody(person):
    """A friend was written to in their name."""
    drive = factories.running("Some Body <somebody@example.org>", takes_colleagues=True)
    colleagues.invite(drive, Person("friend@example.org", "A Friend"), by=person)
    writing.sweep()
    mails = OutgoingMail.objects.filter(contact__address="friend@example.org")
    assert mails.update(status="sent", sent_at=timezone.now(), text="Quokka Obi invites you", html="Quokka Obi") == 1


def delete(person, **how):
    deletion.delete_account(person, by=person, **how)


# --- nothing is left ------------------------------------------------------------------------------------------------
def test_deletion_leaves_no_word_of_the_person_in_any_table(smtp, committed):
    person = everything()
    files = [Member.objects.get(user=person).portrait.name]
    private = [photo.original.name for photo in Photo.objects.exclude(coverage__status="approved")]
    private.append(DataExport.objects.get().file.name)
    told = where_is(CANARY)
    assert len(told) > 25
    with committed():
        delete(person)
    sending.send_waiting()
    assert [envelope.rcpt_tos for envelope in smtp.envelopes if "quokka@example.org" in envelope.rcpt_tos] != []
    deletion.forget_farewells()
    assert where_is(CANARY) == []
    assert [name for name in files if default_storage.exists(name)] == []
    assert [name for name in private if storages["private"].exists(name)] == []


def test_deletion_keeps_that_mail_was_refused_by_a_code_alone():
    delete(everything())
    assert OptOut.objects.get().fingerprint == fingerprint_of("quokka@example.org")
    contact = Contact.objects.of("quokka@example.org")
    assert contact.refused_kinds == {"circular"}


def test_deletion_keeps_others_as_they_were():
    other = factories.member("Zoe Ito", headline="Zoe's own").user
    mine = factories.approved(other, headline="Zoe wrote this")
    before = [User.objects.filter(pk=other.pk).values().get(), Coverage.objects.filter(pk=mine.pk).values().get()]
    delete(everything())
    after = [User.objects.filter(pk=other.pk).values().get(), Coverage.objects.filter(pk=mine.pk).values().get()]
    assert after == before
    assert Member.objects.get(user=other).headline == "Zoe's own"


# --- what stays -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("keeps_name", "author"), [(False, "A former member"), (True, "Quokka Obi")])
def test_deletion_keeps_what_is_published_by_the_name_that_may_stay(client, keeps_name, author):
    delete(everything(), keeps_name=keeps_name)
    coverage = Coverage.objects.get()
    assert (coverage.headline, coverage.author, coverage.author_name) == ("A published headline", None, author)
    assert f"By {author}" in client.get(coverage.get_absolute_url()).text
    assert default_storage.exists(coverage.photos.get().large.name)


def test_deletion_lets_an_invited_friend_still_come():
    delete(everything())
    theirs = Invitation.objects.get(contact__address="friend@example.org")
    assert (theirs.invited_by, theirs.contact.source) == (None, "invited by a member")


def test_deletion_makes_the_address_free(client):
    delete(everything())
    again = factories.user("Somebody New", "quokka@example.org")
    assert (again.applications.count(), Member.objects.filter(user=again).exists()) == (0, False)


# --- the last mail --------------------------------------------------------------------------------------------------
def test_deletion_is_told_once_by_a_mail_whose_text_and_address_are_forgotten(smtp):
    person = factories.user("Ada Obi", "ada@example.org", language="fr")
    delete(person)
    mail = OutgoingMail.objects.get()
    assert (mail.lane, mail.is_secret, "Ada Obi" in mail.text) == (1, True, True)
    assert "/preferences/" not in mail.text + mail.html
    assert deletion.forget_farewells() == 0
    sending.send_waiting()
    assert (len(smtp.envelopes), deletion.forget_farewells()) == (1, 1)
    assert (OutgoingMail.objects.count(), Contact.objects.count()) == (0, 0)


def test_last_mail_that_cannot_leave_is_forgotten_after_three_days():
    delete(factories.user("Ada Obi", "ada@example.org"))
    deletion.forget_farewells(now=timezone.now() + timedelta(days=4))
    assert Contact.objects.count() == 0


def test_last_mail_to_an_address_that_is_used_again_leaves_the_address(smtp):
    delete(factories.user("Ada Obi", "ada@example.org"))
    again = factories.user("Ada Obi", "ada@example.org")
    Contact.objects.of(again.email, user=again)
    sending.send_waiting()
    deletion.forget_farewells()
    assert Contact.objects.get().user == again


# --- who may --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "words"),
    [(factories.coordinator, "Hand the work over first"), (factories.superuser, "Make somebody else a superuser")],
)
def test_deletion_of_who_enters_the_desk_is_refused_with_what_to_do(make, words):
    person = make()
    with pytest.raises(deletion.DeletionError, match=words):
        delete(person)
    assert User.objects.filter(pk=person.pk).exists()


def test_deletion_of_somebody_else_is_a_coordinators(signed_in):
    person = factories.user()
    with pytest.raises(deletion.DeletionError, match="Only coordinators"):
        deletion.delete_account(person, by=factories.user())
    deletion.delete_account(person, by=factories.coordinator())
    assert not User.objects.filter(pk=person.pk).exists()


def test_deletion_twice_is_refused():
    person = factories.user()
    delete(person)
    with pytest.raises(deletion.DeletionError, match="deleted already"):
        delete(User(pk=person.pk or 1))


# --- the page -------------------------------------------------------------------------------------------------------
@pytest.fixture
def ada(signed_in):
    person = factories.member("Ada Obi", email="ada@example.org").user
    client = signed_in(person)
    client.person = person
    return client


def sure(client):
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    return client


def test_page_asks_who_comes_first(ada):
    for answer in (ada.get("/me/delete/"), ada.post("/me/delete/", {"address": "ada@example.org"})):
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.count() == 1


def test_page_says_what_goes_and_what_stays(ada):
    factories.approved(ada.person)
    factories.draft(ada.person)
    page = sure(ada).get("/me/delete/").text
    assert "1 piece that is not published" in page
    assert "1 published piece" in page
    assert "a former member" in page


def test_page_needs_the_address_typed_and_keeps_what_was_typed(ada):
    response = sure(ada).post("/me/delete/", {"address": "ada@example.com"})
    assert (response.status_code, User.objects.count()) == (200, 1)
    assert "This is not the address of this account." in response.text
    assert 'value="ada@example.com"' in response.text


def test_page_deletes_and_ends_all_sessions(ada, signed_in, committed):
    elsewhere = signed_in(ada.person)
    pk = ada.person.pk
    with committed():
        response = sure(ada).post("/me/delete/", {"address": " Ada@example.org "})
    assert response["Location"] == "/me/delete/done/"
    assert "Your account is deleted" in ada.get("/me/delete/done/").text
    assert elsewhere.get("/me/")["Location"].startswith("/accounts/login/")
    deletion.end_sessions(pk)
    assert Session.objects.count() == 0


def test_page_keeps_a_name_only_where_it_was_chosen(ada):
    factories.approved(ada.person)
    response = sure(ada).post("/me/delete/", {"address": "ada@example.org"})
    assert response.status_code == 200
    ada.post("/me/delete/", {"address": "ada@example.org", "byline": "name"})
    assert Coverage.objects.get().author_name == "Ada Obi"


def test_page_of_somebody_at_the_desk_says_what_to_do_and_deletes_nothing(signed_in):
    person = factories.coordinator(email="coord@example.org")
    client = sure(signed_in(person))
    assert "Hand the work over first" in client.get("/me/delete/").text
    client.post("/me/delete/", {"address": "coord@example.org"})
    assert User.objects.filter(pk=person.pk).exists()


# --- at the desk ----------------------------------------------------------------------------------------------------
def test_desk_deletes_for_somebody_who_asked_and_writes_down_by_whom(signed_in):
    person = factories.member("Ada Obi", email="ada@example.org").user
    by = factories.coordinator()
    client, path = signed_in(by), f"/admin/portal/user/{person.pk}/end/"
    assert path in client.get(f"/admin/portal/user/{person.pk}/change/").text
    assert "Your profile" in client.get(path).text
    assert client.post(path, {"address": "nobody@example.org"}).status_code == 200
    assert client.post(path, {"address": "ada@example.org"})["Location"] == "/admin/portal/user/"
    entry = LogEntry.objects.get(object_id=str(person.pk))
    assert (entry.user, entry.object_repr) == (by, "–")
    assert where_is("ada@") == ["portal_contact.address"]  # until the last mail has left


def test_desk_does_not_delete_coordinators(signed_in):
    by, other = factories.coordinator(), factories.coordinator(email="other@example.org")
    client = signed_in(by)
    for person in (by, other):
        client.post(f"/admin/portal/user/{person.pk}/end/", {"address": person.email})
    assert User.objects.count() == 2
    assert client.get("/admin/portal/user/0/end/").status_code == 404
