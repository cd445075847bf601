"""Run a command with a database and a broker of its own: python -m portal.embedded [--data-dir D] -- COMMAND…"""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from portal.embedded import ServiceError, places, programs
from portal.embedded.broker import Broker
from portal.embedded.database import Database
from portal.embedded.lock import DataLock
from portal.embedded.supervisor import supervised
from portal.embedded.tether import tie

SLOTS = 16  # scratch folders, so that several test runs of one clone do not meet
OWN = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="keep the data here; without it, a scratch folder is used again")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = _hold(stack, given.data_dir)
        database, broker = Database(folder, durable=False), Broker(folder, durable=False)
        stack.enter_context(supervised(database, broker))
        own = {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
        return _run(given.command, {"DATA_DIR": str(folder / "files")} | os.environ | own)


def _hold(stack: ExitStack, data_dir: Path | None) -> Path:
    """Lock the folder that was asked for, or the first scratch folder that nobody else is using."""
    if data_dir is not None:
        stack.enter_context(DataLock(data_dir.resolve()))
        return data_dir.resolve()
    scratch = places.make_data_dir(programs.home(places.default_data_dir(OWN)) / "scratch")
    for number in range(1, SLOTS):
        try:
            stack.enter_context(DataLock(scratch / str(number)))
        except ServiceError:
            continue
        return (scratch / str(number)).resolve()
    raise ServiceError(f"All {SLOTS} scratch folders in {scratch} are in use.")


def _run(command: list[str], environ: dict[str, str]) -> int:
    """Run it in our own group, so that the terminal's Ctrl-C reaches it; what else would end us, ends it first."""
    us = os.getpid()
    process = subprocess.Popen(command, env=environ, preexec_fn=lambda: tie(signal.SIGKILL, us))  # noqa: S603
    signal.signal(signal.SIGINT, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda sent, _: process.send_signal(sent))
    code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServiceError as error:
        sys.exit(f"portal.embedded: {error}")
