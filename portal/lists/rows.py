"""Each row of a list: what it tells about a person, or what is wrong with it, by row and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from portal.lists.cells import CellError, Kind, address, check, cleaned
from portal.lists.columns import EMAIL, FAMILY, GIVEN, NAME, PEOPLE, Column, Layout
from portal.lists.files import records


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, in one sentence; `column` is empty where it is the row as a whole."""

    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Row:
    """A row by its number in the list, with what it tells; good only without problems."""

    number: int
    values: dict[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.problems


@dataclass
class Checker:
    """Checks one row after the other and remembers whose address stood where, in a few bytes each."""

    columns: Sequence[Column] = PEOPLE
    _seen: dict[int, int] = field(default_factory=dict)

    def row(self, number: int, cells: Mapping[str, str], *, too_many: str = "") -> Row:
        """The row with these cells, by their column's name."""
        values: dict[str, str] = {}
        problems = [Problem(number, "", too_many)] if too_many else []
        for column in self.columns:
            value = cleaned(cells.get(column.name, ""))
            try:
                check(value, column.kind, column.longest)
                values |= self._told(column, value)
            except CellError as error:
                values[column.name] = value[: column.longest]
                problems.append(Problem(number, str(column.label), str(error)))
        return Row(number, _named(values), (*problems, *self._address_problems(number, values, problems)))

    def _told(self, column: Column, value: str) -> dict[str, str]:
        if column.kind is not Kind.ADDRESS or not value:
            return {column.name: value} if value else {}
        name, kept = address(value)
        check(name, Kind.NAME, NAME.longest)
        return {column.name: kept, "said": name}

    def _address_problems(self, number: int, values: Mapping[str, str], found: list[Problem]) -> Iterator[Problem]:
        if EMAIL.name not in values:
            yield Problem(number, str(EMAIL.label), _("There is no e-mail address in this row."))
        elif all(problem.column != str(EMAIL.label) for problem in found):
            first = self._seen.setdefault(hash(values[EMAIL.name]), number)
            if first != number:
                words = _("The same address stands in row %(row)s already.") % {"row": first}
                yield Problem(number, str(EMAIL.label), words)


def read(
    file: IO[bytes], layout: Layout, places: Mapping[str, int], columns: Sequence[Column] = PEOPLE
) -> Iterator[Row]:
    """The rows under the row of names, one at a time; empty ones are passed over. Raises ListError as `records`."""
    checker, width = Checker(columns), len(layout.headings)
    for number, cells in records(file, layout.form):
        if number <= layout.head or not any(cell.strip() for cell in cells):
            continue
        told = {name: cells[place] for name, place in places.items() if place < len(cells)}
        yield checker.row(number, told, too_many=_surplus(cells, width))


def _surplus(cells: list[str], width: int) -> str:
    """Spreadsheets leave empty cells at the end of a row; anything else beyond the last column is a mistake."""
    if not any(cell.strip() for cell in cells[width:]):
        return ""
    return _(
        "This row has %(cells)s cells, but the list has %(width)s columns: a separator inside a cell needs “quotes”."
    ) % {"cells": len(cells), "width": width}


def _named(values: Mapping[str, str]) -> dict[str, str]:
    """First and last name as one, and the name before an address in angle brackets where no other is told."""
    whole = " ".join(filter(None, [values.get(GIVEN.name), values.get(FAMILY.name)]))
    name = values.get(NAME.name) or whole or values.get("said", "")
    kept = {key: value for key, value in values.items() if key not in {GIVEN.name, FAMILY.name, NAME.name, "said"}}
    return {**kept, NAME.name: name} if name else kept
