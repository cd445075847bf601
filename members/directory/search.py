# ruff: noqa: S608 - what is put together here are names of columns; values are parameters
"""Whom of the directory words and filters leave: best match first; accents, endings and typing errors are forgiven.

The questions are put in SQL, since the table of listings answers each in one statement: see members.directory.listing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from members.directory import asked
from members.directory.models import Member, MemberQuerySet
from members.directory.parts import Audience
from portal.shared.kept import once_a_change

FEW = 24  # people found as it was typed; with fewer, what is nearly so is found too
RANKED = 300  # of the likeliest are compared closely
SAME_NAME = 0.4  # of pg_trgm's similarity
TELLING = "member_id, sort_key, name, words, country_id, languages, topics, takes_requests"

LISTED = f"SELECT {TELLING} FROM members_listing WHERE level = %(level)s"
# Whoever the words find as they stand; where these are few, whom they nearly find; where nobody, names most alike.
FOUND = f"""
plain AS MATERIALIZED ({LISTED} AND words @@ %(plainly)s::tsquery),
near AS MATERIALIZED ({LISTED} AND words @@ %(nearly)s::tsquery AND NOT words @@ %(plainly)s::tsquery
    AND (SELECT count(*) FROM (SELECT FROM plain LIMIT {FEW}) AS few) < {FEW}),
alike AS MATERIALIZED ({LISTED} AND name %% %(whole)s AND similarity(name, %(whole)s) >= {SAME_NAME}
    AND NOT EXISTS (SELECT FROM plain) AND NOT EXISTS (SELECT FROM near)),
found AS MATERIALIZED (TABLE plain UNION ALL TABLE near UNION ALL TABLE alike)
"""
# A name counts most, then a topic that was chosen, then the headline, the place and the text.
BEST_FIRST = f"""
narrowed AS MATERIALIZED (SELECT *, (strpos(name, %(first)s) > 0)::int + (topics && %(meant)s::bigint[])::int AS likely
    FROM found WHERE {{narrowing}}),
ranked AS MATERIALIZED (
    SELECT member_id, 3 * greatest(similarity(name, %(whole)s), word_similarity(%(whole)s, name))
        + (words @@ %(name)s::tsquery)::int + ts_rank(words, %(plainly)s::tsquery)
        + 0.5 * (topics && %(meant)s::bigint[])::int AS rank
    FROM (SELECT * FROM narrowed ORDER BY likely DESC, sort_key, member_id LIMIT {RANKED}) AS likeliest)
SELECT member_id FROM narrowed LEFT JOIN ranked USING (member_id)
ORDER BY rank DESC NULLS LAST, likely DESC, sort_key, member_id
"""
BY_NAME = "SELECT member_id FROM members_listing WHERE level = %(level)s AND {narrowing} ORDER BY sort_key, member_id"

NARROWINGS = {
    "topic": "topics @> ARRAY[%(topic)s]::bigint[]",
    "region": "country_id = ANY(%(region)s::bigint[])",
    "country": "country_id = %(country)s",
    "language": "languages @> ARRAY[%(language)s]",
    "open": "takes_requests",
}
# What is counted, of which rows, and which filter its own count looks past. Regions are counted by their countries.
TALLIES = (
    ("all", "''", "", ()),
    ("topic", "topic::text", ", unnest(topics) AS topic", ("topic",)),
    ("region", "country_id::text", "", ("region",)),
    ("country", "country_id::text", "", ("country",)),
    ("language", "language", ", unnest(languages) AS language", ("language",)),
    ("open", "takes_requests::int::text", "", ("open",)),
)


@dataclass(frozen=True)
class Found:
    """Members whom an audience may find by a text and by filters (the parameters of NARROWINGS), to be paged through.

    Filters and words look at what that audience sees of each member and at nothing else.
    """

    level: Audience
    text: str
    filters: Mapping[str, Any]

    @cached_property
    def _asked(self) -> asked.Asked:
        return asked.read(self.text)

    @property
    def _is_nonsense(self) -> bool:
        """Something was typed that has no word in it."""
        return bool(self.text.strip()) and not self._asked.words

    def count(self) -> int:
        return self.tallies["all"].get("", 0)

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[Member]:
        return iter(self[:])

    def __getitem__(self, some: slice) -> list[Member]:
        """A page of them, with what a list of people shows."""
        ids = self.ids(some.start or 0, some.stop)
        by_id = Member.objects.with_faces().in_bulk(ids)
        return [by_id[pk] for pk in ids if pk in by_id]

    def members(self) -> MemberQuerySet:
        """All of them, in no order."""
        return Member.objects.filter(pk__in=self.ids())

    def ids(self, start: int = 0, stop: int | None = None) -> list[int]:
        """Of the members, best match first; by name where there are no words."""
        if self._is_nonsense:
            return []
        question = f"WITH {FOUND}, {BEST_FIRST}" if self._asked.words else BY_NAME
        limit = {"start": start, "limit": None if stop is None else stop - start}
        rows = self._rows(question.format(narrowing=self._narrowing()) + " LIMIT %(limit)s OFFSET %(start)s", **limit)
        return [row[0] for row in rows]

    @cached_property
    def tallies(self) -> Mapping[str, Mapping[str, int]]:
        """How many there are in all, and how many each value of a filter would leave under the others.

        Without words they are the same for everybody of the audience until somebody publishes something.
        """
        if self._is_nonsense:
            return {name: {} for name, *_ in TALLIES}
        if self._asked.words:
            return self._counted()
        return once_a_change(f"tallies-{self.level}-{sorted(self.filters.items())}", self._counted)

    def _counted(self) -> Mapping[str, Mapping[str, int]]:
        source = "found" if self._asked.words else "members_listing"
        level = "TRUE" if self._asked.words else "level = %(level)s"
        each = [
            f"SELECT '{name}', {value}, count(*) FROM {source}{more}"
            f" WHERE {level} AND {self._narrowing(past)} GROUP BY 2"
            for name, value, more, past in TALLIES
        ]
        tallies: dict[str, dict[str, int]] = {name: {} for name, *_ in TALLIES}
        question = " UNION ALL ".join(each)
        for name, value, number in self._rows(f"WITH {FOUND} {question}" if self._asked.words else question):
            tallies[name][value] = number
        return tallies

    def _narrowing(self, past: Iterable[str] = ()) -> str:
        return " AND ".join(["TRUE", *(NARROWINGS[name] for name in self.filters if name not in past)])

    def _rows(self, question: str, **more: Any) -> list[tuple[Any, ...]]:
        words = self._asked
        named = {"level": self.level, "whole": words.whole, "meant": words.topics, **self.filters, **more}
        if words.words:
            queries = {"plainly": words.plainly, "nearly": words.nearly, "name": words.name}
            named |= queries | {"first": words.words[0].plain}
        with connection.cursor() as cursor:
            cursor.execute(question, named)
            return cursor.fetchall()
