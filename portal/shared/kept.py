"""Small things that are the same until content changes, kept by each process under the content version."""

from collections.abc import Callable
from typing import TypeVar

from portal.shared import version

Value = TypeVar("Value")
AT_MOST = 2000  # things; a process that keeps more begins anew
_kept: dict[str, tuple[bytes, object]] = {}


def once_a_change(name: str, make: Callable[[], Value]) -> Value:
    """What `make` gave when it was first asked after the last publishing change."""
    mark = version.current()
    if mark is None:
        return make()
    found = _kept.get(name)
    if found is None or found[0] != mark:
        if len(_kept) >= AT_MOST:
            _kept.clear()
        found = _kept[name] = (mark, make())
    return found[1]  # type: ignore[return-value]
