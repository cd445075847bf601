"""Where the members of a list are: on a map and in a table, each country and region a link that narrows the list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.directory.filters import BY_NAME, COUNTRIES, Choice, Option
from members.directory.states import State
from portal.maps.drawing import Frame, Mark, Pin, around, draw, draw_brief
from portal.maps.outlines import is_large
from portal.shared.kept import once_a_change

REGIONS = BY_NAME["region"].names


@dataclass(frozen=True)
class Step:
    """One step of the way from the whole world to where the reader is; the last has no address."""

    name: str
    label: str
    address: str


@dataclass(frozen=True)
class Row:
    """A line of the table: a region or a country, with an address that narrows to it, or takes it back."""

    code: str
    name: str
    count: int
    address: str
    is_region: bool = False
    is_chosen: bool = False

    @property
    def as_html(self) -> str:
        kind = ' class="is-region"' if self.is_region else ""
        here = ' aria-current="true"' if self.is_chosen else ""
        return (
            f'<tr{kind}><th scope="row"><a id="row-{escape(self.code)}" href="{escape(self.address)}"{here}>'
            f"{escape(self.name)}</a></th><td>{self.count}</td></tr>"
        )


class Places:
    """The map beside a list. It counts what the filters count, and asks the database for nothing."""

    def __init__(self, state: State, choices: Iterable[Choice]) -> None:
        self._state = state
        self._offered = {choice.filter.name: choice for choice in choices}
        self._words: dict[int, str] = {}

    @cached_property
    def region(self) -> str:
        """The region that fills the map: the one that is chosen, or that of the country that is; "" for the world."""
        chosen = self._state.wish.values
        if "region" in chosen or "country" not in chosen:
            return chosen.get("region", "")
        return self._region_of[chosen["country"]]

    @cached_property
    def _region_of(self) -> Mapping[str, str]:
        return once_a_change("regions-of-countries", _regions_of_countries)

    @property
    def is_world(self) -> bool:
        return not self.region

    @property
    def is_everywhere(self) -> bool:
        """Whether there is no way back, since nothing is chosen."""
        return len(self.trail) == 1

    @property
    def is_brief(self) -> bool:
        """Whether the world stands beside the list, where its regions alone are links, to keep the page small."""
        return self.is_world and self._state.view != "map"

    @property
    def title(self) -> str:
        if self.is_brief:
            return _("Members by region, on a map of the world. A table has the same figures.")
        if self.is_world:
            return _("Members by region and country, on a map of the world. A table has the same figures.")
        name = REGIONS()[self.region]
        return _("Members by country: %(region)s. A table has the same figures.") % {"region": name}

    @property
    def drawing(self) -> str:
        if self.is_brief:
            return draw_brief(self.title, {row.value: row.count for row in self._shown}, self._pins)
        if self.is_world:
            return draw(self.title, self._marks, self._pins)
        return draw(self.title, self._marks, (), self._frame)

    @property
    def _marks(self) -> list[Mark]:
        return [
            Mark(row.value, row.count, self._said(row), self._to_country(row.value), row.value == self._chosen)
            for row in self._shown
        ]

    @property
    def _pins(self) -> list[Pin]:
        address = self._state.addresses("region")
        return [
            Pin(row.value, _codes(row.value), row.count, self._said(row), address(row.value))
            for row in self._offered["region"].options
            if row.count
        ]

    @property
    def _frame(self) -> Frame:
        """The countries of the region; far islands only where somebody lives."""
        shown = {country.value for country in self._shown}
        return around(code for code in _codes(self.region) if code in shown or is_large(code))

    @property
    def _chosen(self) -> str:
        return self._state.wish.values.get("country", "")

    @cached_property
    def _shown(self) -> Sequence[Option]:
        """The countries with members; of the region that fills the map, where one does."""
        found = [row for row in self._offered["country"].options if row.count or row.value == self._chosen]
        return found if self.is_world else [row for row in found if self._region_of[row.value] == self.region]

    @property
    def trail(self) -> list[Step]:
        """From the whole world to the country that is chosen."""
        steps = [Step("world", _("Whole world"), self._state.address(region="", country=""))]
        if self.region:
            name = str(REGIONS()[self.region])
            steps.append(Step(self.region, name, self._state.address(region=self.region, country="")))
        if self._chosen:
            steps.append(Step("", str(COUNTRIES()[self._chosen]), ""))
        return steps

    @property
    def large_address(self) -> str:
        """Where every country has a line and a link."""
        return self._state.address(view="map")

    @property
    def lines(self) -> SafeString:
        """The body of the table. The large one has hundreds of rows, for which a template takes long."""
        return SafeString("".join(row.as_html for row in self.rows))

    @property
    def rows(self) -> list[Row]:
        """The figures of the map: each region, with its countries below unless it is brief."""
        by_region: dict[str, list[Option]] = {}
        for country in self._shown:
            by_region.setdefault(self._region_of[country.value], []).append(country)
        order = [slug for slug in REGIONS() if slug in by_region]
        return [row for slug in order for row in self._with_countries(slug, by_region[slug])]

    def _with_countries(self, region: str, countries: Sequence[Option]) -> Iterable[Row]:
        count, name = sum(country.count for country in countries), str(REGIONS()[region])
        is_here = region == self.region
        address = self._state.address(region="" if is_here else region, country="")
        yield Row(region, name, count, address, is_region=True, is_chosen=is_here)
        if not self.is_brief:
            yield from map(self._row, countries)

    def _row(self, country: Option) -> Row:
        address, is_chosen = self._to_country(country.value), country.value == self._chosen
        return Row(country.value, country.name, country.count, address, is_chosen=is_chosen)

    def _to_country(self, code: str) -> str:
        """Where this country is chosen, or taken back if it is."""
        return self._state.address(country="") if code == self._chosen else self._address_of_country(code)

    @cached_property
    def _address_of_country(self) -> Callable[[str], str]:
        return self._state.addresses("country")

    def _said(self, option: Option) -> str:
        """The words are looked up once for each number."""
        words = self._words.get(option.count)
        if words is None:
            words = ngettext("%(place)s: %(count)s member", "%(place)s: %(count)s members", option.count)
            self._words[option.count] = words
        return words % {"place": option.name, "count": option.count}


def _regions_of_countries() -> dict[str, str]:
    """The address word of the region of each country."""
    slugs = {row.pk: slug for slug, row in REGIONS().items()}
    return {code: slugs[country.region_id] for code, country in COUNTRIES().items()}


def _codes(region: str) -> tuple[str, ...]:
    """The countries of a region."""
    region_of = once_a_change("regions-of-countries", _regions_of_countries)
    return once_a_change(
        f"countries-of-{region}", lambda: tuple(code for code in region_of if region_of[code] == region)
    )
