"""Who in the directory answers to some words: best match first; accents, endings and typing errors are forgiven."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity, TrigramWordSimilarity
from django.db import connection
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import Greatest

from members.directory.models import Member, MemberQuerySet
from members.directory.words import CONFIGURATIONS, Joined, Plain, Spoken, WordForms
from portal.group.models import Topic
from portal.users.models import User

LONGEST, WORDS_AT_MOST = 100, 6  # what is read of a search
TYPO_LETTERS = range(4, 21)  # in shorter words one wrong letter makes another word
SAME_NAME = 0.45  # of pg_trgm's similarity: "wanjiru kmaande" is like "wanjiru kamande" (0.6)
LITTLE_WORDS = frozenset(
    [*"ay", "an", "and", "de", "del", "des", "du", "el", "en", "et", "for", "in", "la", "las", "le", "les", "los", "of",
     "or", "the", "to"]
)  # fmt: skip
TOPIC_WORDS = ("name_en", "name_fr", "name_es", Spoken("synonyms"))


@dataclass(frozen=True)
class Word:
    """A word as it was typed, and in lower case without accents; the topics that it stands for."""

    typed: str
    plain: str
    topics: Sequence[int] = ()

    @property
    def may_be_mistyped(self) -> bool:
        return len(self.plain) in TYPO_LETTERS

    @property
    def swapped(self) -> list[str]:
        """The word, and what was meant if two letters beside each other changed places."""
        word = self.plain
        places = range(len(word) - 1) if self.may_be_mistyped else ()
        return [word, *(word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places)]

    @property
    def forms(self) -> Any:
        """What begins like it, and what has its stem in one of the languages."""
        beginning = " | ".join(f"'{word}':*" for word in self.swapped)
        stems = [
            SearchQuery(word, config=language)
            for word in dict.fromkeys([self.plain, self.typed])
            for language in CONFIGURATIONS
        ]
        return reduce(or_, stems, SearchQuery(beginning, config="simple", search_type="raw"))

    @property
    def nearly(self) -> Q:
        """Where a word of the annotation `text` has nearly the same letters."""
        return Q(text__trigram_word_similar=self.plain) if self.may_be_mistyped else Q(pk__in=[])

    @property
    def names(self) -> Q:
        """Accounts that have it in their name, or begin a name with it but for one letter."""
        found = Q(sort_key__contains=self.plain)
        if not self.may_be_mistyped:
            return found
        word, places = self.plain, range(1, len(self.plain))
        wrong = [f"{word[:at]}.?{word[at + 1 :]}" for at in places]
        missing = [f"{word[:at]}.{word[at:]}" for at in places]
        return found | Q(sort_key__regex=rf"\m({'|'.join([*self.swapped, *wrong, *missing])})")

    @property
    def members(self) -> Q:
        """Each part by itself can use its own index."""
        found = Q(user__in=User.objects.order_by().filter(self.names).values("pk"))
        found |= Q(pk__in=Member.objects.order_by().filter(words=self.forms).values("pk"))
        texts = Member.objects.order_by().alias(text=Plain("headline", "city"))
        found |= Q(pk__in=texts.filter(self.nearly).values("pk"))
        return found | self.of_topics if self.topics else found

    @property
    def of_topics(self) -> Q:
        return Q(pk__in=Member.topics.through.objects.filter(topic__in=self.topics).values("member_id"))


def matching(members: MemberQuerySet, text: str) -> MemberQuerySet:
    """Those of the members to whom all words of the text apply, best match first; everybody where it has no words."""
    words = read(text)
    if not words:
        return members.by_name() if not text.strip() else members.none()
    whole = " ".join(word.plain for word in words)
    named = User.objects.order_by().filter(sort_key__trigram_similar=whole)
    named = named.alias(likeness=TrigramSimilarity("sort_key", whole)).filter(likeness__gte=SAME_NAME)
    applies = Q()
    for word in words:
        applies &= word.members
    found = members.filter(applies | Q(user__in=named.values("pk")))
    once = members.filter(pk__in=list(found.order_by().values_list("pk", flat=True)))  # the filters count among them
    return once.alias(rank=_rank(words, whole)).order_by("-rank", "user__sort_key", "pk")


def _rank(words: Sequence[Word], whole: str) -> Any:
    """A name counts most, then a topic that was chosen, then the headline, the city and the text."""
    name = Greatest(TrigramSimilarity("user__sort_key", whole), TrigramWordSimilarity(whole, "user__sort_key"))
    rank = Value(3.0) * name + SearchRank(F("words"), reduce(or_, [word.forms for word in words]))
    for word in words:
        if word.topics:
            rank += Case(When(word.of_topics, then=Value(0.5)), default=Value(0.0), output_field=FloatField())
    return rank


def read(text: str) -> list[Word]:
    """The words of a text that was typed, without little ones where others stand beside."""
    typed = list(dict.fromkeys(_letters(unicodedata.normalize("NFC", text[:LONGEST]))))
    typed = [word for word in typed if word not in LITTLE_WORDS] or typed
    words = [Word(*pair) for pair in _without_accents(typed[:WORDS_AT_MOST])]
    return _with_topics([word for word in words if word.plain])


def _letters(text: str) -> list[str]:
    """Runs of letters, marks and digits, in lower case."""
    return "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in text).lower().split()


def _without_accents(words: Sequence[str]) -> list[tuple[str, str]]:
    """Each with itself as the sort keys of names are written."""
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, portal_unaccent(lower(word)) FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place)"
            " ORDER BY place",
            [list(words)],
        )
        return [(word, "".join(_letters(plain))) for word, plain in cursor.fetchall()]


def _with_topics(words: list[Word]) -> list[Word]:
    """The topics whose name or synonym, in any language, has the word in some form, or nearly."""
    if not words:
        return []
    topics = Topic.objects.order_by().alias(text=Plain(*TOPIC_WORDS), forms=Joined(*map(WordForms, TOPIC_WORDS)))
    meant = {
        f"means_{number}": Case(When(Q(forms=word.forms) | word.nearly, then=Value(True)), default=Value(False))
        for number, word in enumerate(words)
    }
    rows = topics.annotate(**meant).values_list("pk", *meant)
    return [
        Word(word.typed, word.plain, tuple(row[0] for row in rows if row[number]))
        for number, word in enumerate(words, start=1)
    ]
