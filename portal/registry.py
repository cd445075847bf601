"""How floors see each other: small typed hooks that apps register in `AppConfig.ready()`.

A lower floor's page shows what a higher floor knows by asking its hook; no app asks whether another exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile
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


def _no_files(_user: Any) -> Iterable[tuple[str, FieldFile]]:
    return ()


@dataclass(frozen=True)
class ExportPart:
    """What a room holds on a person, as it goes into the copy of their data: one file of JSON, and files beside it.

    `relations` are the relations to the account, the member or the contact whose rows it gives: "app.Model.field".
    `give(user)` is the person's own rows as plain data; `files(user)` are names with files of any storage.
    """

    name: str
    title: StrOrPromise
    relations: tuple[str, ...]
    give: Callable[[Any], Any]
    files: Callable[[Any], Iterable[tuple[str, FieldFile]]] = _no_files


@dataclass(frozen=True)
class Consequence:
    """What the end of an account does to something of the person's. With a reason it stays, without one it goes.

    What `is_signed` bears the person's name, which may stay with it.
    """

    words: StrOrPromise
    why: StrOrPromise = ""
    is_signed: bool = False


@dataclass(frozen=True)
class LeaveRule:
    """What a room does when somebody deletes their account.

    `relations` are those it answers for, as in an `ExportPart`. `tell(user)` says beforehand what will happen, of
    what is there; `leave(user, byline)` does it, inside the deletion's transaction: `byline` is the name under which
    published work stays, empty for "a former member".
    """

    relations: tuple[str, ...]
    leave: Callable[[Any, str], None]
    tell: Callable[[Any], Iterable[Consequence]] = lambda _user: ()


@dataclass(frozen=True)
class Consent:
    """Something a person agreed to. `withdraw` takes it back; where only another page can, `url` leads there."""

    key: str
    title: StrOrPromise
    since: datetime | None
    text: str = ""
    hint: StrOrPromise = ""
    url: str = ""
    withdraw: Callable[[], None] | None = None

    @property
    def can_be_withdrawn(self) -> bool:
        """For templates, which would call what `withdraw` holds."""
        return self.withdraw is not None


@dataclass(frozen=True)
class RetentionRule:
    """How long something is kept, and what happens then.

    `due(now)` counts what is over its time; `run(now, limit)` ends at most so many of them, in transactions of its
    own, and says how many those were. Run twice at once it does no more than once.
    """

    name: str
    title: StrOrPromise
    kept: StrOrPromise
    then: StrOrPromise
    due: Callable[[datetime], int]
    run: Callable[[datetime, int], int]


@dataclass(frozen=True)
class Waiting:
    """Something a person handed in that lies with somebody else since then."""

    title: StrOrPromise
    url: str
    since: datetime
    with_whom: StrOrPromise


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
export_parts: Hook[ExportPart] = Hook()
leave_rules: Hook[LeaveRule] = Hook()
consents: Hook[Callable[[Any], Iterable[Consent]]] = Hook()
retention_rules: Hook[RetentionRule] = Hook()
waiting: Hook[Callable[[Viewer], Iterable[Waiting]]] = Hook()


def panels(hook: Iterable[Callable[..., Panel | None]], *about: Any) -> list[Panel]:
    """The panels that have something to show about a row, for a viewer."""
    return [panel for give in hook if (panel := give(*about)) is not None]
