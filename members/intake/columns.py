"""What a list of members may tell of each person, and how its words are understood."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.group.models import Country, fold
from portal.lists.cells import CellError, Kind
from portal.lists.columns import LANGUAGE, PEOPLE, Column
from portal.lists.languages import language_of

COUNTRY = Column("country", gettext_lazy("Country"), ("country", "country of residence", "pays", "país", "pais"))
CITY = Column(
    "city", gettext_lazy("Town or city"), ("city", "town", "ville", "localité", "ciudad", "localidad"), longest=80
)
HEADLINE = Column(
    "headline",
    gettext_lazy("What they do"),
    ("headline", "position", "job title", "title", "role", "profession", "fonction", "poste", "cargo", "profesión"),
    longest=120,
)
BIO = Column(
    "bio", gettext_lazy("About them"), ("about", "bio", "biography", "biographie", "biografía"), Kind.TEXT, 2000
)
JOINED = Column(
    "joined_on",
    gettext_lazy("Member since"),
    ("member since", "joined", "joined on", "date joined", "membre depuis", "date d'adhésion", "adhésion",
     "miembro desde", "fecha de ingreso", "ingreso"),
)  # fmt: skip
COLUMNS = (*PEOPLE, COUNTRY, CITY, HEADLINE, BIO, JOINED)


@dataclass
class Reader:
    """Understands the words of a row; knows the countries from the database, asked once."""

    countries: dict[str, int] = field(default_factory=lambda: _countries())
    today: date = field(default_factory=timezone.localdate)

    def understood(self, values: dict[str, str]) -> tuple[dict[str, Any], list[list[str]]]:
        """The values as profiles hold them, and the problems: column and sentence."""
        readers: dict[Column, Callable[[str], Any]] = {COUNTRY: self._country, JOINED: self._day, LANGUAGE: language_of}
        found: dict[str, Any] = dict(values)
        problems = []
        for column, reader in readers.items():
            if value := values.get(column.name):
                try:
                    found[column.name] = reader(value)
                except CellError as error:
                    problems.append([str(column.label), str(error)])
        return found, problems

    def _country(self, value: str) -> int:
        if (found := self.countries.get(fold(value))) is None:
            raise CellError(
                _("“%(word)s” is no country that we know. Write its English, French or Spanish name, or its code.")
                % {"word": value[:60]}
            )
        return found

    def _day(self, value: str) -> str:
        found = _date(value)
        if found is None or found > self.today:
            raise CellError(
                _("“%(word)s” cannot be understood as a day in the past. Write it as 2019-03-31, or the year alone.")
                % {"word": value[:60]}
            )
        return found.isoformat()


def _countries() -> dict[str, int]:
    found = {}
    for country in Country.objects.all():
        for word in (country.code, country.name_en, country.name_fr, country.name_es):
            if word:
                found[fold(word)] = country.pk
    return found


def _date(value: str) -> date | None:
    """2019-03-31, 31.03.2019, 31/3/2019 where only one order makes sense, or 2019 alone."""
    parts = value.replace("/", "-").replace(".", "-").split(" ")[0].split("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 1 and len(parts[0]) == 4:
            return date(numbers[0], 1, 1)
        if len(numbers) != 3:
            return None
        if len(parts[0]) == 4:
            return date(*numbers)
        return _in_one_order(*numbers, is_dotted="." in value)
    except ValueError:
        return None


def _in_one_order(first: int, second: int, year: int, *, is_dotted: bool) -> date | None:
    """With dots the day comes first; with strokes either may, so both orders must not make a day."""
    if is_dotted or first > 12 or first == second:
        return date(year, second, first)
    return date(year, first, second) if second > 12 else None
