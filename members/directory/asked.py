"""What somebody typed into the search, as questions to the words of the listings (members.directory.listing)."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from portal.shared.kept import once_a_change

LONGEST, WORDS_AT_MOST = 100, 8  # what is read of a search
TYPO_LETTERS = range(4, 21)  # in shorter words one wrong letter makes another word
SHORT_WORD = 2  # letters, with which every other text has words that begin so
LONG_WORD = 6  # letters, from which on a mistyped word may be a beginning only
NAME_LETTERS = 60  # of the whole name, without spaces
WORD_LETTERS = 60  # of each word; without accents some signs become twenty letters, and PostgreSQL has an end
LITTLE_WORDS = frozenset(
    [*"ay", "an", "and", "de", "del", "des", "du", "el", "en", "et", "for", "in", "la", "las", "le", "les", "los", "of",
     "or", "the", "to"]
)  # fmt: skip
READ = """
SELECT members_fold(word), array_remove(
    ts_lexize('english_stem', members_fold(word))
    || ts_lexize('french_stem', word) || ts_lexize('french_stem', members_fold(word))
    || ts_lexize('spanish_stem', word) || ts_lexize('spanish_stem', members_fold(word)), '')
FROM unnest(%s::text[]) WITH ORDINALITY AS typed (word, place) ORDER BY place
"""
TOPICS = """
SELECT id, tsvector_to_array(members_forms(spoken, 'A') || array_to_tsvector(ARRAY(SELECT members_short(spoken))))
FROM (SELECT id, concat_ws(' ', name_en, name_fr, name_es, array_to_string(synonyms, ' ')) FROM portal_topic)
    AS topic (id, spoken)
"""


@dataclass(frozen=True)
class Word:
    """A word in lower case without accents, its stems in each language, and the topics that it stands for."""

    plain: str
    stems: Sequence[str]
    topics: Sequence[int] = ()

    @property
    def as_it_stands(self) -> list[str]:
        """What begins like it, what has its stem, what is about its topics. Of names alone if it is very short."""
        begun = self.plain if len(self.plain) > SHORT_WORD else f"@{self.plain}"
        return [
            _begun(begun),
            _quoted(self.plain),
            *map(_quoted, self.stems),
            *(f"'#{topic}'" for topic in self.topics),
        ]

    @property
    def in_haste(self) -> list[str]:
        """And what it was meant to be, with one letter wrong, missing or too many, or two of them swapped."""
        if len(self.plain) not in TYPO_LETTERS:
            return self.as_it_stands
        same = _begun if len(self.plain) >= LONG_WORD else _quoted
        return [*self.as_it_stands, *map(_begun, swaps(self.plain)), *map(same, neighbours(self.plain, "~"))]


@dataclass(frozen=True)
class Asked:
    """All words of a text. Each must apply; or all of them together are somebody's whole name."""

    words: Sequence[Word]
    whole: str  # with little words, which are some people's names

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statements of members.directory.search ask with."""
        names = ("whole", "topics", "named", "plainly", "nearly", "whole_name")
        return {name: getattr(self, name) for name in names} if self.words else {}

    @property
    def topics(self) -> list[int]:
        return sorted({topic for word in self.words for topic in word.topics})

    @property
    def named(self) -> str:
        """Whose name has all of them."""
        return _all_of([_begun(f"@{word.plain}")] for word in self.words)

    @property
    def plainly(self) -> str:
        return _all_of(word.as_it_stands for word in self.words)

    @property
    def nearly(self) -> str:
        return f"({_all_of(word.in_haste for word in self.words)}) | {self.whole_name}"

    @property
    def whole_name(self) -> str:
        """Whoever bears it as the whole name but for one letter, wherever the spaces stand."""
        return _any_of(map(_quoted, neighbours(self.whole.replace(" ", "")[:NAME_LETTERS], "=")))


def read(text: str) -> Asked:
    """The words of a text that was typed, without little ones where others stand beside."""
    typed = list(dict.fromkeys(_letters(unicodedata.normalize("NFC", text[:LONGEST]))))[:WORDS_AT_MOST]
    all_words = [
        Word("".join(_letters(plain))[:WORD_LETTERS], [stem[:WORD_LETTERS] for stem in stems or ()])
        for plain, stems in _folded(typed)
    ]
    words = [word for word in all_words if word.plain]
    known = once_a_change("topics-by-word", _topics_by_word)
    telling = [word for word in words if word.plain not in LITTLE_WORDS] or words
    whole = " ".join(word.plain for word in words)
    return Asked([Word(word.plain, word.stems, _topics(word, known)) for word in telling], whole)


def swaps(word: str) -> list[str]:
    """The word with each two letters beside each other swapped."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def neighbours(word: str, sign: str) -> list[str]:
    """As `members_nearly` of the database: the word, and without each one of its letters."""
    return [sign + word[:at] + word[at + 1 :] for at in range(len(word) + 1)]


def _letters(text: str) -> list[str]:
    """Runs of letters, marks and digits, in lower case."""
    return "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in text).lower().split()


def _folded(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(words)])
        return list(cursor.fetchall())


def _topics_by_word() -> Mapping[str, set[int]]:
    """Each word of the topics' names and synonyms in any language, its stems and neighbours."""
    found: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(TOPICS)
        for topic, words in cursor.fetchall():
            for word in words:
                found.setdefault(word, set()).add(topic)
    return dict(sorted(found.items()))


def _topics(word: Word, known: Mapping[str, set[int]]) -> list[int]:
    """The topics that have the word in some form, or nearly."""
    forms = [word.plain, *word.stems, *(neighbours(word.plain, "~") if len(word.plain) in TYPO_LETTERS else ())]
    meant = {topic for form in forms for topic in known.get(form, ())}
    is_long = len(word.plain) > SHORT_WORD
    return sorted(meant.union(*(_begun_so(word.plain, known) if is_long else ())))


def _begun_so(beginning: str, known: Mapping[str, set[int]]) -> Iterator[set[int]]:
    """The topics of each word that begins so; the words are in order."""
    words = once_a_change("words-of-topics", lambda: list(known))
    for word in islice(words, bisect_left(words, beginning), None):
        if not word.startswith(beginning):
            return
        yield known[word]


def _begun(word: str) -> str:
    return f"{_quoted(word)}:*"


def _quoted(word: str) -> str:
    """A word of a tsquery, whatever signs it has."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _any_of(words: Iterable[str]) -> str:
    return "(" + " | ".join(dict.fromkeys(words)) + ")"


def _all_of(words: Iterable[Iterable[str]]) -> str:
    return " & ".join(map(_any_of, words))
