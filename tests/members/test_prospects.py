"""Lists of people for a drive: told by row, added once however often a worker dies, and never written to by it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from members.prospects import services
from members.prospects.models import ProspectList
from members.recruitment import services as drives
from members.recruitment.audience import AudienceError
from portal.contacts.models import Contact
from portal.lists.files import ListError
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
ABOUT = {"source": "A conference in Nairobi", "basis": "interest", "language": "en"}


def upload(content, name="people.csv"):
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def brought(content, drive=None, **about):
    """A list that was uploaded and checked."""
    found = services.bring(drive or factories.drive(), upload(content), by=factories.coordinator(), **(ABOUT | about))
    services.carry_on(found.pk)
    return ProspectList.objects.select_related("drive").get(pk=found.pk)


def pasted(text, **about):
    found = services.paste(factories.drive(), text, by=factories.coordinator(), **(ABOUT | about))
    services.carry_on(found.pk)
    return ProspectList.objects.select_related("drive").get(pk=found.pk)


def added(found):
    services.add(found, by=found.uploaded_by)
    services.carry_on(found.pk)
    return ProspectList.objects.select_related("drive").get(pk=found.pk)


def people(found):
    return list(found.drive.invitations.values_list("contact__address", "name", "language"))


# --- what others make -----------------------------------------------------------------------------------------------
SAME = [("ada@example.org", "Ada Óbi", "en"), ("ben@example.org", "Ben\u2019s", "en")]
ROWS = "Name;E-mail\r\nAda Óbi;ada@example.org\r\nBen\u2019s;ben@example.org\r\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode("utf-8-sig"),
        ROWS.encode("cp1252"),
        ROWS.encode("utf-16"),
        ROWS.replace(";", ",").encode(),
        ROWS.replace(";", "\t").encode(),
        ("sep=;\r\n" + ROWS).encode("utf-8-sig"),
        ROWS.replace("Ada Óbi", '"Ada Óbi"').replace("\r\n", "\n").encode(),
    ],
)
def test_list_as_excel_and_others_write_it_is_understood(content):
    found = added(brought(content))
    assert (people(found), found.status, found.added) == (SAME, "added", 2)


def test_list_with_languages_and_parted_names_is_understood():
    content = "First name,Last name,E-mail,Language\nAda,Obi,ada@example.org,français\nBen,Ito,ben@example.org,Thai\n"
    found = added(brought(content, language="es"))
    assert people(found) == [("ada@example.org", "Ada Obi", "fr"), ("ben@example.org", "Ben Ito", "es")]


BAD = [
    ("Ada,bad@", "E-mail address: “bad@” is no e-mail address."),
    ("Ada,", "There is no e-mail address in this row."),
    ("Ada,one@example.org", "The same address stands in row 2 already."),
    ("Ada,ONE@EXAMPLE.ORG", "The same address stands in row 2 already."),
    ("<b>Ada</b>,a@example.org", "Whole name: This looks like a link or a piece of a web page"),
    ("win at spam.xyz,a@example.org", "Whole name: This looks like a link or a piece of a web page"),
    ('"Ada\r\nBcc: x@example.org",a@example.org', "Whole name: This cell holds a line break"),
    ('Ada,"a@example.org\nBcc: b@example.org"', "E-mail address: This cell holds a line break"),
    ("Ada,a@example.org,more", "This row has 3 cells, but the list has 2 columns"),
]


@pytest.mark.parametrize(("row", "words"), BAD)
def test_list_tells_by_row_what_is_wrong_and_adds_the_good_ones(row, words):
    found = brought(f"Name,E-mail\nOne,one@example.org\n{row}\nTwo,two@example.org\n")
    assert (found.good, found.bad, found.problems[0][0]) == (2, 1, 3)
    assert words in found.problems[0][1]
    assert people(added(found)) == [("one@example.org", "One", "en"), ("two@example.org", "Two", "en")]


def test_list_with_internationalised_domains_keeps_them_as_contacts_do():
    found = added(brought("E-mail\nada@bücher.example\nada@xn--bcher-kva.example\n"))
    assert (people(found), found.bad) == ([("ada@xn--bcher-kva.example", "", "en")], 1)


def test_list_shows_the_first_problems_and_counts_all(monkeypatch):
    monkeypatch.setattr(services, "SHOWN", 3)
    found = brought("Name,E-mail\n" + "Ada,bad@\n" * 5)
    assert (found.bad, len(found.problems), found.can_be_added) == (5, 3, False)


@pytest.mark.parametrize("content", [b"   ", b"PK\x03\x04 a workbook", b"x" * 200_000])
def test_list_that_is_none_is_refused_and_nothing_is_kept(content):
    with pytest.raises(ListError):
        brought(content)
    assert ProspectList.objects.count() == 0


def test_list_that_breaks_off_fails_and_says_where():
    found = brought("E-mail\n" + "a@example.org\n" * 60 + '"b@example.org\n' + "c@example.org\n" * 20_000)
    assert (found.status, found.error.startswith("From row 62 on")) == ("failed", True)


def test_list_without_a_column_of_addresses_waits_until_somebody_says_which():
    found = brought("Who,Where\nAda,ada at example\n")
    assert found.status == "uploaded"
    with pytest.raises(services.ProspectsError, match="which column"):
        services.choose_columns(found, {"name": 0}, by=found.uploaded_by)
    found = brought("Who,Where,Post\nAda,Kenya,\nBen,Kenya,\nCy,Kenya,\nDi,,\nEd,,\nFi,,\nGo,,ada@example.org\n")
    assert found.status == "uploaded"
    services.choose_columns(found, {"email": 2, "name": 0}, by=found.uploaded_by)
    services.carry_on(found.pk)
    assert (ProspectList.objects.get(pk=found.pk).good, ProspectList.objects.get(pk=found.pk).bad) == (1, 6)


def test_pasted_people_are_understood_by_line():
    found = added(pasted("Ada Obi <ada@example.org>; ben@example.org\nnobody\nCy\tcy@example.org"))
    assert people(found) == [("ada@example.org", "Ada Obi", "en"), ("ben@example.org", "", "en"),
                             ("cy@example.org", "Cy", "en")]  # fmt: skip
    assert [number for number, _words in found.problems] == [2]


# --- adding ---------------------------------------------------------------------------------------------------------
def test_list_checked_adds_nobody_and_added_writes_to_nobody():
    found = brought("E-mail\nada@example.org\n")
    assert (people(found), Contact.objects.filter(address="ada@example.org").count()) == ([], 0)
    found = added(found)
    assert (len(people(found)), OutgoingMail.objects.count()) == (1, 0)
    contact = Contact.objects.get(address="ada@example.org")
    assert (contact.source, contact.basis) == ("A conference in Nairobi", "interest")


def test_list_added_leaves_no_file_behind(committed):
    found = brought("E-mail\nada@example.org\n")
    storage, name = found.file.storage, found.file.name
    with committed():
        found = added(found)
    assert (storage.exists(name), found.file.name) == (False, "")


def test_list_killed_half_way_is_carried_on_and_adds_each_once(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 10)
    found = brought("E-mail\n" + "".join(f"p{n}@example.org\n" for n in range(35)))
    services.add(found, by=found.uploaded_by)
    add_some = services._add_some

    def killed(known, batch):
        if known.last_row >= 20:
            raise KeyboardInterrupt
        return add_some(known, batch)

    monkeypatch.setattr(services, "_add_some", killed)
    with pytest.raises(KeyboardInterrupt):
        services.carry_on(found.pk)
    assert ProspectList.objects.get().added == found.drive.invitations.count() == 20
    monkeypatch.setattr(services, "_add_some", add_some)
    services.carry_on(found.pk)
    found = ProspectList.objects.get()
    assert (found.status, found.added, found.drive.invitations.count()) == ("added", 35, 35)


def test_list_longer_than_a_spell_is_handed_on_from_where_it_was(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 10)
    found = brought("E-mail\n" + "".join(f"p{n}@example.org\n" for n in range(25)))
    services.add(found, by=found.uploaded_by)
    seen = []
    while ProspectList.objects.get().is_running:
        services.carry_on(found.pk, seconds=0)
        seen.append(ProspectList.objects.get().added)
    assert seen == [10, 20, 25, 25]


def test_list_that_waits_is_found_by_the_sweep():
    found = brought("E-mail\nada@example.org\n")
    services.add(found, by=found.uploaded_by)
    assert (services.sweep(), ProspectList.objects.get().status) == (1, "adding")


def test_list_added_twice_counts_who_was_there_already_once():
    drive = factories.drive("Ada Obi <ada@example.org>")
    found = added(brought("E-mail\nada@example.org\nben@example.org\n", drive))
    assert (found.added, drive.invitations.count()) == (1, 2)


def test_list_of_a_drive_that_began_meanwhile_adds_nobody_and_says_so():
    drive = factories.drive("Ada Obi <ada@example.org>")
    found = brought("E-mail\nben@example.org\n", drive)
    drives.start(drive, by=found.uploaded_by)
    with pytest.raises(AudienceError):
        services.add(found, by=found.uploaded_by)
    ProspectList.objects.update(status="adding")
    services.carry_on(found.pk)
    found = ProspectList.objects.get()
    assert (found.status, drive.invitations.count()) == ("failed", 1)
    assert found.error == "The audience of a drive that has begun stays as it is."


def test_list_whose_file_is_gone_fails_and_says_so():
    found = brought("E-mail\nada@example.org\n")
    services.add(found, by=found.uploaded_by)
    found.file.storage.delete(found.file.name)
    services.carry_on(found.pk)
    assert ProspectList.objects.get().error == "The list is not here any more. Upload it again."


@pytest.mark.parametrize("source", ["", "  "])
def test_list_without_a_source_is_refused(source):
    with pytest.raises(services.ProspectsError, match="come from"):
        brought("E-mail\nada@example.org\n", source=source)


def test_list_for_a_circular_is_refused():
    with pytest.raises(services.ProspectsError, match="members"):
        brought("E-mail\nada@example.org\n", factories.drive(kind="circular"))


# --- states × actions -----------------------------------------------------------------------------------------------
ACTIONS = {
    "choose": lambda found: services.choose_columns(found, {"email": 0}, by=found.uploaded_by),
    "add": lambda found: services.add(found, by=found.uploaded_by),
    "discard": lambda found: services.discard(found, by=found.uploaded_by),
}
ALLOWED = {"uploaded": ["choose", "discard"], "checked": ["choose", "add", "discard"], "failed": ["discard"]}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ProspectList.Status)
def test_list_in_a_state_allows_an_action_or_refuses_it_and_changes_nothing(state, action):
    found = brought("E-mail\nada@example.org\n")
    moment = {"added_at": found.uploaded_at} if state == "added" else {}
    ProspectList.objects.update(status=state, **moment)
    before = list(ProspectList.objects.values())
    if action in ALLOWED.get(state, []):
        ACTIONS[action](found)
        assert list(ProspectList.objects.values()) != before
    else:
        with pytest.raises(services.ProspectsError):
            ACTIONS[action](found)
        assert list(ProspectList.objects.values()) == before


# --- at the desk ----------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def bring(client, drive, **data):
    address = reverse("admin:members_prospectlist_add", query={"drive": drive.pk})
    return client.post(address, {**ABOUT, **data})


def page(found, name="change"):
    return reverse(f"admin:members_prospectlist_{name}", args=[found.pk])


def press(client, found, button):
    seen = client.get(page(found)).context["seen"]
    return client.post(page(found), {"decision": button, "seen": seen}, follow=True)


def test_desk_list_goes_from_a_file_to_the_audience(desk):
    drive = factories.drive()
    response = bring(desk, drive, upload=upload("Name,E-mail\nAda,ada@example.org\nBad,bad@\n"))
    found = ProspectList.objects.get()
    assert response["Location"] == page(found)
    text = desk.get(page(found)).text
    assert ["One row is good." in text, "“bad@” is no e-mail address." in text] == [True, True]
    assert "Add the one good row to the audience" in text
    response = press(desk, found, "add")
    assert response.redirect_chain[-1][0] == f"/admin/members/drive/{drive.pk}/change/#who"
    assert drive.invitations.get().name == "Ada"


def test_desk_pasted_list_goes_to_the_audience(desk):
    drive = factories.drive()
    bring(desk, drive, text="Ada Obi <ada@example.org>\nben@example.org", basis="consent", language="fr")
    press(desk, ProspectList.objects.get(), "add")
    assert list(drive.invitations.values_list("name", "language", "contact__basis")) == [
        ("Ada Obi", "fr", "consent"), ("", "fr", "consent")]  # fmt: skip


def test_desk_asks_for_the_columns_where_it_cannot_tell(desk):
    drive = factories.drive()
    response = bring(desk, drive, upload=upload("Who,Where\nAda,home\n"))
    found = ProspectList.objects.get()
    assert response["Location"] == page(found, "columns")
    response = desk.post(page(found, "columns"), {"column_0": "name", "column_1": ""})
    assert "Say which column holds the e-mail addresses." in response.text
    response = desk.post(page(found, "columns"), {"column_0": "name", "column_1": "email"})
    assert (response["Location"], ProspectList.objects.get().bad) == (page(found), 1)


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "text", "Upload a list, or paste one."),
        ({"text": "a@example.org", "upload": "E-mail\n"}, "upload", "Either upload a list or paste one."),
        ({"upload": b"PK\x03\x04"}, "upload", "This is a workbook, not a list."),
        ({"text": "a@example.org", "source": " "}, "source", "This field is required."),
        ({"text": "a@example.org", "basis": "account"}, "basis", "Select a valid choice."),
        ({"text": "a\0"}, "text", "Null characters are not allowed."),
    ],
)
def test_desk_refuses_at_the_field_and_keeps_what_was_typed(desk, data, field, words):
    given = data | ({"upload": upload(data["upload"])} if "upload" in data else {})
    form = bring(desk, factories.drive(), **given).context["form"]
    assert words in form.errors[field][0]
    assert (form["source"].value(), ProspectList.objects.count()) == (data.get("source", ABOUT["source"]), 0)


def test_desk_leaves_a_large_list_to_a_worker_and_shows_that_it_goes_on(desk, monkeypatch):
    monkeypatch.setattr(services, "SMALL", 0)
    drive = factories.drive()
    bring(desk, drive, upload=upload("E-mail\nada@example.org\n"))
    found = ProspectList.objects.get()
    for address in (page(found), f"/admin/members/drive/{drive.pk}/change/"):
        assert "js/progress.js" in desk.get(address).text
    assert (found.status, desk.get(page(found)).context["decisions"]) == ("checking", [])


def test_desk_list_discarded_is_forgotten_with_its_file(desk, committed):
    found = brought("E-mail\nada@example.org\n")
    storage, name = found.file.storage, found.file.name
    with committed():
        press(desk, found, "discard")
    assert (ProspectList.objects.count(), storage.exists(name)) == (0, False)


@pytest.mark.parametrize("query", [{}, {"drive": "x"}, {"drive": "999999"}, {"drive": "²"}])
def test_desk_list_for_no_drive_leads_to_the_drives(desk, query):
    response = desk.get(reverse("admin:members_prospectlist_add", query=query))
    assert response["Location"] == "/admin/members/drive/"


def test_desk_list_for_a_drive_that_began_or_a_circular_leads_back(desk):
    for drive in (factories.running(), factories.drive(kind="circular")):
        response = bring(desk, drive, text="new@example.org")
        assert response["Location"] == f"/admin/members/drive/{drive.pk}/change/"
    assert ProspectList.objects.count() == 0


def test_desk_list_shows_markup_as_words(desk):
    found = brought("Who,E-mail\n<script>alert(1)</script>,<script>@x\n")
    for address in (page(found), page(found, "columns")):
        assert "<script>alert" not in desk.get(address).text


def test_list_file_is_private(desk):
    found = brought("E-mail\nada@example.org\n")
    assert desk.get(f"/media/{found.file.name}").status_code == 404


@pytest.mark.parametrize(("days", "is_added", "stays"), [(29, False, True), (31, False, False), (31, True, True)])
def test_list_that_nothing_came_of_is_forgotten_after_a_month(days, is_added, stays):
    found = factories.prospects("Ada Obi,ada@example.org")
    if is_added:
        services.add(found, by=factories.coordinator())
        services.carry_on(found.pk)
    services.forget_old(timezone.now() + timedelta(days=days), 10)
    assert ProspectList.objects.filter(pk=found.pk).exists() == stays


def test_pasted_people_of_one_line_are_all_added(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    people = "; ".join(f"p{number}@example.org" for number in range(5))
    found = services.paste(factories.drive(), people, by=factories.coordinator(), **ABOUT)
    services.carry_on(found.pk)
    services.add(found, by=factories.coordinator())
    services.carry_on(found.pk)
    assert ProspectList.objects.get().added == 5
