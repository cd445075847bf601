"""Small things that are the same until content changes, kept by each process under the content version."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from portal.shared import version

Value = TypeVar("Value")
ROOM = 8 * 2**20  # signs of text, roughly; a process that keeps more begins anew
SMALL_THING = 10_000  # what a thing that is no text counts for
LONGEST = 600  # seconds, should a publishing change ever go unheard


@dataclass(frozen=True)
class _Thing:
    version: bytes
    until: float
    value: object


class _Drawer:
    def __init__(self) -> None:
        self._things: dict[str, _Thing] = {}
        self._size = 0
        self._lock = threading.Lock()

    def take(self, name: str, mark: bytes) -> _Thing | None:
        thing = self._things.get(name)
        return thing if thing and thing.version == mark and thing.until > time.monotonic() else None

    def put(self, name: str, mark: bytes, value: object) -> None:
        size = len(value) if isinstance(value, str) else SMALL_THING
        with self._lock:
            if self._size + size > ROOM:
                self._things.clear()
                self._size = 0
            self._things[name] = _Thing(mark, time.monotonic() + LONGEST, value)
            self._size += size


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
