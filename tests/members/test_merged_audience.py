"""Two profiles become one: nobody sees more of either than before, and nothing of the one that went is left."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage

from members.directory import services as directory
from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.profile import Profile
from members.membership import services as membership
from portal.group.models import Topic
from portal.personal import deletion
from portal.users import merging
from tests import factories, pictures
from tests.portal.test_deletion import where_is
from tests.portal.test_my_data import copy_of

pytestmark = pytest.mark.django_db
WORDS = {"headline": "quokka headline", "bio": "quokka bio", "city": "Quokkaville", "organisation": "Quokka & Co"}


@pytest.fixture
def by():
    return factories.coordinator()


@pytest.fixture
def two():
    return factories.user("Ada Obi", "ada@example.org"), factories.user("Ada M. Obi", "obi@example.org")


def whole(user, *, visibility="members", status="active", **more):
    """A profile with words in every part, each for everyone."""
    left_at = factories.timezone.now() if status in {"alumni", "removed"} else None
    told = WORDS | {"status": status, "left_at": left_at, "languages": ["es"]} | more
    member = directory.enrol(user, visibility=visibility, **told)
    member.topics.add(Topic.objects.first())
    directory.set_links(member, ["https://quokka.example/"])
    return member


def told(member, level):
    """The words that an audience finds on the profile."""
    profile = Profile(Member.objects.with_links().get(pk=member.pk), level)
    words = [profile.headline, profile.bio, profile.city, profile.organisation]
    return [*words, *profile.links, *profile.topics, *profile.languages]


def nothing(member, level):
    return not any(told(member, level))


@pytest.mark.parametrize(
    ("theirs", "least"),
    [
        ({"visibility": "members"}, Audience.MEMBERS),
        ({"visibility": "everyone", "status": "alumni"}, Audience.COORDINATORS),
        ({"visibility": "everyone", "status": "unclaimed"}, Audience.COORDINATORS),
    ],
)
def test_merge_shows_what_moved_to_nobody_who_did_not_see_it(two, by, client, theirs, least):
    mine = directory.enrol(two[0], visibility="everyone")
    whole(two[1], **theirs)
    merging.merge(*two, by=by)
    assert nothing(mine, Audience(least - 1))
    assert len([word for word in told(mine, least) if word]) == 7
    page = client.get(mine.get_absolute_url())
    assert (page.status_code, "uokka" in page.text) == (200, False)


def test_merge_leaves_open_what_was_open(two, by):
    mine = directory.enrol(two[0], visibility="everyone")
    whole(two[1], visibility="everyone")
    merging.merge(*two, by=by)
    assert len([word for word in told(mine, Audience.EVERYONE) if word]) == 7


def test_merge_keeps_what_the_kept_profile_told_as_it_was_shown(two, by):
    mine = directory.enrol(two[0], visibility="everyone", headline="Teacher")
    whole(two[1])
    merging.merge(*two, by=by)
    mine.refresh_from_db()
    assert (mine.headline, mine.headline_shown_to, mine.bio_shown_to) == ("Teacher", 0, 1)


def test_merge_into_an_ended_profile_publishes_nothing_of_it(two, by):
    mine = whole(two[0], visibility="everyone", status="alumni")
    directory.enrol(two[1], visibility="members")
    merging.merge(*two, by=by)
    mine.refresh_from_db()
    assert (mine.status, mine.visibility, nothing(mine, Audience.MEMBERS)) == ("active", "members", True)


def test_merge_of_the_profile_of_a_closed_account_publishes_nothing_of_it(two, by):
    theirs = whole(two[1], visibility="everyone")
    two[1].is_active = False
    two[1].save()
    merging.merge(*two, by=by)
    theirs.refresh_from_db()
    assert (theirs.visibility, nothing(theirs, Audience.MEMBERS)) == ("members", True)


def test_merge_keeps_an_absence_and_who_stands_in_from_those_who_did_not_see_them(two, by):
    other = factories.member("Zoe Ito")
    mine = directory.enrol(two[0], visibility="everyone")
    directory.enrol(two[1], away_until=factories.date(2100, 1, 1), stand_in=other, away_shown_to=2)
    Member.objects.filter(pk=mine.pk).update(away_shown_to=0)
    merging.merge(*two, by=by)
    mine.refresh_from_db()
    assert (mine.away_until.year, mine.stand_in, mine.away_shown_to) == (2100, other, 2)


# --- what is left of it ---------------------------------------------------------------------------------------------
def test_merge_brings_earlier_versions_which_are_told_and_go_with_the_profile(two, by):
    directory.enrol(two[0])
    theirs = whole(two[1])
    theirs.bio = "A later text"
    theirs.save()
    LogEntry.objects.log_actions(by.pk, [theirs, two[1]], 2, change_message="quokka")
    merging.merge(*two, by=by)
    assert "quokka bio" in [one["bio"] for one in copy_of(two[0])["profile.json"]["earlier_versions"]]
    assert set(Member.history.values_list("id", flat=True)) == {Member.objects.get().pk}
    deletion.delete_account(two[0], by=two[0])
    assert [where for where in where_is("quokka") if "topic" not in where] == []
    assert Member.history.count() == 0


# --- portraits ------------------------------------------------------------------------------------------------------
@pytest.fixture
def pictured():
    member = factories.member("Ada Obi", email="ada.obi@example.org")
    return directory.set_portrait(member, pictures.jpeg())


def moved(member, old):
    """Whether the portrait is at a new address alone, which does not say whose it is."""
    new = Member.objects.get(pk=member.pk).portrait.name
    assert (new == old) != default_storage.exists(new) or new == old
    return new != old and default_storage.exists(new) and not default_storage.exists(old) and "ada" not in new.lower()


def save(signed_in, member, **typed):
    client = signed_in(member.user)
    data = {"name": "Ada Obi", "language": "en", "visibility": "everyone", "portrait_shown_to": "0"}
    assert client.post("/me/profile/", data | typed).status_code == 302


@pytest.mark.parametrize(
    ("typed", "is_moved"),
    [
        ({"portrait_shown_to": "1"}, True),
        ({"portrait_shown_to": "2"}, True),
        ({"visibility": "members"}, True),
        ({"bio_shown_to": "2"}, False),
    ],
)
def test_portrait_that_fewer_see_has_a_new_address(signed_in, pictured, committed, typed, is_moved):
    old = pictured.portrait.name
    with committed():
        save(signed_in, pictured, **typed)
    assert moved(pictured, old) is is_moved
    assert default_storage.exists(old) is not is_moved


def test_portrait_that_more_see_stays_where_it_is(signed_in, pictured, committed):
    Member.objects.update(portrait_shown_to=2)
    with committed():
        save(signed_in, pictured)
    assert moved(pictured, pictured.portrait.name) is False


def test_portrait_of_who_leaves_has_a_new_address(pictured, committed):
    old = pictured.portrait.name
    with committed():
        membership.make_alumni(pictured)
    assert moved(pictured, old)


def test_portrait_that_a_merge_brings_has_a_new_address(two, by, pictured, committed):
    keep = directory.enrol(two[0], visibility="everyone")
    old = pictured.portrait.name
    with committed():
        merging.merge(keep.user, pictured.user, by=by)
    assert moved(keep, old)


def test_portrait_does_not_say_whose_it_is(pictured):
    assert "ada" not in pictured.portrait.name.lower()
