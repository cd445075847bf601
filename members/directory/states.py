"""The list of members as an address asks for it: who, in which view, in which order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.directory import search
from members.directory.filters import FILTERS, Choice, Wish
from members.directory.parts import Audience

VIEWS = {"list": _("List"), "table": _("Table"), "map": _("Map")}
FIRST = "list"
PARAMETERS = ("q", *(one.name for one in FILTERS), "view", "sort")  # as they stand in an address


@dataclass(frozen=True)
class Way:
    """A way to another state of the list."""

    name: str | Promise
    address: str
    is_here: bool = False


@dataclass(frozen=True)
class Column:
    """The head of a column that the table can be ordered by: `order` is what it says to a screen reader now."""

    name: str | Promise
    address: str
    order: str = ""


@dataclass(frozen=True)
class State:
    """A wish with a view and an order; anything else that an address says is left out."""

    wish: Wish
    view: str = FIRST
    order: str = ""  # "" is the order of the search: best match first, by name where there are no words

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "State":
        view, order = parameters.get("view", ""), parameters.get("sort", "")
        return cls(Wish.of(parameters), view if view in VIEWS else FIRST, order if order in search.ORDERS else "")

    def found(self, level: Audience) -> search.Found:
        """Whom words and filters leave of those whom this audience may see, in the order that was asked for."""
        return replace(self.wish.found(level), order=self.order)

    @property
    def _stated(self) -> dict[str, str]:
        view = "" if self.view == FIRST else self.view
        return {"q": self.wish.q, **self.wish.values, "view": view, "sort": self.order}

    def address(self, **changes: str) -> str:
        """The query of the address with these parameters changed, or left out where they are empty."""
        stated = {**self._stated, **changes}
        return "?" + urlencode([(name, value) for name in PARAMETERS if (value := stated.get(name))])

    def addresses(self, name: str) -> Callable[[str], str]:
        """The address for each of many values of a parameter, which are plain words."""
        stated = {**self._stated, name: "*"}
        before, after = (
            urlencode([(one, value) for one in some if (value := stated.get(one))])
            for some in (PARAMETERS[: PARAMETERS.index(name)], PARAMETERS[PARAMETERS.index(name) + 1 :])
        )
        begun, ended = f"?{before}&{name}=" if before else f"?{name}=", f"&{after}" if after else ""
        return lambda value: f"{begun}{value}{ended}"

    @property
    def kept(self) -> dict[str, str]:
        """What a form of words and filters carries along."""
        return {name: value for name in ("view", "sort") if (value := self._stated[name])}

    @property
    def file_address(self) -> str:
        """What the address of a file adds: the same members, in the same order."""
        return self.address(view="").removesuffix("?")

    @property
    def views(self) -> list[Way]:
        return [
            Way(label, self.address(view="" if name == FIRST else name), name == self.view)
            for name, label in VIEWS.items()
        ]

    @property
    def by_name(self) -> Column:
        return self._column(_("Name"), "name", is_so=not (self.order or self.wish.q))

    @property
    def by_time(self) -> Column:
        return self._column(_("Member since"), "since")

    def _column(self, label: str | Promise, name: str, *, is_so: bool = False) -> Column:
        """Pressed once, a column goes up; pressed again, down."""
        if self.order == name or is_so:
            return Column(label, self.address(sort=f"-{name}"), "ascending")
        return Column(label, self.address(sort=name), "descending" if self.order == f"-{name}" else "")

    def chips(self, choices: Iterable[Choice]) -> list[Way]:
        """What narrows the list now, each with the address where it is taken back."""
        words = [Way(f"“{self.wish.q}”", self.address(q=""))] if self.wish.q else []
        chosen = [
            Way(choice.chosen.name, self.address(**{choice.filter.name: ""})) for choice in choices if choice.chosen
        ]
        return [*words, *chosen]
