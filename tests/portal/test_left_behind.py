"""What an account leaves when it goes: no file that no row knows, no way around a hold, no name in the log."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.files.storage import storages
from django.utils import timezone

from members.conduct import services as conduct
from members.conduct.models import WritingBan
from members.directory import services as directory
from members.letters import services as letters
from members.letters.limits import LetterError
from members.letters.models import KEPT_FOR
from members.recruitment import colleagues, writing
from members.recruitment.audience import Person
from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail
from portal.personal import deletion, emails, services
from portal.users.models import FORMER_COORDINATOR, User
from tests import factories
from tests.portal.test_deletion import where_is
from tests.portal.test_my_data import copy_of

pytestmark = pytest.mark.django_db


def delete(person):
    deletion.delete_account(person, by=person)


def files(export):
    """What is on the disk of one copy."""
    storage = storages["private"]
    names = storage.listdir("exports")[1] if storage.exists("exports") else []
    return [f"exports/{name}" for name in names if str(export.pk) in name]


# --- copies ---------------------------------------------------------------------------------------------------------
class Died(BaseException):
    """A worker is killed."""


@pytest.fixture
def export():
    return services.ask_for_copy(factories.user("Ada Obi", "ada@example.org"))


def breaks(monkeypatch, error):
    """Whatever happens between writing the file and saying that it is ready."""

    def fail(_export):
        raise error

    monkeypatch.setattr(emails, "copy_ready", fail)


def test_copy_that_fails_after_it_is_written_leaves_no_file(export, monkeypatch):
    breaks(monkeypatch, OSError("no broker"))
    for _attempt in range(3):
        services.make(str(export.pk))
    export.refresh_from_db()
    assert (export.status, export.file.name, files(export)) == ("failed", "", [])


@pytest.fixture
def dies(export, monkeypatch):
    """As a real worker, which commits step by step: what it wrote into the row stays."""
    breaks(monkeypatch, Died())
    with pytest.raises(Died):
        services.make(str(export.pk))
    monkeypatch.undo()
    assert len(files(export)) == 1
    return export


def test_copy_of_a_worker_that_died_goes_with_the_account(dies, committed):
    with committed():
        delete(dies.user)
    assert files(dies) == []


def test_copy_of_a_worker_that_died_goes_with_the_next_attempt(dies):
    services.make(str(dies.pk), now=timezone.now() + timezone.timedelta(minutes=11))
    dies.refresh_from_db()
    assert (dies.status, files(dies)) == ("ready", [dies.file.name])


def test_copy_that_kills_each_worker_is_given_up(dies, monkeypatch):
    for minutes in (11, 22):
        breaks(monkeypatch, Died())
        with pytest.raises(Died):
            services.make(str(dies.pk), now=timezone.now() + timezone.timedelta(minutes=minutes))
    assert services.make(str(dies.pk), now=timezone.now() + timezone.timedelta(minutes=33)) is False
    dies.refresh_from_db()
    assert (dies.status, files(dies)) == ("failed", [])


# --- who was reported -----------------------------------------------------------------------------------------------
@pytest.fixture
def writer():
    person = factories.member("Quokka Obi", email="quokka@example.org").user
    EmailAddress.objects.create(user=person, email="other@example.org", verified=True)
    return person


def again(address):
    """Somebody signs up with that address and becomes a member."""
    return directory.enrol(factories.user("Somebody New", address)).user


@pytest.mark.parametrize("address", ["quokka@example.org", "other@example.org"])
def test_reported_writer_who_deletes_the_account_stays_held(writer, address):
    factories.reported(factories.letter(by=writer))
    delete(writer)
    with pytest.raises(LetterError, match="was reported"):
        factories.letter(factories.member("Zoe Ito"), by=again(address))


def test_hold_of_who_left_names_nobody_and_is_lifted_at_the_desk(writer, signed_in):
    factories.reported(factories.letter(by=writer))
    delete(writer)
    hold = WritingBan.objects.first()
    OutgoingMail.objects.all().delete()
    Contact.objects.all().delete()
    assert where_is("quokka") == []
    desk = signed_in(factories.coordinator())
    page = desk.get(f"/admin/members/writingban/{hold.pk}/change/").text
    assert "Somebody who has deleted their account" in page
    for one in WritingBan.objects.all():
        conduct.lift(one, by=factories.coordinator())
    assert factories.letter(factories.member("Zoe Ito"), by=again("quokka@example.org")).is_open


def test_hold_of_who_left_ends_when_the_words_would_have(writer):
    factories.reported(factories.letter(by=writer))
    delete(writer)
    WritingBan.objects.update(begun_at=timezone.now() - KEPT_FOR)
    assert factories.letter(factories.member("Zoe Ito"), by=again("quokka@example.org")).is_open
    letters.sweep()
    assert WritingBan.objects.count() == 0


def test_report_that_was_decided_leaves_no_hold(writer):
    conduct.dismiss(factories.reported(factories.letter(by=writer)), by=factories.coordinator())
    delete(writer)
    assert WritingBan.objects.count() == 0


@pytest.mark.parametrize("address", ["quokka@example.org", "other@example.org", "newest@example.org"])
def test_ban_goes_for_every_address_of_who_left(writer, address):
    conduct.ban(factories.reported(factories.letter(by=writer)), by=factories.coordinator(), words="No selling.")
    EmailAddress.objects.create(user=writer, email="newest@example.org", verified=True)
    delete(writer)
    with pytest.raises(LetterError, match="cannot write to members here any more"):
        factories.letter(factories.member("Zoe Ito"), by=again(address))


def test_ban_takes_the_place_of_a_hold(writer):
    bad = factories.reported(factories.letter(by=writer))
    conduct.hold(["quokka@example.org", "other@example.org"])
    ban = conduct.ban(bad, by=factories.coordinator(), words="No selling.")
    conduct.spread(ban, ["other@example.org"])
    assert list(WritingBan.objects.values_list("is_hold", flat=True)) == [False, False]


def test_page_says_that_a_hold_stays(writer, signed_in):
    client = signed_in(writer)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    assert "because a request of yours was reported" not in client.get("/me/delete/").text
    factories.reported(factories.letter(by=writer))
    assert "because a request of yours was reported" in client.get("/me/delete/").text


# --- what was done at the desk --------------------------------------------------------------------------------------
@pytest.fixture
def former():
    """Somebody who was a coordinator and did something to somebody."""
    person, other = factories.coordinator("Quokka Obi", "quokka@example.org"), factories.member("Zoe Ito")
    LogEntry.objects.log_actions(person.pk, [other], 2, change_message="Looked at it")
    person.is_staff = False
    person.save()
    return person


def test_log_of_the_desk_outlives_a_former_coordinator_without_the_name(former, signed_in):
    before = LogEntry.objects.values_list("action_time", "object_repr", "change_message").get()
    delete(former)
    entry = LogEntry.objects.get()
    assert (entry.action_time, entry.object_repr, entry.change_message) == before
    assert (str(entry.user), entry.user.is_active, entry.user.has_usable_password()) == (
        "A former coordinator", False, False,
    )  # fmt: skip
    page = signed_in(factories.superuser()).get(f"/admin/members/member/{entry.object_id}/history/")
    assert page.status_code == 200


def test_account_of_former_coordinators_is_made_once_and_in_no_list(former, signed_in):
    other = factories.user("Another")
    LogEntry.objects.create(user=other, action_flag=2)
    delete(former)
    delete(other)
    kept = User.objects.get(email=FORMER_COORDINATOR)
    assert LogEntry.objects.filter(user=kept).count() == 2
    desk = signed_in(factories.superuser())
    assert FORMER_COORDINATOR not in desk.get("/admin/portal/user/?q=former").text.replace("%40", "@")
    for path in ("change", "end", "merge"):
        assert desk.get(f"/admin/portal/user/{kept.pk}/{path}/").status_code in {302, 404}
    assert not User.objects.of_people().filter(pk=kept.pk).exists()


def test_account_of_former_coordinators_never_signs_in(former, client):
    delete(former)
    response = client.post("/accounts/login/", {"login": FORMER_COORDINATOR, "password": "former"})
    assert (response.status_code, "_auth_user_id" in client.session) == (200, False)
    client.post("/accounts/password/reset/", {"email": FORMER_COORDINATOR})
    assert not OutgoingMail.objects.filter(contact__address=FORMER_COORDINATOR, kind="password_reset_key").exists()


def test_page_says_that_the_log_stays(former, signed_in):
    client = signed_in(former)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    assert "a former coordinator" in client.get("/me/delete/").text


def test_copy_tells_what_was_done_at_the_desk_and_not_to_whom(former):
    (entry,) = copy_of(former)["desk.json"]
    assert (entry["action"], entry["content_type"]) == ("Change", "Members | member")
    assert sorted(entry) == ["action", "action_time", "content_type"]


# --- whom they invited ----------------------------------------------------------------------------------------------
def test_deletion_after_a_new_name_leaves_no_older_one_at_whom_they_invited():
    drive = factories.running("Some Body <somebody@example.org>", takes_colleagues=True)
    person = factories.member("Quokka Obi", email="ada@example.org").user
    colleagues.invite(drive, Person("friend@example.org", "A Friend"), by=person)
    person.name = "Ada Obi"
    person.save()
    delete(person)
    assert Contact.objects.get(address="friend@example.org").source == "invited by a member"
    assert where_is("quokka") == []


@pytest.mark.parametrize("status", ["queued", "held", "failed", "unknown", "suppressed"])
def test_deletion_takes_the_name_out_of_mails_to_whom_they_invited(status):
    drive = factories.running("Some Body <somebody@example.org>", takes_colleagues=True)
    person = factories.member("Quokka Obi", email="ada@example.org").user
    colleagues.invite(drive, Person("friend@example.org", "A Friend"), by=person)
    writing.sweep()
    mails = OutgoingMail.objects.filter(contact__address="friend@example.org")
    assert mails.update(status=status, text="Quokka Obi invites you", html="Quokka Obi") == 1
    delete(person)
    mail = mails.get()
    assert (mail.text, mail.html, mail.status in {"queued", "held"}) == ("", "", False)
