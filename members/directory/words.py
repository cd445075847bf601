"""Expressions of PostgreSQL by which members are found; all are immutable, so that they can be stored and indexed."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, TextField

CONFIGURATIONS = ("english", "french", "spanish")


class Joined(Func):
    """Several texts or vectors, one after the other."""

    template = "(%(expressions)s)"
    arg_joiner = " || "


class WordForms(Func):
    """The words of a column: as they stand, and their stems in each language, with accents and without."""

    template = (
        "setweight(to_tsvector('simple', portal_unaccent(%(expressions)s))"
        " || to_tsvector('english', portal_unaccent(%(expressions)s))"
        " || to_tsvector('french', %(expressions)s) || to_tsvector('french', portal_unaccent(%(expressions)s))"
        " || to_tsvector('spanish', %(expressions)s) || to_tsvector('spanish', portal_unaccent(%(expressions)s))"
        ", '%(weight)s')"
    )
    output_field = SearchVectorField()

    def __init__(self, column: Any, weight: str = "A", **extra: Any) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, weight=weight, **extra)


class Plain(Func):
    """Columns as one text in lower case without accents, in which words of nearly these letters are looked for."""

    template = "portal_unaccent(lower(%(expressions)s))"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Spoken(Func):
    """An array of words as one text."""

    template = "array_to_string(%(expressions)s, ' ')"
    output_field = TextField()
