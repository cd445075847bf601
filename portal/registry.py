"""How floors see each other: small typed hooks that apps register in `AppConfig.ready()`.

A lower floor's page shows what a higher floor knows by asking its hook; no app asks whether another exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Item = TypeVar("Item")


class Hook(Generic[Item]):
    """An ordered list of what apps gave. Lower `order` comes first; equal orders keep the order of registration."""

    def __init__(self) -> None:
        self._items: list[tuple[int, Item]] = []

    def register(self, item: Item, *, order: int = 100) -> Item:
        self._items.append((order, item))
        self._items.sort(key=lambda pair: pair[0])
        return item

    def __iter__(self) -> Iterator[Item]:
        return (item for _, item in self._items)


class Viewer(Protocol):
    """Who looks: a `User` or Django's `AnonymousUser`."""

    @property
    def is_authenticated(self) -> Any: ...

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class Panel:
    """A part of another room's page: a template, what it needs, and the moment at which it says something else."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True)
class DeskItem:
    """A queue on the coordinators' desk. `oldest_at` is the moment since which the oldest entry waits."""

    title: str
    url: str
    count: int
    permission: str
    hint: str = ""
    oldest_at: datetime | None = None
    late_after_days: int = 3


@dataclass(frozen=True)
class NextThing:
    """The next small thing a person could do. `minutes` is a guess of how long it takes."""

    title: str
    url: str
    action: str
    minutes: int


@dataclass(frozen=True)
class MailKind:
    """A kind of mail that people did not ask for one by one, and may switch off on their preferences page."""

    name: str
    title: StrOrPromise
    description: StrOrPromise


@dataclass(frozen=True)
class MergeRule:
    """How rows follow their person when two accounts become one.

    `relations` are the foreign keys to the account, or to the member, that the rule answers for: "app.Model.field".
    `follow(keep, gone, by)` leaves none of their rows with the account that goes. Without it, they are simply pointed
    at the one that stays.
    """

    relations: tuple[str, ...]
    follow: Callable[[Any, Any, Any], None] | None = None


@dataclass(frozen=True)
class Milestone:
    """Something that members do for the first time, by which recruitment is measured.

    `reached(accounts)` gives those among these accounts' ids who have done it.
    """

    name: str
    title: StrOrPromise
    reached: Callable[[Iterable[int]], Iterable[int]]


@dataclass(frozen=True)
class Grant:
    """Rights of a staff group: model names of one app, with Django's verbs (view, add, change, delete)."""

    group: str
    app_label: str
    model: str
    verbs: tuple[str, ...]


event_panels: Hook[Callable[[Any, Viewer], Panel | None]] = Hook()
member_panels: Hook[Callable[[Any, Viewer], Panel | None]] = Hook()
me_panels: Hook[Callable[[Viewer], Panel | None]] = Hook()
home_panels: Hook[Callable[[Viewer], Panel | None]] = Hook()
desk_items: Hook[Callable[[], Iterable[DeskItem]]] = Hook()
next_things: Hook[Callable[[Viewer], Iterable[NextThing]]] = Hook()
grants: Hook[Grant] = Hook()
merge_rules: Hook[MergeRule] = Hook()
mail_kinds: Hook[MailKind] = Hook()
milestones: Hook[Milestone] = Hook()


def panels(hook: Iterable[Callable[..., Panel | None]], *about: Any) -> list[Panel]:
    """The panels that have something to show about a row, for a viewer."""
    return [panel for give in hook if (panel := give(*about)) is not None]
