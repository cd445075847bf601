# ruff: noqa: S106, S311, SIM905 - the numbers are the same each time; nobody signs in
"""What scripts/bench.py has done inside the portal whose settings it gives: a directory of many, and asking it."""

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from members.directory.models import Member  # noqa: E402
from portal.group.models import Country, Topic  # noqa: E402
from portal.shared.version import raise_version  # noqa: E402
from portal.users.models import User  # noqa: E402
from tests.corpora.names import people  # noqa: E402

WORDS = (
    "mangrove glacier teacher river forest community learning leadership training women youth climate water story "
    "dialogue network policy garden ocean school workshop elder knowledge reef mountain farmer museum park ranger coach"
).split()
SYLLABLES = "ba ko ri ma ten lu sa vo ne pi dro fen gal mi tur".split()
CITIES = "Nairobi Quito Genève Suva Almaty Hanoi Amman Lima Montréal Kisumu Jaipur Chengdu Osaka Tbilisi Dakar".split()
LANGUAGES = [["en"], ["en", "fr"], ["es"], ["en", "es"], ["fr"]]
QUIET = "ALTER TABLE {table} {state} TRIGGER USER"  # all listings are written at once at the end
TABLES = ("members_member", "members_member_topics")
LISTINGS = """
INSERT INTO members_listing (member_id, level, sort_key, name, words, country_id, languages, topics, takes_requests)
SELECT * FROM members_listings()
"""
AT_ONCE = 5000


def fill(number: int) -> int:
    """So many members with names of all regions, and nobody else. Texts have common words and rare ones."""
    random = Random(number)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_member, portal_user CASCADE")
        for table in TABLES:
            cursor.execute(QUIET.format(table=table, state="DISABLE"))
        names = enumerate(people(number))
        users = User.objects.bulk_create(
            (User(email=f"p{at}@example.org", name=name, password="!") for at, name in names), AT_ONCE
        )
        words, countries = _words(random), list(Country.objects.values_list("pk", flat=True))
        members = Member.objects.bulk_create((_member(user, words, countries, random) for user in users), AT_ONCE)
        topics, chosen = list(Topic.objects.values_list("pk", flat=True)), Member.topics.through
        chosen.objects.bulk_create(
            (chosen(member=one, topic_id=topic) for one in members for topic in random.sample(topics, 3)), AT_ONCE
        )
        cursor.execute(LISTINGS)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(QUIET.format(table=table, state="ENABLE"))
        cursor.execute("VACUUM ANALYZE")
    raise_version()
    return number


def _words(random: Random) -> Callable[[int], str]:
    """Says so many words; some are on many tongues and most are rare, as in a language."""
    said = WORDS + ["".join(random.choices(SYLLABLES, k=random.choice([2, 3, 4]))) for _number in range(6000)]
    weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(said))))
    return lambda number: " ".join(random.choices(said, cum_weights=weights, k=number))


def _member(user: User, words: Callable[[int], str], countries: list[int], random: Random) -> Member:
    parts = ("headline", "bio", "city", "topics", "country")
    shown = {f"{part}_shown_to": random.choices([0, 1, 2], [8, 1, 1])[0] for part in parts}
    return Member(
        user=user, slug=f"p-{user.pk}", joined_on="2026-01-01", country_id=random.choice(countries), headline=words(4),
        organisation=words(2), city=random.choice(CITIES), bio=words(40), languages=random.choice(LANGUAGES),
        takes_requests=random.random() < 0.8, visibility=random.choices(["everyone", "members"], [8, 2])[0], **shown,
    )  # fmt: skip


def searches(number: int) -> Iterator[dict[str, str]]:
    """Names, half of them mistyped, words, topics and towns, as people ask."""
    random, names = Random(7), people(number)
    while True:
        name = random.choice(names)
        yield {"q": name}
        at = random.randrange(len(name))
        yield {"q": name[:at] + name[at + 1 :]}
        yield {"q": name.split()[0]}
        yield {"q": f"{random.choice(WORDS)} {random.choice(CITIES)}"}
        yield {"q": random.choice(["open space", "facilitación", "narration", "coaching", random.choice(WORDS)])}
        yield {"q": name.split()[-1], "language": "fr"}


def filters() -> Iterator[dict[str, str]]:
    """Topics, places and languages, one or two at a time."""
    random = Random(7)
    topics = list(Topic.objects.values_list("slug", flat=True))
    countries = list(Country.objects.select_related("region"))
    while True:
        country = random.choice(countries)
        yield {"topic": random.choice(topics)}
        yield {"country": country.code}
        yield {"topic": random.choice(topics), "region": country.region.slug}
        yield {"country": country.code, "language": random.choice(["en", "fr", "es"]), "open": "1"}
        yield {"region": country.region.slug}


def ask(number: int) -> dict[str, Any]:
    """Milliseconds in the database of pages of the directory, beside a look-up by key; and their queries."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"host": "localhost"})
    client.get("/members/")
    measured = {"searches": searches(number), "filters": filters()}
    found = {name: [_asked(client, one) for one in itertools.islice(asked, 120)] for name, asked in measured.items()}
    keys = list(Member.objects.values_list("pk", flat=True)[:120])
    return {
        "key": _spread([_by_key(key) for key in itertools.islice(itertools.cycle(keys), 120)]),
        **{name: _spread([spent for spent, _queries in rows]) for name, rows in found.items()},
        "queries": {name: max(queries for _spent, queries in rows) for name, rows in found.items()},
    }


def _asked(client: Client, parameters: dict[str, str]) -> tuple[float, int]:
    """Milliseconds and number of the queries of one page."""
    spent: list[float] = []

    def clock(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append((time.perf_counter() - began) * 1000)

    with connection.execute_wrapper(clock), CaptureQueriesContext(connection) as captured:
        response = client.get("/members/", {**parameters, "fresh": "1"})
    if response.status_code != 200:
        sys.exit(f"bench: {parameters} was answered with {response.status_code}")
    return sum(spent), len(captured)


def _by_key(key: int) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_member WHERE id = %s", [key])
        cursor.fetchone()
    return (time.perf_counter() - began) * 1000


def _spread(values: list[float]) -> list[float]:
    """The median, and what 95 of 100 stay below."""
    return [round(statistics.median(values), 1), round(statistics.quantiles(values, n=20)[-1], 1)]


if __name__ == "__main__":
    answer = {"fill": fill, "ask": ask}[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(json.dumps(answer) + "\n")
