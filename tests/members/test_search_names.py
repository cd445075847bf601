"""Names of all regions are found first although one letter is wrong, two are swapped, or accents are left out."""

import unicodedata
from itertools import pairwise
from random import Random

import pytest
from django.db import connection

from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.search import Found
from portal.users.models import User
from tests.corpora.names import SINGLE, people

pytestmark = pytest.mark.django_db
PEOPLE = people(1000)
random = Random(4)
LONG_ENOUGH = 3  # letters; a shorter name with one letter wrong is another name


def letters(name):
    return [at for at, sign in enumerate(name) if unicodedata.category(sign).startswith("L")]


def script(letter):
    return unicodedata.name(letter).split()[0]


ALPHABETS = {}
for sign in sorted(set("".join(PEOPLE).lower())):
    if unicodedata.category(sign).startswith("L"):
        ALPHABETS.setdefault(script(sign), []).append(sign)


def one_letter_wrong(name):
    at = random.choice(letters(name))
    others = [sign for sign in ALPHABETS[script(name[at].lower())] if sign != name[at].lower()] or ["x"]
    return name[:at] + random.choice(others) + name[at + 1 :]


def two_letters_swapped(name):
    places = [at for at, pair in enumerate(pairwise(name.lower())) if len(set(pair)) == 2 and " " not in pair]
    at = random.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def without_accents(name):
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


@pytest.fixture
def directory():
    """A thousand members, as {name: key}."""
    users = User.objects.bulk_create(User(email=f"p{at}@example.org", name=name) for at, name in enumerate(PEOPLE))
    members = Member.objects.bulk_create(
        Member(user=user, slug=f"p-{user.pk}", joined_on="2026-01-01", visibility="everyone") for user in users
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE members_listing")
    return {member.user.name: member.pk for member in members}


def missed(directory, wrong):
    """Who of those asked for is not found first, and of how many."""
    asked = {name: wrong(name) for name in PEOPLE if len(letters(name)) >= LONG_ENOUGH}
    first = {name: Found(Audience.EVERYONE, q, {}).ids(0, 1) for name, q in asked.items() if q != name}
    return [(name, asked[name]) for name, ids in first.items() if ids != [directory[name]]], len(first)


def test_names_with_an_error_are_found_first(directory):
    """95 of 100 of each kind; the rest are one letter from somebody else's name."""
    for wrong, at_least in [(one_letter_wrong, 900), (two_letters_swapped, 900), (without_accents, 300)]:
        others, number = missed(directory, wrong)
        assert number >= at_least
        assert len(others) <= 0.05 * number, (wrong.__name__, others)
    assert [name for name in SINGLE if Found(Audience.EVERYONE, name, {}).ids(0, 1) != [directory[name]]] == []
