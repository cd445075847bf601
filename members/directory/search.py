# ruff: noqa: S608 - what is put together here are names of columns; values are parameters
"""Whom of the directory words and filters leave: best match first; accents, endings and typing errors are forgiven.

The questions are put in SQL, since the table of listings answers each in one statement: see members.directory.listing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import connection

from members.directory import asked
from members.directory.models import Member, MemberQuerySet
from members.directory.parts import Audience
from portal.shared.kept import once_a_change

FEW = 24  # people found as it was typed; with fewer, what is nearly so is found too
AT_MOST = 2000  # are found by words: who asks for more has not asked closely
RANKED = 300  # of the likeliest are compared closely
SAME_NAME = 0.4  # of pg_trgm's similarity

NARROWINGS = {
    "topic": "topics @> ARRAY[%(topic)s]::bigint[]",
    "region": "country_id = ANY(%(region)s::bigint[])",
    "country": "country_id = %(country)s",
    "language": "languages @> ARRAY[%(language)s]",
    "open": "takes_requests",
}
OF_LEVEL = "FROM members_listing WHERE level = %(level)s"
LISTED = f"SELECT member_id, sort_key, name, words, country_id, languages, topics, takes_requests {OF_LEVEL}"
# Whose name it is; whom it finds as it stands; where these are few, whom it nearly finds; where nobody, names alike.
# Filters do not change which of these are asked, so that they count whom they leave.
FOUND = f"""
named AS MATERIALIZED ({LISTED} AND {{narrowing}} AND words @@ %(named)s::tsquery LIMIT {AT_MOST}),
plain AS MATERIALIZED ({LISTED} AND {{narrowing}} AND words @@ %(plainly)s::tsquery
    AND member_id NOT IN (SELECT member_id FROM named) LIMIT {AT_MOST}),
near AS MATERIALIZED ({LISTED} AND {{narrowing}} AND words @@ %(nearly)s::tsquery
    AND (SELECT count(*) FROM (SELECT {OF_LEVEL} AND words @@ %(plainly)s::tsquery LIMIT {FEW}) AS few) < {FEW}
    AND member_id NOT IN (SELECT member_id FROM named UNION ALL SELECT member_id FROM plain) LIMIT {AT_MOST}),
anybody AS MATERIALIZED (SELECT {OF_LEVEL} AND words @@ %(nearly)s::tsquery),
alike AS MATERIALIZED ({LISTED} AND {{narrowing}} AND name %% %(whole)s AND similarity(name, %(whole)s) >= {SAME_NAME}
    AND NOT EXISTS (SELECT FROM named) AND NOT EXISTS (SELECT FROM plain) AND NOT EXISTS (SELECT FROM near)
    AND NOT EXISTS (SELECT FROM anybody) LIMIT {AT_MOST}),
found AS MATERIALIZED (
    SELECT 0 AS place, * FROM named UNION ALL SELECT 1, * FROM plain UNION ALL SELECT 2, * FROM near
    UNION ALL SELECT 3, * FROM alike LIMIT {AT_MOST})
"""
# A name counts most, then a topic that was chosen, then the headline, the place and the text.
BEST_FIRST = f"""
likeliest AS MATERIALIZED (
    SELECT * FROM found ORDER BY place, topics && %(topics)s::bigint[] DESC, sort_key, member_id LIMIT {RANKED}),
ranked AS MATERIALIZED (
    SELECT member_id, 3 * greatest(similarity(name, %(whole)s), word_similarity(%(whole)s, name))
        + (words @@ %(whole_name)s::tsquery)::int + ts_rank(words, %(plainly)s::tsquery)
        + 0.5 * (topics && %(topics)s::bigint[])::int AS rank
    FROM likeliest),
best AS (
    SELECT member_id FROM found LEFT JOIN ranked USING (member_id)
    ORDER BY rank DESC NULLS LAST, place, sort_key, member_id)
"""
# Other orders than that of the search, by the names that addresses have for them.
ORDERS = {
    "name": "sort_key, member_id",
    "-name": "sort_key DESC, member_id DESC",
    "since": "joined_on, sort_key, member_id",
    "-since": "joined_on DESC, sort_key, member_id",
}
JOINED = "JOIN members_member ON members_member.id = member_id"
ORDERED = f"best AS (SELECT member_id FROM found {JOINED} ORDER BY {{order}})"
WITHOUT_WORDS = f"""
SELECT member_id FROM (SELECT member_id, sort_key {OF_LEVEL} AND {{narrowing}}) AS found {{join}} ORDER BY {{order}}
LIMIT %(limit)s OFFSET %(start)s
"""
# How many there are in all, and of each value.
TALLIES = """
SELECT CASE grouping(country_id, languages, takes_requests)
        WHEN 3 THEN 'country' WHEN 5 THEN 'languages' WHEN 6 THEN 'open' ELSE 'all' END,
    coalesce(country_id::text, array_to_string(languages, ' '), takes_requests::int::text, ''), count(*)
FROM {source} GROUP BY GROUPING SETS ((country_id), (languages), (takes_requests), ())
UNION ALL SELECT 'topic', topic::text, count(*) FROM {source}, unnest(topics) AS topic GROUP BY topic
"""
IN_ORDER = " UNION ALL SELECT 'ids', array_to_string(ARRAY(SELECT member_id FROM best), ' '), 0"
# The planner does not know that reading the words of a row costs more than reading the row; true for this question.
PLANNED = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; "
Tallies = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Found:
    """Members whom an audience may find by a text and by filters (the parameters of NARROWINGS), to be paged through.

    Filters and words look at what that audience sees of each member and at nothing else.
    """

    level: Audience
    text: str
    filters: Mapping[str, Any]
    order: str = ""  # of ORDERS; "" is best match first, or by name where there are no words

    def count(self) -> int:
        return self._tallies["all"].get("", 0)

    @property
    def is_cut_off(self) -> bool:
        """There may be more whom the words find."""
        return bool(self._asked.words) and self.count() == AT_MOST

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, some: slice) -> "Some":
        return Some(self.ids(some.start or 0, some.stop))

    def members(self) -> MemberQuerySet:
        """All of them, in no order."""
        return Member.objects.filter(pk__in=self.ids())

    def ids(self, start: int = 0, stop: int | None = None) -> list[int]:
        """Of the members, in order."""
        if self.text.strip():
            return self._by_words[1][start:stop]
        join = JOINED if self.order.endswith("since") else ""
        question = WITHOUT_WORDS.replace("{join}", join).replace("{order}", ORDERS[self.order or "name"])
        return [row[0] for row in self._rows(question, start=start, limit=None if stop is None else stop - start)]

    def tally(self, name: str) -> Mapping[str, int]:
        """How many each value of a filter would leave under the words and the other filters.

        Regions are counted by their countries.
        """
        if name not in self.filters:
            return self._tallies["country" if name == "region" else name]
        others = {other: value for other, value in self.filters.items() if other != name}
        return replace(self, filters=others).tally(name)

    @cached_property
    def _asked(self) -> asked.Asked:
        return asked.read(self.text)

    @property
    def _tallies(self) -> Tallies:
        """Without words they are the same for all of an audience until somebody publishes something."""
        if self.text.strip():
            return self._by_words[0]
        return once_a_change(f"tallies-{self.level}-{sorted(self.filters.items())}", self._without_words)

    def _without_words(self) -> Tallies:
        source = f"(SELECT * {OF_LEVEL} AND {{narrowing}}) AS found"
        return _tallied(self._rows(TALLIES.format(source=source)))

    @cached_property
    def _by_words(self) -> tuple[Tallies, list[int]]:
        """Nobody is found by signs that make no word."""
        if not self._asked.words:
            return _tallied([]), []
        *rows, (_ids, ids, _none) = self._rows(
            f"WITH {FOUND}, {BEST_FIRST} {TALLIES.format(source='found')} {IN_ORDER}"
        )
        return _tallied(rows), [int(pk) for pk in ids.split()]

    def _rows(self, question: str, **more: Any) -> list[tuple[Any, ...]]:
        narrowing = " AND ".join([NARROWINGS[name] for name in self.filters] or ["TRUE"])
        with connection.cursor() as cursor:
            parameters = {"level": self.level, **self.filters, **self._asked.parameters, **more}
            cursor.execute(PLANNED + question.format(narrowing=narrowing), parameters)
            cursor.nextset()
            cursor.nextset()
            return cursor.fetchall()


class Some(Sequence[Member]):
    """A page of those found. The members are asked for, with what a list of people shows, once one is looked at."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, place: Any) -> Any:
        return self._members[place]

    @cached_property
    def _members(self) -> list[Member]:
        by_id = Member.objects.with_faces().in_bulk(self.ids)
        return [by_id[pk] for pk in self.ids if pk in by_id]


def _tallied(rows: Iterable[tuple[str, str, int]]) -> Tallies:
    tallies: Tallies = {name: {} for name in ("all", "country", "language", "open", "topic")}
    for name, value, number in rows:
        if name == "languages":
            for language in value.split():
                tallies["language"][language] = tallies["language"].get(language, 0) + number
        else:
            tallies[name][value] = number
    return tallies
