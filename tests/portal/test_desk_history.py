"""Versions at the desk: what was stored before the first change, the texts of pages, what restoring leaves alone."""

import pytest

from members.directory.models import Member
from portal.group.models import PageText, Region, SpecialtyGroup
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.superuser())


def restore(desk, model, row, version):
    return desk.post(f"/admin/{model}/{row.pk}/history/{version.pk}/", {"_save": "Revert"})


def rename(desk, region, name):
    data = {"slug": region.slug, "name_en": name, "name_fr": region.name_fr, "name_es": region.name_es}
    return desk.post(f"/admin/portal/region/{region.pk}/change/", data)


def test_row_of_a_migration_keeps_its_first_state_when_it_is_renamed(desk):
    region = Region.objects.get(slug="africa")
    assert rename(desk, region, "The African continent").status_code == 302
    assert list(region.history.values_list("name_en", "history_user__name")) == [
        ("The African continent", "Super User"),
        ("Africa", None),
    ]


def test_row_with_versions_gets_one_a_change(desk):
    region = Region.objects.create(slug="moon", name_en="Moon")
    rename(desk, region, "The Moon")
    assert list(region.history.values_list("name_en", flat=True)) == ["The Moon", "Moon"]


def test_group_is_given_back_its_first_name(desk):
    group = SpecialtyGroup.objects.current()
    names = [field.name for field in group._meta.fields]
    data = {name: getattr(group, name) for name in names} | {"former_tags": ""}
    desk.post("/admin/portal/specialtygroup/1/change/", data | {"name_en": "Another name"})
    first = group.history.earliest()
    assert (SpecialtyGroup.objects.current().name_en, first.name_en) == ("Another name", group.name_en)
    assert desk.get(f"/admin/portal/specialtygroup/1/history/{first.pk}/").status_code == 200


# --- the texts of pages ---------------------------------------------------------------------------------------------
@pytest.fixture
def text():
    text = factories.page("about", en="First words").texts.get()
    text.title, text.body = "Second words", "<p>Second</p>"
    text.save()
    return text


def test_page_leads_to_the_versions_of_its_texts(desk, text):
    history = f"/admin/portal/pagetext/{text.pk}/history/"
    assert (
        f'<a href="{history}">History of this text</a>' in desk.get(f"/admin/portal/page/{text.page_id}/change/").text
    )
    assert f'href="{history}"' in desk.get(f"/admin/portal/page/{text.page_id}/history/").text
    assert [one.title for one in desk.get(history).context["page_obj"]] == ["Second words", "First words"]


def test_page_text_is_restored_in_its_page_and_language(desk, text):
    shown = desk.get(f"/admin/portal/pagetext/{text.pk}/history/{text.history.earliest().pk}/").text
    assert "<p>First words: the text.</p>" in shown
    response = restore(desk, "portal/pagetext", text, text.history.earliest())
    assert response["Location"] == f"/admin/portal/page/{text.page_id}/change/"
    text.refresh_from_db()
    assert (text.title, text.body, text.language) == ("First words", "<p>First words: the text.</p>", "en")


def test_page_text_that_was_deleted_comes_back(desk, text):
    page, first, old = text.page, text.history.earliest(), text.pk
    text.delete()
    assert f"/admin/portal/pagetext/{old}/history/" in desk.get(f"/admin/portal/page/{page.pk}/history/").text
    text.pk = old
    restore(desk, "portal/pagetext", text, first)
    assert page.texts.get().title == "First words"


def test_page_text_that_was_deleted_comes_back_in_the_place_of_its_successor(desk, text):
    page, first, old = text.page, text.history.earliest(), text.pk
    text.delete()
    successor = PageText.objects.create(page=page, language="en", title="Third words")
    text.pk = old
    restore(desk, "portal/pagetext", text, first)
    assert [(one.pk, one.title) for one in page.texts.all()] == [(successor.pk, "First words")]


def test_page_text_is_not_restored_by_a_moderator(signed_in, text):
    response = restore(signed_in(factories.moderator()), "portal/pagetext", text, text.history.earliest())
    text.refresh_from_db()
    assert (response.status_code, text.title) == (403, "Second words")


# --- members --------------------------------------------------------------------------------------------------------
def test_member_restored_keeps_what_they_decide_themselves(signed_in):
    member = factories.member(visibility="everyone", headline="Teacher")
    first = member.history.earliest()
    member.visibility, member.headline = "members", "Ranger"
    member.save()
    desk = signed_in(factories.coordinator())
    desk.post(
        f"/admin/members/member/{member.pk}/history/{first.pk}/",
        {"headline": "Teacher", "joined_on": "2026-01-01", "visibility": "everyone", "languages": "en"},
    )
    member = Member.objects.get()
    assert (member.headline, member.visibility) == ("Teacher", "members")
