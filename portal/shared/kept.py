"""Small things that are the same until content changes, kept by each process under the content version."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from portal.shared import version

Key = TypeVar("Key")
Value = TypeVar("Value")
ROOM = 16 * 2**20  # signs of text, roughly; a process that keeps more begins anew
SMALL_THING = 10_000  # what a thing that is no text counts for
LONGEST = 600  # seconds, should a publishing change ever go unheard


@dataclass(frozen=True)
class _Thing:
    version: bytes
    until: float
    value: object

    @property
    def size(self) -> int:
        return len(self.value) if isinstance(self.value, str) else SMALL_THING


class _Drawer:
    def __init__(self) -> None:
        self._things: dict[str, _Thing] = {}
        self._size = 0
        self._lock = threading.Lock()

    def take(self, name: str, mark: bytes) -> _Thing | None:
        thing = self._things.get(name)
        return thing if thing and thing.version == mark and thing.until > time.monotonic() else None

    def put(self, name: str, mark: bytes, value: object) -> None:
        thing = _Thing(mark, time.monotonic() + LONGEST, value)
        with self._lock:
            if old := self._things.pop(name, None):
                self._size -= old.size
            if self._size + thing.size > ROOM:
                self._things.clear()
                self._size = 0
            self._things[name] = thing
            self._size += thing.size


_drawer = _Drawer()


def once_a_change(name: str, make: Callable[[], Value]) -> Value:
    """What `make` gave when it was first asked after the last publishing change."""
    mark = version.current()
    if mark is None:
        return make()
    thing = _drawer.take(name, mark)
    if thing is not None:
        return thing.value  # type: ignore[return-value]
    value = make()
    _drawer.put(name, mark, value)
    return value


def each_once_a_change(
    name: str, keys: Sequence[Key], make: Callable[[list[Key]], Mapping[Key, Value]]
) -> dict[Key, Value]:
    """For each key what `make` gave for it; it is asked at once for all that are missing, and may leave some out."""
    mark = version.current()
    if mark is None:
        return dict(make(list(keys))) if keys else {}
    kept = {key: thing for key in keys if (thing := _drawer.take(f"{name}-{key}", mark))}
    found: dict[Key, Value] = {key: thing.value for key, thing in kept.items()}  # type: ignore[misc]
    missing = [key for key in keys if key not in found]
    made = make(missing) if missing else {}
    for key, value in made.items():
        _drawer.put(f"{name}-{key}", mark, value)
    return {**found, **made}
