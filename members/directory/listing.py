"""What of each member can be searched, counted and listed, by audience: the directory as a table of its own.

The database itself keeps it true (the triggers of migration 0014), whoever changes a member, an account or topics.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from members.directory.models import Member
from members.directory.parts import Audience

LEVELS = (Audience.EVERYONE, Audience.MEMBERS)  # coordinators look for people in what members see


def of_level(index: Any, level: Audience, name: str, **more: Any) -> Any:
    """An index over the rows of one audience alone, each half the size."""
    return index(condition=models.Q(level=level.value), name=f"listing_{name}_{level.value}", **more)


class Listing(models.Model):
    """One member as one audience may find them; there is no row where that audience may not see the profile.

    Columns hold nothing that the audience does not see. `words` has, beside the words and their stems, signs of which
    no typed word can be made: `@` before the words of the name, `#7` for topic 7, `~` before a word with one letter
    left out, `=` before the whole name without spaces. The writing of it is in SQL:
    members/migrations/0012_search_words_by_audience.py and 0014_listings_at_once.py.
    """

    member = models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="listings"
    )  # the migration makes the constraint, with ON DELETE CASCADE
    level = models.PositiveSmallIntegerField(choices=Audience)
    sort_key = models.TextField()
    name = models.TextField()
    words = SearchVectorField()
    country_id = models.BigIntegerField(null=True)
    languages = ArrayField(models.TextField())
    topics = ArrayField(models.BigIntegerField())
    takes_requests = models.BooleanField()

    objects: models.Manager[Listing] = models.Manager()

    class Meta:
        indexes = [
            # members.directory.search: words; names that are nearly so; filters; everybody by name
            *(of_level(GinIndex, level, "words", fields=["words"]) for level in LEVELS),
            *(of_level(GinIndex, level, "names", fields=["name"], opclasses=["gin_trgm_ops"]) for level in LEVELS),
            *(of_level(GinIndex, level, "topics", fields=["topics"]) for level in LEVELS),
            *(of_level(models.Index, level, "country", fields=["country_id", "sort_key"]) for level in LEVELS),
            *(of_level(models.Index, level, "order", fields=["sort_key", "member"]) for level in LEVELS),
        ]
        constraints = [
            models.UniqueConstraint(fields=["member", "level"], name="listing_once_an_audience"),
            models.CheckConstraint(name="listing_has_level", condition=models.Q(level__in=LEVELS)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_level_display()})"
