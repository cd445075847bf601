"""What the directory can be narrowed to, and how many members each choice would leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.directory.asked import LONGEST
from members.directory.parts import Audience
from members.directory.search import Found
from portal.group.models import Country, Region, Topic, fold
from portal.shared.kept import once_a_change

Names = Mapping[str, Any]  # of each value what is shown for it
Row = TypeVar("Row", Topic, Region, Country)


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    count: int


@dataclass(frozen=True)
class Filter:
    """One parameter of the address, and where the names of its values are."""

    name: str
    label: str | Promise
    names: Callable[[], Names]
    is_switch: bool = False  # it has one value and is on or off

    def looked_for(self, value: str) -> Any:
        """What stands in the listings of those whom the value leaves."""
        row = self.names()[value]
        if isinstance(row, Region):
            return [country.pk for country in COUNTRIES().values() if country.region_id == row.pk]
        return row.pk if isinstance(row, Model) else value

    def counts(self, tally: Mapping[str, int]) -> dict[str, int]:
        """How many each value would leave, from what is counted by what stands in the listings."""
        signs = once_a_change(f"filter-{self.name}-signs", self._signs) if tally else {}
        return {value: sum(tally.get(one, 0) for one in wanted) for value, wanted in signs.items()}

    def _signs(self) -> dict[str, list[str]]:
        looked_for = {value: self.looked_for(value) for value in self.names()}
        return {
            value: [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
            for value, wanted in looked_for.items()
        }

    def in_order(self) -> list[tuple[str, str]]:
        """Values with their names in the reader's language, by name."""
        return once_a_change(
            f"filter-{self.name}-{get_language()}",
            lambda: sorted(((value, str(name)) for value, name in self.names().items()), key=lambda one: fold(one[1])),
        )


def _kept(name: str, model: type[Row], key: str) -> Callable[[], dict[str, Row]]:
    return lambda: once_a_change(f"filter-{name}", lambda: {getattr(row, key): row for row in model.objects.all()})


COUNTRIES = _kept("country", Country, "code")
FILTERS = (
    Filter("topic", _("Topic"), _kept("topic", Topic, "slug")),
    Filter("region", _("Region"), _kept("region", Region, "slug")),
    Filter("country", _("Country"), COUNTRIES),
    Filter("language", _("Language"), lambda: dict(settings.LANGUAGES)),
    Filter("open", _("Requests"), lambda: {"1": _("Open to requests")}, is_switch=True),
)
BY_NAME = {one.name: one for one in FILTERS}


@dataclass(frozen=True)
class Choice:
    """A filter with what it offers now; `address` is where this one choice is taken back."""

    filter: Filter
    options: list[Option]
    chosen: Option | None
    address: str

    @property
    def as_html(self) -> SafeString:
        """The options of a select. There are hundreds, for which a template takes twenty times as long."""
        return SafeString("".join(map(self._option, self.options)))

    def _option(self, one: Option) -> str:
        chosen = " selected" if one == self.chosen else ""
        return f'<option value="{escape(one.value)}"{chosen}>{escape(one.name)} ({one.count})</option>'


@dataclass(frozen=True)
class Wish:
    """What the address asks for: words, and of each filter one value that there is; anything else is left out."""

    q: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Wish":
        asked = {one.name: parameters.get(one.name, "") for one in FILTERS}
        known = {one.name: asked[one.name] for one in FILTERS if asked[one.name] in one.names()}
        return cls(" ".join(parameters.get("q", "")[:LONGEST].split()), known)

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.values)

    def address(self, without: str = "") -> str:
        """The query of the address, each state in one way."""
        stated = {"q": self.q, **self.values}
        return "?" + urlencode({name: value for name, value in stated.items() if value and name != without})

    @property
    def without_words(self) -> str:
        return self.address(without="q")

    def found(self, level: Audience) -> Found:
        """Whom it leaves of the members whom this audience may see."""
        looked_for = {name: BY_NAME[name].looked_for(value) for name, value in self.values.items()}
        return Found(min(level, Audience.MEMBERS), self.q, looked_for)

    def choices(self, found: Found) -> list[Choice]:
        """Each filter, counted among those whom the words and the other filters leave."""
        return [self._choice(one, one.counts(found.tally(one.name))) for one in FILTERS]

    def _choice(self, one: Filter, counts: Mapping[str, int]) -> Choice:
        chosen = self.values.get(one.name)
        offered = [
            Option(value, name, counts.get(value, 0))
            for value, name in one.in_order()
            if counts.get(value) or value == chosen
        ]
        mine = next((option for option in offered if option.value == chosen), None)
        return Choice(one, offered, mine, self.address(without=one.name))
