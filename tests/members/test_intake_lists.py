"""Lists of members: checked by row, imported once, taken out again as far as nobody has touched it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from members.directory.models import Member
from members.intake import claims, retention, services
from members.intake.models import Import, ImportRow, ProfileClaim
from portal.contacts import services as contacts
from portal.contacts.models import Contact
from portal.lists.files import ListError
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
FULL = "Name,E-mail,Country,City,Job title,Member since,Language"


def outcomes(source):
    return list(source.rows.values_list("number", "outcome"))


def everything():
    return (User.objects.count(), Member.objects.count(), Contact.objects.count(), OutgoingMail.objects.count(),
            list(Import.objects.values()), list(ImportRow.objects.values()))  # fmt: skip


def test_list_checked_tells_by_row_what_would_happen():
    factories.user(email="account@example.org")
    factories.member(email="member@example.org")
    gone = factories.member(email="gone@example.org")
    Member.objects.filter(pk=gone.pk).update(status="alumni", left_at=timezone.now())
    contacts.opt_out(Contact.objects.of("no@example.org"), source="page")
    source = factories.list_of_members(
        "New One,new@example.org", "A,account@example.org", "M,member@example.org", "G,gone@example.org",
        "N,no@example.org", "B,bad@", "T,new@example.org",
    )  # fmt: skip
    wanted = ["new", "account", "member", "former", "refused", "problem", "problem"]
    assert outcomes(source) == list(enumerate(wanted, 2))
    assert (source.status, source.people_to_come, OutgoingMail.objects.count()) == ("checked", 2, 0)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("Atlantis,,,", "Country"),
        (",,,tomorrow", "Member since"),
        (",,,03/04/2019", "Member since"),
        (",,,2999", "Member since"),
    ],
)
def test_list_row_with_a_word_that_is_not_understood_is_a_problem(cells, column):
    source = factories.list_of_members(
        f"Ada,ada@example.org,{cells}", head="Name,E-mail,Country,City,Title,Member since"
    )
    assert [problem[0] for row in source.rows.all() for problem in row.problems] == [column]


def test_list_imported_makes_hidden_profiles_of_what_it_tells():
    factories.imported(
        "Ada Obi,ada@example.org,Kenia,Kisumu,Teacher,31.03.2019,français".replace("Kenia", "Kenya"), head=FULL
    )
    member = Member.objects.select_related("user", "country").get()
    assert (member.status, member.headline, member.city, member.country.code) == (
        "unclaimed",
        "Teacher",
        "Kisumu",
        "KE",
    )
    assert (str(member.joined_on), member.user.name, member.user.language) == ("2019-03-31", "Ada Obi", "fr")
    assert not member.user.has_usable_password()


def test_list_imported_writes_each_person_one_mail_in_their_language():
    factories.imported("Ada,ada@example.org,fr", "Bo,bo@example.org,", head="Name,E-mail,Langue", language="es")
    mails = OutgoingMail.objects.order_by("contact__address")
    assert [(mail.contact.address, mail.kind) for mail in mails] == [
        ("ada@example.org", "profile_claim"), ("bo@example.org", "profile_claim")]  # fmt: skip
    assert ["/fr/join/claim/" in mails[0].text, "/es/join/claim/" in mails[1].text] == [True, True]


def test_list_imported_takes_good_rows_and_leaves_bad_ones():
    source = factories.imported("Ada,ada@example.org", "Bad,bad@", "Bo,bo@example.org")
    assert (source.status, source.people) == ("done", 2)
    assert set(User.objects.filter(member__isnull=False).values_list("email", flat=True)) == {
        "ada@example.org", "bo@example.org"}  # fmt: skip


def test_list_imported_twice_makes_nothing_twice():
    source = factories.imported("Ada,ada@example.org")
    before = everything()
    services.carry_on(source.pk)
    with pytest.raises(services.IntakeError):
        services.start(source, by=source.uploaded_by)
    assert everything() == before


def test_list_uploaded_again_finds_members():
    factories.imported("Ada,ada@example.org")
    assert outcomes(factories.list_of_members("Ada,ada@example.org")) == [(2, "member")]


def test_list_whose_worker_died_is_gone_on_with_where_it_was(monkeypatch):
    monkeypatch.setattr(services, "BROUGHT_AT_ONCE", 2)
    source = factories.list_of_members(*(f"P{n},p{n}@example.org" for n in range(5)))
    services.start(source, by=source.uploaded_by)
    services._next_batch(source.pk)
    assert (Import.objects.get().status, Member.objects.count()) == ("importing", 2)
    services.carry_on(source.pk)
    assert (Import.objects.get().status, Member.objects.count(), OutgoingMail.objects.count()) == ("done", 5, 5)


def test_list_that_waits_is_found_by_the_sweep():
    source = factories.list_of_members("Ada,ada@example.org")
    services.start(source, by=source.uploaded_by)
    assert (services.sweep(), Import.objects.get().status) == (1, "importing")


def test_list_row_that_changed_since_it_was_checked_is_looked_at_again():
    source = factories.list_of_members("Ada,ada@example.org", "Bo,bo@example.org")
    factories.member(email="ada@example.org")
    contacts.opt_out(Contact.objects.of("bo@example.org"), source="page")
    services.start(source, by=source.uploaded_by)
    services.carry_on(source.pk)
    assert outcomes(source) == [(2, "member"), (3, "refused")]
    assert OutgoingMail.objects.count() == 0


def test_list_that_is_none_is_refused_and_nothing_is_kept():
    with pytest.raises(ListError):
        services.upload(SimpleUploadedFile("x.xlsx", b"PK\x03\x04"), by=factories.coordinator(), language="en")
    assert Import.objects.count() == 0


def test_list_that_breaks_off_fails_and_says_where():
    content = b"E-mail\n" + b"a@example.org\n" * 60 + b'"b@example.org\n' + b"c@example.org\n" * 20_000
    source = services.upload(SimpleUploadedFile("x.csv", content), by=factories.coordinator(), language="en")
    services.choose_columns(source, {}, by=source.uploaded_by)
    services.carry_on(source.pk)
    source.refresh_from_db()
    assert (source.status, source.rows.count()) == ("failed", 0)
    assert source.error.startswith("From row 62 on")


# --- states × actions -----------------------------------------------------------------------------------------------
def uploaded():
    file = SimpleUploadedFile("members.csv", b"Name,E-mail\nAda,ada@example.org\n")
    return services.upload(file, by=factories.coordinator(), language="en")


def in_state(state):
    made = {"uploaded": uploaded, "checked": lambda: factories.list_of_members("Ada,ada@example.org")}.get(
        state, factories.imported
    )()
    if state == "undone":
        services.undo(made, by=made.uploaded_by)
        services.carry_on(made.pk)
    if state in {"checking", "importing", "undoing", "failed"}:
        Import.objects.filter(pk=made.pk).update(status=state)
    return Import.objects.get(pk=made.pk)


ACTIONS = {
    "choose": lambda source: services.choose_columns(source, {}, by=source.uploaded_by),
    "start": lambda source: services.start(source, by=source.uploaded_by),
    "undo": lambda source: services.undo(source, by=source.uploaded_by),
    "discard": lambda source: services.discard(source, by=source.uploaded_by),
}
ALLOWED = {"uploaded": ["choose", "discard"], "checked": ["choose", "start", "discard"], "done": ["undo"],
           "failed": ["discard"]}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", Import.Status)
def test_list_in_a_state_allows_an_action_or_refuses_it_and_changes_nothing(state, action):
    source = in_state(state)
    before = everything()
    if action in ALLOWED.get(state, []):
        ACTIONS[action](source)
        assert everything() != before
    else:
        with pytest.raises(services.IntakeError):
            ACTIONS[action](source)
        assert everything() == before


# --- undoing, erasing -----------------------------------------------------------------------------------------------
def undone(source):
    services.undo(source, by=source.uploaded_by)
    services.carry_on(source.pk)
    return Import.objects.get(pk=source.pk)


def test_list_undone_leaves_nothing_of_what_it_made():
    by = factories.coordinator()
    old = factories.user(email="old@example.org")
    before = (set(User.objects.all()), set(Contact.objects.all()), Member.history.count())
    source = undone(factories.imported("Ada,ada@example.org", "Old,old@example.org", by=by))
    assert (source.status, Member.objects.count(), ProfileClaim.objects.count()) == ("undone", 0, 0)
    assert (set(User.objects.all()), set(Contact.objects.exclude(user=old)), Member.history.count()) == before
    assert OutgoingMail.objects.count() == 0


def test_list_undone_keeps_the_contact_that_was_written_to():
    source = factories.imported("Ada,ada@example.org")
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    undone(source)
    assert list(Contact.objects.values_list("address", "user")) == [("ada@example.org", None)]


def touch_profile(member):
    member.headline = "Changed at the desk"
    member.save()


def sign_in(member):
    User.objects.filter(pk=member.user_id).update(last_login=timezone.now())


TOUCHED = {
    "They have claimed their profile.": lambda member: claims.accept(member.claim, password=factories.PASSWORD),
    "Their profile was changed since.": touch_profile,
    "Their account is used.": sign_in,
}


@pytest.mark.parametrize("why", TOUCHED)
def test_list_undone_leaves_who_was_touched_since_and_says_why(why):
    source = factories.imported("Ada,ada@example.org", "Bo,bo@example.org")
    TOUCHED[why](Member.objects.get(user__email="ada@example.org"))
    source = undone(source)
    assert (source.status, source.people) == ("done", 1)
    assert [(row.number, row.stayed) for row in source.first_that_stayed] == [(2, why)]
    assert set(Member.objects.values_list("user__email", flat=True)) == {"ada@example.org"}


def test_list_erased_after_thirty_days_with_what_it_told(committed):
    source = factories.imported("Ada,ada@example.org")
    storage, name = source.file.storage, source.file.name
    with committed():
        retention.erase_lists(timezone.now() + timedelta(days=31), 10)
    source = Import.objects.get()
    assert (storage.exists(name), source.file.name, source.can_be_undone) == (False, "", False)
    assert (source.rows.get().values, Member.objects.count()) == ({}, 1)


def test_list_never_imported_is_gone_after_thirty_days():
    factories.list_of_members("Ada,ada@example.org")
    retention.erase_lists(timezone.now() + timedelta(days=29), 10)
    assert Import.objects.count() == 1
    retention.erase_lists(timezone.now() + timedelta(days=31), 10)
    assert Import.objects.count() == 0


def test_list_file_is_private(signed_in):
    source = factories.list_of_members("Ada,ada@example.org")
    assert signed_in(source.uploaded_by).get(f"/media/{source.file.name}").status_code == 404
