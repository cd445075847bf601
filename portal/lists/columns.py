"""Which column of a list holds what: known by its name in English, French or Spanish, or said by whoever brings it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.group.models import fold
from portal.lists.cells import Kind
from portal.lists.files import Form, form_of, records

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HEAD_WITHIN = 10  # rows: some lists begin with a title
SHOWN = 5  # rows of the preview


@dataclass(frozen=True)
class Column:
    """Something a list may tell about a person, and the names that its column goes by."""

    name: str
    label: StrOrPromise
    known_as: tuple[str, ...]
    kind: Kind = Kind.WORDS
    longest: int = 200


EMAIL = Column(
    "email",
    _("E-mail address"),
    (
        "e-mail", "email", "e-mail address", "email address", "mail", "e-mail 1 - value", "primary email",
        "courriel", "adresse e-mail", "adresse email", "adresse électronique", "adresse courriel", "adresse mail",
        "mél",
        "correo", "correo electrónico", "dirección de correo", "dirección electrónica",
        "dirección de correo electrónico",
    ),
    Kind.ADDRESS,
    400,
)  # fmt: skip
NAME = Column(
    "name",
    _("Whole name"),
    (
        "name", "full name", "display name", "member", "member name", "nom", "nom complet", "nom et prénom",
        "prénom et nom", "membre", "nombre", "nombre completo", "nombre y apellidos", "nombre y apellido", "miembro",
    ),
    Kind.NAME,
    150,
)  # fmt: skip
GIVEN = Column(
    "given", _("First name"), ("first name", "given name", "forename", "prénom", "nombre de pila"), Kind.NAME, 80
)
FAMILY = Column(
    "family",
    _("Last name"),
    ("last name", "surname", "family name", "nom de famille", "apellido", "apellidos"),
    Kind.NAME,
    80,
)
LANGUAGE = Column(
    "language", _("Language"), ("language", "preferred language", "langue", "idioma", "lengua", "lang"), longest=40
)
PEOPLE = (EMAIL, NAME, GIVEN, FAMILY, LANGUAGE)


@dataclass(frozen=True)
class Layout:
    """A file of rows: how it is written, the names of its columns, and its first rows.

    `head` is the number of the row of names, 0 where there is none.
    """

    form: Form
    head: int
    headings: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]


def layout_of(file: IO[bytes], columns: Iterable[Column] = PEOPLE) -> Layout:
    """How this list is laid out. Raises ListError for what is no list."""
    form = form_of(file)
    first = list(islice(records(file, form), HEAD_WITHIN + SHOWN))
    head = _head(first[:HEAD_WITHIN], columns)
    names = next((cells for number, cells in first if number == head), [])
    following = [tuple(cells) for number, cells in first if number > head and any(cell.strip() for cell in cells)]
    width = len(_without_blank_end(names)) or max((len(_without_blank_end(cells)) for cells in following), default=0)
    headings = tuple(name.strip() for name in names[:width]) or ("",) * width
    return Layout(form, head, headings, tuple(following[:SHOWN]))


def guess(layout: Layout, columns: Sequence[Column] = PEOPLE) -> dict[str, int]:
    """For each column that is found, its place in a row, from 0."""
    keys = [_key(name) for name in layout.headings]
    found: dict[str, int] = {}
    for column in columns:
        names = [_key(name) for name in column.known_as]
        places = [place for name in names for place, key in enumerate(keys) if key == name]
        free = [place for place in places if place not in found.values()]
        if free:
            found[column.name] = free[0]
    _tell_names_apart(found)
    if EMAIL.name not in found and (place := _place_of_addresses(layout)) is not None:
        found = {name: taken for name, taken in found.items() if taken != place} | {EMAIL.name: place}
    return found


def mapped(layout: Layout, columns: Sequence[Column], chosen: Mapping[str, int]) -> dict[str, int]:
    """The guess, with what somebody chose on top; -1 means that the list does not have this."""
    places = {**guess(layout, columns), **chosen}
    return {name: place for name, place in places.items() if 0 <= place < len(layout.headings)}


def _head(rows: list[tuple[int, list[str]]], columns: Iterable[Column]) -> int:
    """The row that names a column of addresses; else the first with words, unless an address stands in it."""
    addresses = {_key(name) for column in columns if column.kind is Kind.ADDRESS for name in column.known_as}
    for number, cells in rows:
        if addresses & {_key(cell) for cell in cells}:
            return number
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            return 0 if any("@" in cell for cell in cells) else number
    return 0


def _tell_names_apart(found: dict[str, int]) -> None:
    """ "Nom" beside "Prénom" is the last name, "Nombre" beside "Apellidos" the first."""
    if NAME.name not in found:
        return
    if GIVEN.name in found and FAMILY.name not in found:
        found[FAMILY.name] = found.pop(NAME.name)
    elif FAMILY.name in found and GIVEN.name not in found:
        found[GIVEN.name] = found.pop(NAME.name)


def _place_of_addresses(layout: Layout) -> int | None:
    counts = [sum("@" in cell for row in layout.sample for cell in row[place : place + 1])
              for place in range(len(layout.headings))]  # fmt: skip
    return counts.index(max(counts)) if any(counts) else None


def _without_blank_end(cells: list[str] | tuple[str, ...]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _key(name: str) -> str:
    """What two spellings of a column's name have in common: letters and digits, lower case, without accents."""
    return "".join(sign for sign in fold(name) if sign.isalnum())
