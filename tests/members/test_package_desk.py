"""Packages at the desk: written until somebody is sent them, and then gone on with in a copy."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.packages import services
from members.packages.models import Document, Package
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/members/package/"


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def page(package, name="change"):
    return reverse(f"admin:members_package_{name}", args=[package.pk])


def data(name="Who we are", *, texts=(), documents=(), **fields):
    """What the form posts: rows of texts and documents by their fields."""
    found = {"name": name, **fields}
    for prefix, rows in (("texts", texts), ("documents", documents)):
        found |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": sum("id" in row for row in rows)}
        for number, row in enumerate(rows):
            found |= {f"{prefix}-{number}-{field}": value for field, value in row.items()}
    return found


ENGLISH = {"language": "en", "title": "Who we are", "body": "<p>Four hundred people.</p>"}


def pdf(name="leaflet.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7")


def test_package_written_with_a_text_and_a_document(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = {"language": "", "title": "Leaflet", "file": pdf()}
    desk.post(f"{LIST}add/", data(texts=[ENGLISH], documents=[document]))
    package = Package.objects.get()
    assert (package.version, package.text("fr").title) == (1, "Who we are")
    assert [one.title for one in package.documents_for("es")] == ["Leaflet"]


def test_package_text_is_cleaned_of_what_could_run(desk):
    desk.post(f"{LIST}add/", data(texts=[ENGLISH | {"body": "<p onclick=x>Hello<script>alert(1)</script></p>"}]))
    assert Package.objects.get().texts.get().body == "<p>Hello</p>"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (data("", texts=[ENGLISH]), "This field is required."),
        (data("Taken", texts=[ENGLISH]), "There is a package of this name already."),
        (data(texts=[ENGLISH, ENGLISH]), "Please correct the duplicate data for language."),
        (data(texts=[ENGLISH], documents=[{"title": "Macro", "file": pdf("macro.exe")}]), "is not allowed."),
    ],
)
def test_package_that_cannot_be_so_is_refused_on_the_page(desk, given, words):
    factories.package("Taken")
    response = desk.post(f"{LIST}add/", given)
    assert (response.status_code, words in response.text, Package.objects.count()) == (200, True, 1)


def test_package_that_was_sent_is_read_only(desk):
    drive = factories.running()
    package = drive.package
    text = package.texts.get()
    response = desk.get(page(package))
    assert ["People have been sent this version" in response.text, 'name="_save"' in response.text] == [True, False]
    changed = ENGLISH | {"id": text.pk, "package": package.pk, "title": "Other"}
    assert desk.post(page(package), data("Other", texts=[changed])).status_code == 403
    assert (Package.objects.get().name, package.texts.get().title) == (package.name, text.title)


def test_package_gone_on_with_in_a_new_version_keeps_what_was_sent(desk):
    package = factories.running().package
    Document.objects.create(package=package, title="Leaflet", file="packages/leaflet.pdf")
    response = desk.post(page(package, "new_version"))
    copy = Package.objects.get(version=2)
    assert response["Location"] == page(copy)
    assert (copy.name, copy.texts.get().title) == (package.name, package.texts.get().title)
    assert (copy.documents.get().file.name, copy.is_locked) == ("packages/leaflet.pdf", False)
    text = ENGLISH | {"id": copy.texts.get().pk, "package": copy.pk, "title": "Other"}
    desk.post(page(copy), data(copy.name, texts=[text], documents=[]))
    assert [one.texts.get().title for one in Package.objects.order_by("version")] == ["Who we are", "Other"]


def test_package_new_version_of_an_older_one_is_the_latest():
    package = factories.package()
    services.new_version(package)
    assert services.new_version(package).version == 3


def test_package_new_version_is_made_by_post_alone(desk):
    package = factories.package()
    assert (desk.get(page(package, "new_version")).status_code, Package.objects.count()) == (405, 1)


def test_package_page_tells_the_drives_that_use_it(desk):
    drive = factories.drive()
    text = desk.get(page(drive.package)).text
    assert f'<a href="/admin/members/drive/{drive.pk}/change/">Spring</a>: being prepared' in text


def test_package_is_deleted_while_no_drive_uses_it(desk):
    used, unused = factories.drive().package, factories.package()
    assert [desk.post(page(one, "delete"), {"post": "yes"}).status_code for one in (used, unused)] == [403, 302]
    assert list(Package.objects.all()) == [used]
    desk.post(LIST, {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"})
    assert list(Package.objects.all()) == [used]
