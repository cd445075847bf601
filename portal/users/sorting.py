"""Names are sorted by a stored key: the embedded PostgreSQL has no ICU, and accents must not sort last."""

from typing import Any

from django.db.models import F, Func, TextField


class SortKey(Func):
    """Lower case without accents, by the immutable wrapper around `unaccent` that the first migration makes."""

    function = "portal_unaccent"
    template = "%(function)s(lower(%(expressions)s))"
    output_field = TextField()

    def __init__(self, field: str, **extra: Any) -> None:
        super().__init__(F(field), **extra)
