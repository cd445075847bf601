"""One owner for a data folder at a time. The kernel drops the lock when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.embedded import ServiceError, places


class DataLock:
    """Holds a data folder for this process; raises ServiceError where another one has it.

    `is_inherited` says that the one before did not end by itself: what it started may still be ending.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = places.make_data_dir(data_dir) / "lock"
        self.handle: int | None = None
        self.is_inherited = False

    def __enter__(self) -> Self:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise ServiceError(f"The data in {self.path.parent} is in use by process {self._holder()}.") from None
        self.is_inherited = os.fstat(handle).st_size > 0
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self.handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.handle is not None:
            os.truncate(self.handle, 0)
            os.close(self.handle)
            self.handle = None

    def _holder(self) -> str:
        return self.path.read_text().strip() or "that is just starting"
