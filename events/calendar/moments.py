"""From a local day and clock time to a moment in the world, computed by the database and so never out of step."""

from typing import Any

from django.db.models import DateTimeField, F, Func


class LocalMoment(Func):
    """`day` at `time` in the IANA zone `zone`; without a time the day's beginning, or its end with `or_end`.

    PostgreSQL counts timezone(text, timestamp) as immutable, which generated columns need.
    """

    output_field = DateTimeField()

    def __init__(self, day: str, time: str, zone: str, *, or_end: bool = False, **extra: Any) -> None:
        super().__init__(F(zone), F(day), F(time), **extra)
        self.extra["default"] = "24:00" if or_end else "00:00"
        self.template = "timezone(%(zone)s, %(day)s + COALESCE(%(time)s, TIME '%(default)s'))"

    # as Func, without the options of a call that has a template of its own
    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        parts, params = [], []
        for expression in self.source_expressions:
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        words = dict(zip(("zone", "day", "time"), parts, strict=True))
        return self.template % {**words, "default": self.extra["default"]}, tuple(params)
