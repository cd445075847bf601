"""The table that the directory is searched in stays true by whatever way members, accounts and topics change."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from members.directory.models import Member
from members.directory.parts import Audience
from portal.group.models import Topic
from portal.users.merging import merge
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
COLUMNS = "member_id, level, sort_key, name, words, country_id, languages, topics, takes_requests"
UNTRUE = f"""
(SELECT {COLUMNS} FROM members_listing EXCEPT SELECT * FROM members_listings(NULL)) UNION ALL
(SELECT * FROM members_listings(NULL) EXCEPT SELECT {COLUMNS} FROM members_listing)
"""


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def rows():
    """Where each row lies and who wrote it: another place is another writing."""
    return asked("SELECT member_id, level, ctid::text, xmin::text FROM members_listing ORDER BY member_id, level")


@pytest.fixture
def three():
    """Members who tell this and that to various audiences."""
    telling = [
        {"headline": "Keeper of reefs", "bio": "Éducation à l’école, by e-mail.", "city": "Suva"},
        {"organisation": "Reef Trust", "city": "Łódź", "organisation_shown_to": Audience.MEMBERS},
        {"bio": "Weaver. Teacher, too.", "bio_shown_to": Audience.COORDINATORS, "visibility": "members"},
    ]
    names = ["Ada Obi", "Małgorzata Świderek", "नमिता देवी"]
    members = [factories.member(name, languages=["en"], **told) for name, told in zip(names, telling, strict=True)]
    for member in members:
        member.topics.set(Topic.objects.all()[:2])
    return members


# --- what is not listed ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [
    lambda ada: Member.objects.update(hours_pledged=3, edited_at=timezone.now(), time_zone="Asia/Tokyo"),
    lambda ada: Member.objects.update(headline_shown_to=Audience.EVERYONE),
    lambda ada: ada.save(),
    lambda ada: ada.topics.set(ada.topics.all()),
    lambda ada: User.objects.update(last_login=timezone.now()),
    lambda ada: ada.user.save(),
])  # fmt: skip
def test_listings_are_not_written_when_nothing_listed_changes(three, change):
    before = rows()
    change(three[0])
    assert (rows(), len(before)) == (before, 5)


def test_listing_of_one_member_alone_is_written_when_one_of_all_changes(three):
    before = rows()
    Member.objects.filter(pk__in=[one.pk for one in three[:2]]).update(city="Suva")
    assert {row[0] for row in before} - {row[0] for row in rows() if row not in before} == {three[0].pk, three[2].pk}


# --- what is listed -------------------------------------------------------------------------------------------------
def bulk_update(ada):
    members = list(Member.objects.all())
    for member in members:
        member.headline = f"Guide {member.pk}"
    Member.objects.bulk_update(members, ["headline"])


def bulk_create(_ada):
    users = User.objects.bulk_create(User(email=f"p{at}@example.org", name=f"Zoë Ñandú {at}") for at in range(5))
    members = Member.objects.bulk_create(
        Member(user=user, slug=f"p-{user.pk}", joined_on="2026-01-01", bio="Mangroves") for user in users
    )
    chosen = Member.topics.through
    chosen.objects.bulk_create(chosen(member=one, topic=topic) for one in members for topic in Topic.objects.all()[:3])


def merge_accounts(ada):
    other = Member.objects.exclude(pk=ada.pk).first()
    other.topics.set(Topic.objects.all()[3:5])
    merge(ada.user, other.user, by=factories.coordinator())


def import_and_claim(_ada):
    factories.imported()
    Member.objects.update(status="active")


def move_topics(ada):
    other = Member.objects.exclude(pk=ada.pk).first()
    other.topics.clear()
    Member.topics.through.objects.filter(member=ada).update(member=other)


@pytest.mark.parametrize("change", [
    bulk_create, bulk_update, merge_accounts, import_and_claim, move_topics,
    lambda ada: Member.objects.update(city="Nadi"),
    lambda ada: Member.objects.update(bio_shown_to=Audience.MEMBERS, visibility="everyone"),
    lambda ada: Member.objects.update(topics_shown_to=Audience.COORDINATORS, takes_requests=False),
    lambda ada: Member.objects.filter(pk=ada.pk).update(country=factories.country("KE"), languages=["es"]),
    lambda ada: ada.topics.set(Topic.objects.all()[1:6]),
    lambda ada: ada.topics.clear(),
    lambda ada: Topic.objects.all()[0].delete(),
    lambda ada: User.objects.update(name="Ngāio Ọkọ́nkwọ"),
    lambda ada: User.objects.filter(pk=ada.user_id).update(is_active=False),
    lambda ada: ada.user.delete(),
    lambda ada: Member.objects.all().delete(),
])  # fmt: skip
def test_listings_are_true_after_any_change(three, change):
    before = rows()
    change(three[0])
    assert (asked(UNTRUE), rows() == before) == ([], False)


# --- the functions --------------------------------------------------------------------------------------------------
def test_letters_are_folded_the_quick_way_as_the_thorough_one():
    letters = "SELECT chr(at) FROM generate_series(161, 12000) AS at"
    assert asked(f"{letters} WHERE members_fold(chr(at)) <> members_fold_any(chr(at))") == []


def test_migration_goes_back_and_forth_with_all_that_is_listed(three):
    before = asked(f"SELECT {COLUMNS} FROM members_listing ORDER BY 1, 2")
    connection.check_constraints()
    call_command("migrate", "members", "0013", verbosity=0)
    Member.objects.update(hours_pledged=1)
    old = asked("SELECT * FROM members_listings(NULL) ORDER BY 1, 2")
    connection.check_constraints()
    call_command("migrate", "members", verbosity=0)
    assert (asked(UNTRUE), old) == ([], before)
