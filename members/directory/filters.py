"""What the directory can be narrowed to, and how many members each choice would leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.directory.models import MemberQuerySet
from members.directory.search import LONGEST
from portal.group.models import Country, Region, Topic, fold
from portal.group.names import Named
from portal.shared.kept import once_a_change

Names = Mapping[str, str | Named]


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    count: int


@dataclass(frozen=True)
class Filter:
    """One parameter of the address, the path to what it compares, and where the names of its values are."""

    name: str
    label: str | Promise
    path: str
    names: Callable[[], Names]

    def narrowed_to(self, value: str) -> Q:
        return Q(**{self.path: [value] if self.path.endswith("__contains") else value})

    def counts(self, members: MemberQuerySet) -> dict[str, int]:
        """How many of the members each value would leave."""
        if self.path.endswith("__contains"):
            each = {value: Count("pk", filter=self.narrowed_to(value)) for value in self.names()}
            return members.order_by().aggregate(**each)
        return dict(members.order_by().values_list(self.path).annotate(number=Count("pk")))


def _kept(name: str, model: type[Topic | Region | Country], key: str) -> Callable[[], Names]:
    return lambda: once_a_change(f"filter-{name}", lambda: {getattr(row, key): row for row in model.objects.all()})


FILTERS = (
    Filter("topic", _("Topic"), "topics__slug", _kept("topic", Topic, "slug")),
    Filter("region", _("Region"), "country__region__slug", _kept("region", Region, "slug")),
    Filter("country", _("Country"), "country__code", _kept("country", Country, "code")),
    Filter("language", _("Language"), "languages__contains", lambda: dict(settings.LANGUAGES)),
)


@dataclass(frozen=True)
class Choice:
    """A filter with what it offers now; `address` is where this one choice is taken back."""

    filter: Filter
    options: list[Option]
    chosen: Option | None
    address: str


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

    def narrowed(self, members: MemberQuerySet, without: str = "") -> MemberQuerySet:
        for one in FILTERS:
            if one.name in self.values and one.name != without:
                members = members.filter(one.narrowed_to(self.values[one.name]))
        return members

    def choices(self, found: MemberQuerySet) -> list[Choice]:
        """Each filter, counted among those whom the words and the other filters leave."""
        return [self._choice(one, one.counts(self.narrowed(found, without=one.name))) for one in FILTERS]

    def _choice(self, one: Filter, counts: Mapping[str, int]) -> Choice:
        chosen = self.values.get(one.name)
        offered = [
            Option(value, str(name), counts.get(value, 0))
            for value, name in one.names().items()
            if counts.get(value) or value == chosen
        ]
        offered.sort(key=lambda option: fold(option.name))
        mine = next((option for option in offered if option.value == chosen), None)
        return Choice(one, offered, mine, self.address(without=one.name))
