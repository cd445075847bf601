"""Processes of ours: each in a group of its own, tied to us, stopped within a bound, seen off after a crash."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.embedded import ServiceError
from portal.embedded.tether import tie

KILL_PATIENCE = 5.0  # seconds that a killed group may take to disappear


@dataclass(frozen=True)
class Account:
    """Who a program runs as, where that is not who we are."""

    user: int
    group: int


@dataclass(frozen=True)
class Program:
    """A process to be started, and how it is to be stopped.

    `patience` is how long, in seconds, it may take after `stop_signal` before its whole group is killed.
    `death_signal` is what the kernel sends it when we die without a word. Output goes to the end of `log` or,
    without one, to a pipe that the supervisor reads.
    """

    name: str
    args: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    patience: float = 10.0
    account: Account | None = None
    log: Path | None = None
    directory: Path | None = None


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start it in a session of its own. Call from the main thread: the tie lasts as long as the thread."""
    us = os.getpid()

    def tie_to_us() -> None:
        tie(program.death_signal, us)

    with _output(program) as output:
        return subprocess.Popen(  # noqa: S603 - the arguments are ours
            program.args,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=program.environ,
            cwd=program.directory,
            start_new_session=True,
            preexec_fn=tie_to_us,  # safe here: no thread of ours runs while we fork
            **_identity(program.account),
        )


def _output(program: Program) -> contextlib.AbstractContextManager[Any]:
    if program.log is None:
        return contextlib.nullcontext(subprocess.PIPE)
    return program.log.open("ab")


def _identity(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.user, "group": account.group, "extra_groups": []}


def run(program: Program, text: str = "") -> None:
    """Run it to its end with `text` as its input; ServiceError with the last words of one that failed."""
    done = subprocess.run(  # noqa: S603 - the arguments are ours
        program.args,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=program.environ,
        cwd=program.directory,
        start_new_session=True,
        preexec_fn=lambda: tie(signal.SIGKILL),
        **_identity(program.account),
    )
    if done.returncode:
        words = " ".join(done.stdout.split())[-600:]
        raise ServiceError(f"{program.name} failed with code {done.returncode}: {words}")


def kill_group(group: int) -> None:
    """Kill every process of a group and wait until none is left; a group that is gone is no error."""
    deadline = time.monotonic() + KILL_PATIENCE
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < deadline:
            os.killpg(group, signal.SIGKILL)
            time.sleep(0.01)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-group, os.WNOHANG)


def settle(pid_file: Path, sign: str, patience: float = 20.0) -> None:
    """See off what an earlier run left: wait for the process that `pid_file` names, then kill it.

    It counts only while `sign` is on its command line: numbers of processes are used again.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    deadline = time.monotonic() + patience
    while _runs(pid, sign):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _runs(pid: int, sign: str) -> bool:
    try:
        return os.fsencode(sign) in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return False
