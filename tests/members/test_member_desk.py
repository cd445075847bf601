"""A member at the desk: what coordinators may edit, and what stays the member's own decision."""

import pytest

from members.directory import services
from members.directory.models import Member
from tests import factories, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def test_member_is_not_opened_to_everyone_at_the_desk(desk):
    member = factories.member(visibility="members")
    data = {"headline": "Teacher", "joined_on": "2026-01-01", "visibility": "everyone", "languages": "en"}
    assert desk.post(f"/admin/members/member/{member.pk}/change/", data).status_code == 302
    member = Member.objects.get()
    assert (member.headline, member.visibility) == ("Teacher", "members")


def test_member_portrait_is_shown_at_the_desk_and_not_uploaded(desk):
    member = services.set_portrait(factories.member(), pictures.jpeg())
    text = desk.get(f"/admin/members/member/{member.pk}/change/").text
    assert (f'src="{member.portrait_url}"' in text, 'type="file"' in text) == (True, False)


def test_member_portrait_is_removed_at_the_desk_with_its_file(desk, committed):
    member = services.set_portrait(factories.member(), pictures.jpeg())
    storage, name = member.portrait.storage, member.portrait.name
    with committed():
        desk.post("/admin/members/member/", {"action": "remove_portrait", "_selected_action": [member.pk]})
    assert (Member.objects.get().portrait.name, storage.exists(name)) == ("", False)


def test_member_portrait_is_not_removed_by_a_moderator(signed_in):
    member = services.set_portrait(factories.member(), pictures.jpeg())
    data = {"action": "remove_portrait", "_selected_action": [member.pk]}
    assert signed_in(factories.moderator()).post("/admin/members/member/", data).status_code == 403
    assert Member.objects.get().portrait
