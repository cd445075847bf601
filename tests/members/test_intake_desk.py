"""Lists of members at the desk: from a file to profiles, as a coordinator sees it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.directory.models import Member
from members.intake import services
from members.intake.models import Import
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
CONTENT = "Full name;E-mail;Where\r\nAda Obi;ada@example.org;Kenya\r\nB;bad@;Kenya\r\n".encode("utf-16")


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def page(source, name="change"):
    return reverse(f"admin:members_import_{name}", args=[source.pk])


def upload(client, content=CONTENT, name="members.csv"):
    return client.post("/admin/members/import/add/", {"file": SimpleUploadedFile(name, content), "language": "fr"})


def press(client, source, button):
    seen = client.get(page(source)).context["seen"]
    return client.post(page(source), {"decision": button, "seen": seen})


def test_list_goes_from_a_file_to_profiles_step_by_step(desk):
    columns = upload(desk)["Location"]
    form = desk.get(columns).context["form"]
    assert [(field.label, field.initial) for field in form] == [
        ("Full name", "name"),
        ("E-mail", "email"),
        ("Where", ""),
    ]
    desk.post(columns, {"column_0": "name", "column_1": "email", "column_2": "country"})
    source = Import.objects.get()
    text = desk.get(page(source)).text
    assert ["One person would be imported" in text, "“bad@” is no e-mail address." in text] == [True, True]
    press(desk, source, "import")
    assert Import.objects.get().status == "done"
    member = Member.objects.select_related("user", "country").get()
    assert (member.user.name, member.country.code, member.user.language) == ("Ada Obi", "KE", "fr")


def test_list_columns_page_shows_the_first_rows_escaped(desk):
    columns = upload(desk, b"Name,E-mail\n<script>alert(1)</script>,ada@example.org\n")["Location"]
    text = desk.get(columns).text
    assert ("&lt;script&gt;alert(1)" in text, "<script>alert(1)" in text) == (True, False)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"column_0": "name"}, "Say which column holds the e-mail addresses."),
        ({"column_0": "email", "column_1": "email"}, "“E-mail address” is chosen for two columns."),
    ],
)
def test_list_columns_that_cannot_be_are_refused_on_the_page(desk, chosen, words):
    columns = upload(desk)["Location"]
    assert words in desk.post(columns, chosen).text
    assert Import.objects.get().status == "uploaded"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"PK\x03\x04", "This is a workbook, not a list."),
        (b"x" * 200_000, "This file has lines that are far too long"),
    ],
)
def test_list_that_is_none_is_refused_at_the_field(desk, content, words):
    response = upload(desk, content)
    assert (response.status_code, words in response.text, Import.objects.count()) == (200, True, 0)


def test_list_import_on_a_page_that_is_out_of_date_is_refused(desk):
    source = factories.list_of_members("Ada,ada@example.org")
    response = desk.post(page(source), {"decision": "import", "seen": "checked 0 9"})
    assert "This has changed since you opened it." in response.text
    assert OutgoingMail.objects.count() == 0


def test_list_undone_at_the_desk_says_what_stays_and_why(desk):
    source = factories.imported("Ada,ada@example.org", "Bo,bo@example.org")
    Member.objects.get(user__email="bo@example.org").save()
    press(desk, source, "undo")
    text = desk.get(page(source)).text
    assert ["What stays, and why" in text, "Their profile was changed since." in text] == [True, True]
    assert Member.objects.count() == 1


def test_list_that_is_large_is_left_to_a_worker_and_shows_how_far_it_is(desk, monkeypatch):
    monkeypatch.setattr(services, "SMALL", 0)
    source = factories.list_of_members("Ada,ada@example.org")
    press(desk, source, "import")
    response = desk.get(page(source))
    assert (Import.objects.get().status, response.context["decisions"]) == ("importing", [])
    assert ["Still to come: 1" in response.text, "js/progress.js" in response.text] == [True, True]


def test_list_that_waits_stands_on_the_desk(desk):
    factories.list_of_members("Ada,ada@example.org")
    queues = {queue.title: queue.count for queue in desk.get("/admin/").context["desk_queues"]}
    assert queues["Lists of members to finish"] == 1


def test_list_rows_can_be_listed_by_what_happens(desk):
    source = factories.list_of_members("Ada,ada@example.org", "B,bad@")
    link = f"/admin/members/importrow/?source__id__exact={source.pk}&outcome__exact=problem"
    assert link.replace("&", "&amp;") in desk.get(page(source)).text
    assert [row.number for row in desk.get(link).context["cl"].result_list] == [3]


def test_list_is_nobodys_business_but_the_coordinators(signed_in, client):
    source = factories.list_of_members("Ada,ada@example.org")
    readers = [client, signed_in(factories.member().user), signed_in(factories.moderator())]
    answers = [reader.get(page(source)).status_code for reader in readers]
    assert answers == [302, 302, 403]
