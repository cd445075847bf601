"""A copy of everything held on oneself: whole, one's own alone, made by a worker, fetched by its owner, gone again."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import storages
from django.utils import timezone

from members.directory import services as directory
from members.directory.models import Link, Member
from members.letters import services as letters
from members.statements import services as statements
from portal import registry
from portal.contacts import services as contacts
from portal.contacts.models import Contact
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.personal import packing, services
from portal.personal.models import DataExport
from portal.users import merging
from portal.users.models import User
from tests import factories, pictures

pytestmark = pytest.mark.django_db

# A model whose rows no copy holds and no rule of leaving names: why not.
NOT_IN_THE_COPY = {
    "members.Listing": "what the database makes of a profile for the search, and takes away with it",
    "members.DriveMail": "hangs on an invitation and is told with it",
}


def copy_of(person):
    """The files of a person's copy, JSON read."""
    target = io.BytesIO()
    packing.pack(person, target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    return {name: json.loads(content) if name.endswith(".json") else content for name, content in files.items()}


def sure(client):
    """The person has just typed their password."""
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    return client


# --- every relation -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hook", [registry.export_parts, registry.leave_rules], ids=["copy", "deletion"])
def test_rooms_answer_for_every_relation_to_a_person(hook):
    """Each relation to an account, a member or an address once. A new model registers an `ExportPart` and a
    `LeaveRule` with its relations, or stands in NOT_IN_THE_COPY with the reason. Versions go with their rows."""
    answered = [name for item in hook for name in item.relations]
    every = {
        merging.label(relation)
        for model in (User, Member, Contact)
        for relation in merging.relations_to(model)
        if not merging.is_history(relation) and relation.model._meta.label not in NOT_IN_THE_COPY
    }
    assert sorted(answered) == sorted(every)


# --- what is in it --------------------------------------------------------------------------------------------------
@pytest.fixture
def ada():
    person = factories.user("Ada Obi", "ada@example.org")
    member = directory.enrol(person, headline="Teacher", bio="Ask me.", country=factories.country())
    directory.set_links(member, ["https://example.org/ada"])
    directory.set_portrait(member, pictures.jpeg())
    statements.accept(person, factories.version(text="We answer within a week."))
    contacts.opt_out(Contact.objects.of(person.email, user=person), "circular", source="page")
    return person


def test_copy_holds_account_without_password_and_ways_in_without_secrets(ada):
    factories.with_second_factor(ada)
    found = copy_of(ada)
    assert (found["account.json"]["email"], found["account.json"]["has_password"]) == ("ada@example.org", True)
    assert [one["type"] for one in found["signing-in.json"]["second_factors"]] == ["totp"]
    assert ada.password not in str(found)


def test_copy_holds_profile_with_links_versions_and_picture(ada):
    found = copy_of(ada)
    profile = found["profile.json"]
    assert (profile["headline"], profile["links"][0]["url"]) == ("Teacher", "https://example.org/ada")
    assert profile["earlier_versions"][-1]["headline"] == "Teacher"
    assert found["profile/portrait.webp"][8:12] == b"WEBP"


def test_copy_holds_the_words_that_were_accepted_and_what_is_not_wanted(ada):
    found = copy_of(ada)
    assert found["statements.json"][0]["text"] == "We answer within a week."
    assert found["contact.json"][0]["does_not_want"] == ["circular"]


def test_copy_holds_drafts_with_their_pictures(ada):
    draft = factories.draft(ada, headline="Half a thought", photos=2)
    found = copy_of(ada)
    assert [one["headline"] for one in found["coverage.json"]] == ["Half a thought"]
    names = [photo["file"] for photo in found["coverage.json"][0]["photos"]]
    assert [found[f"coverage/{name}"][8:12] for name in names] == [b"WEBP", b"WEBP"]
    assert names[0].startswith(draft.reference)


def test_copy_holds_requests_with_answers_and_no_address_that_was_not_shown(ada):
    kofi = factories.member("Kofi Mensah", email="kofi@example.org")
    written, got = factories.letter(kofi, by=ada, words="Hello Kofi"), factories.letter(ada.member, by=kofi.user)
    factories.reported(written, reason="It sells.")
    letters.decline(got, by=ada, words="Sorry.")
    found = copy_of(ada)["requests.json"]
    assert [(one["to"], one["words"], one["status"]) for one in found["written"]] == [
        ("Kofi Mensah", "Hello Kofi", "closed")
    ]
    assert [(one["from"], one["answer"], one["status"]) for one in found["received"]] == [
        ("Kofi Mensah", "Sorry.", "declined")
    ]
    assert "kofi@example.org" not in str(found)
    assert "It sells." not in str(found)


def test_copy_holds_mails_without_the_text_of_secret_ones(ada):
    outbox.write(ada, "portal/email/accounts_merged", {"keep": ada, "gone": ada}, kind="accounts_merged")
    OutgoingMail.objects.filter(kind="accounts_merged").update(text="our words")
    contact = Contact.objects.get(user=ada)
    OutgoingMail.objects.create(contact=contact, kind="reset", subject="Reset", text="token", is_secret=True)
    found = {one["subject"]: one["text"] for one in copy_of(ada)["mails.json"]}
    assert found == {"Your two accounts are one now": "our words", "Reset": ""}


def test_copy_leaves_out_a_file_that_is_missing(ada):
    member = Member.objects.get(user=ada)
    member.portrait.storage.delete(member.portrait.name)
    assert "profile/portrait.webp" not in copy_of(ada)


def test_copy_is_readable_and_says_what_is_in_it_in_the_persons_language(ada):
    ada.name, ada.language = "Éda Obi", "fr"
    ada.save()
    target = io.BytesIO()
    packing.pack(ada, target)
    with zipfile.ZipFile(target) as archive:
        assert '  "name": "Éda Obi"' in archive.read("account.json").decode()
        readme = archive.read("README.txt").decode()
    assert "account.json" in readme
    assert "&" not in readme


def everything(name, address):
    """One row at least in each part, with this name in all words that the person wrote."""
    drive = factories.running(f"{name} <{address}>")
    person = factories.user(name, address)
    drive.invitations.update(user=person)
    member = directory.enrol(person, headline=f"{name} headline", bio=f"{name} bio", city=f"{name} city")
    directory.set_links(member, [f"https://example.org/{name}"])
    directory.set_portrait(member, pictures.jpeg())
    statements.accept(person, factories.version(factories.statement(is_for_joining=False)))
    for make in (factories.draft, factories.submitted, factories.approved, factories.declined):
        make(person, headline=f"{name} {make.__name__}", body=f"{name} body", photos=1)
    return person


def test_copy_holds_nothing_of_others():
    mine, other = everything("Quokka", "quokka@example.org"), everything("Numbat", "numbat@example.org")
    for person, foreign in ((mine, "numbat"), (other, "quokka")):
        told = str(copy_of(person)).lower()
        assert (foreign in told, person.name.lower() in told) == (False, True)


# --- the job --------------------------------------------------------------------------------------------------------
def test_copy_is_made_by_a_worker_and_told_by_mail(ada, committed):
    export = services.ask_for_copy(ada)
    assert (export.status, services.make(str(export.pk))) == ("requested", True)
    export.refresh_from_db()
    assert (export.status, export.parts_done, export.size > 1000) == ("ready", export.parts, True)
    assert OutgoingMail.objects.get(kind="copy_ready").contact.address == "ada@example.org"


def test_copy_is_made_once_by_two_workers(ada):
    export = services.ask_for_copy(ada)
    DataExport.objects.update(begun_at=timezone.now())
    assert (services.make(str(export.pk)), services.sweep()) == (False, 0)
    later = timezone.now() + timedelta(minutes=11)
    assert (services.sweep(now=later), services.make(str(export.pk), now=later)) == (1, True)
    assert services.make(str(export.pk)) is False


def test_copy_asked_for_twice_is_made_once(ada):
    services.ask_for_copy(ada)
    with pytest.raises(services.ExportError, match="being made already"):
        services.ask_for_copy(ada)


def test_copy_that_fails_is_tried_three_times_and_then_said(ada, monkeypatch):
    export = services.ask_for_copy(ada)
    broken = registry.ExportPart("broken", "Broken", (), lambda user: {"x": object()})
    monkeypatch.setattr(registry.export_parts, "_items", [(1, broken)])
    for _attempt in range(3):
        services.make(str(export.pk))
    export.refresh_from_db()
    assert (export.status, export.attempts) == ("failed", 3)


def test_copy_asked_for_anew_takes_the_place_of_the_old_one(ada, committed):
    first = made(ada)
    with committed():
        services.ask_for_copy(ada)
    assert storages["private"].exists(first.file.name) is False
    assert list(DataExport.objects.order_by("requested_at").values_list("status", flat=True)) == ["gone", "requested"]


def made(person):
    export = services.ask_for_copy(person)
    services.make(str(export.pk))
    export.refresh_from_db()
    return export


def test_copy_is_gone_after_a_week(ada, committed):
    export = made(ada)
    assert services.end_those_over(timezone.now() + timedelta(days=6), 10) == 0
    with committed():
        assert services.end_those_over(timezone.now() + timedelta(days=8), 10) == 1
    export_after = DataExport.objects.get()
    assert (export_after.status, storages["private"].exists(export.file.name)) == ("gone", False)


# --- the pages ------------------------------------------------------------------------------------------------------
def test_copy_is_fetched_by_its_owner_alone(ada, signed_in):
    export = made(ada)
    path = f"/me/data/{export.pk}/"
    assert sure(signed_in(factories.superuser())).get(path).status_code == 404
    client = signed_in(ada)
    assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")
    response = sure(client).get(path)
    assert response["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    assert zipfile.ZipFile(io.BytesIO(response.getvalue())).testzip() is None


def test_page_asks_who_comes_before_a_copy_is_made(ada, signed_in):
    client = signed_in(ada)
    assert client.post("/me/data/")["Location"].startswith("/accounts/reauthenticate/")
    assert DataExport.objects.count() == 0
    assert sure(client).post("/me/data/")["Location"] == "/me/data/"
    assert "0 of" in client.get("/me/data/").text


def test_page_shows_what_was_agreed_to_with_its_words(ada, signed_in):
    page = signed_in(ada).get("/me/data/").text
    assert "We answer within a week." in page
    assert Contact.objects.get(user=ada).personal_path in page


def test_page_takes_back_that_a_blog_may_be_read(ada, signed_in):
    link = Link.objects.get()
    Link.objects.update(harvest_agreed_at=timezone.now())
    client = signed_in(ada)
    assert "We may read example.org/ada" in client.get("/me/data/").text
    other = signed_in(factories.member("Zoe").user)
    other.post(f"/me/data/withdraw/harvest-{link.pk}/")
    assert Link.objects.get().harvest_agreed_at is not None
    assert client.post(f"/me/data/withdraw/harvest-{link.pk}/")["Location"] == "/me/data/"
    assert Link.objects.get().harvest_agreed_at is None


def test_copy_tells_of_other_addresses_that_are_shown_to_be_mine(ada):
    EmailAddress.objects.create(user=ada, email="obi@example.org", verified=True)
    EmailAddress.objects.create(user=ada, email="stranger@example.org", verified=False)
    for address in ("obi@example.org", "stranger@example.org"):
        Contact.objects.of(address)
    assert [one["address"] for one in copy_of(ada)["contact.json"]] == ["ada@example.org", "obi@example.org"]
