"""Where the embedded services keep data, secrets and sockets: all known with nothing running."""

import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

LONGEST_SOCKET = 100  # bytes; the kernel allows 107 and the name must still be found by every client
LONGEST_NAME = len("/.s.PGSQL.5432")


def fingerprint(path: Path) -> str:
    """Ten hex digits that stand for one folder, so that two clones never share."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:10]


def default_data_dir(base_dir: Path) -> Path:
    """`.local` in the clone; for root a folder that `nobody`, who runs the database, can enter."""
    if os.geteuid() == 0:
        return Path("/var/lib") / f"learning-portal-{fingerprint(base_dir)}"
    return base_dir / ".local"


def make_data_dir(data_dir: Path) -> Path:
    """Create the folder, private to us; root lets others pass through it, for the database's own account."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    return data_dir


def socket_dir(data_dir: Path) -> Path:
    """The folder of the sockets: `run` in the data folder, or one below /tmp where that would be too long."""
    folder = data_dir / "run"
    if len(os.fsencode(folder)) + LONGEST_NAME <= LONGEST_SOCKET:
        return folder
    return Path("/tmp") / f"learning-portal-{os.geteuid()}-{fingerprint(data_dir)}"  # noqa: S108 - see own_folder


def own_folder(folder: Path, owner: int | None = None) -> Path:
    """Make sure the folder exists, is a real folder of ours (or of `owner`) and is closed to everyone else.

    Raises PermissionError where someone else made it first: names below /tmp can be guessed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), owner}:
        raise PermissionError(f"{folder} belongs to someone else")
    if owner is not None:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
    return folder


def kept_secret(data_dir: Path, name: str) -> str:
    """A random secret of 300 bits, made on first use, kept in the data folder, for its owner alone."""
    path = make_data_dir(data_dir) / name
    if not path.exists():
        _create_once(path, secrets.token_urlsafe(38))
    return path.read_text().strip()


def _create_once(path: Path, text: str) -> None:
    """Write the whole file or none; where two processes race, the first one's text stays."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
