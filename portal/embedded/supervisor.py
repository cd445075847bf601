"""Starts processes in order, watches them, shows what they say, and stops them in the opposite order."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from portal.embedded import ServiceError, processes
from portal.embedded.processes import Program

COLOURS = {"database": 34, "broker": 35, "web": 32, "worker": 36, "beat": 33}
HEALTHY = 10.0  # seconds a process must live for its death to count as a new trouble
TRIES = 5  # fast deaths in a row before we give up
READY_PATIENCE = 60.0  # seconds


class Service(Protocol):
    """A database or broker: a program, and a question whether it answers yet."""

    def program(self) -> Program: ...

    def is_ready(self) -> bool: ...


@dataclass
class Child:
    """A running program and its history."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    is_service: bool = False
    failures: int = 0
    restart_at: float | None = None
    rest: bytes = field(default=b"", repr=False)


class Supervisor:
    """Owns every process it starts. Use as a context manager: leaving it stops them all, in whatever way one leaves."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.outputs = selectors.DefaultSelector()
        self.waker, waker = os.pipe()
        os.set_blocking(self.waker, False)
        os.set_blocking(waker, False)
        self.outputs.register(self.waker, selectors.EVENT_READ)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the loop
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._stop([child for child in self.children if not child.is_service])
        for child in reversed([child for child in self.children if child.is_service]):
            self._stop([child])

    def start(self, program: Program) -> Child:
        child = Child(program, processes.start(program), time.monotonic())
        self.children.append(child)
        self._listen(child)
        return child

    def start_service(self, service: Service) -> None:
        """Start it and wait until it answers; ServiceError where it ends or stays silent."""
        child = self.start(service.program())
        child.is_service = True
        deadline = time.monotonic() + READY_PATIENCE
        while not service.is_ready():
            if child.process.poll() is not None or time.monotonic() > deadline:
                raise ServiceError(f"The {child.program.name} did not start; see {child.program.log}.")
            time.sleep(0.02)

    def watch(self, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Pass output on and restart what dies, until a signal comes or one process keeps dying.

        Calls `announce` once, when `ready` first says yes.
        """
        announced = False
        while True:
            self._pass_on(timeout=0.1 if not announced else self._pause())
            self._revive()
            if not announced and ready():
                announced = True
                announce()

    def _pause(self) -> float:
        due = [child.restart_at for child in self.children if child.restart_at is not None]
        return max(0.0, min([5.0, *(at - time.monotonic() for at in due)]))

    def _listen(self, child: Child) -> None:
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self.outputs.register(child.process.stdout, selectors.EVENT_READ, child)

    def _pass_on(self, timeout: float) -> None:
        for key, _ in self.outputs.select(timeout):
            if key.data is None:
                os.read(self.waker, 4096)
            else:
                self._read(key.data)

    def _read(self, child: Child) -> bool:
        """Show what it has written by now; says whether more may come."""
        stream = child.process.stdout
        if stream is None or stream.closed:
            return False
        try:
            data = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:
            self.outputs.unregister(stream)
            stream.close()
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            say(child.program.name, line.decode(errors="replace"))
        return bool(data)

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.restart_at is not None and now >= child.restart_at:
                child.process = processes.start(child.program)
                child.started, child.restart_at = now, None
                self._listen(child)
            elif child.restart_at is None and child.process.poll() is not None:
                self._mourn(child, now)

    def _mourn(self, child: Child, now: float) -> None:
        """A process ended unasked: end the rest of its group, and start it again a little later each time."""
        processes.kill_group(child.process.pid)
        self._read_rest(child)
        child.failures = 1 if now - child.started > HEALTHY else child.failures + 1
        code, name = child.process.returncode, child.program.name
        if child.failures >= TRIES:
            raise ServiceError(f"The {name} process ended {TRIES} times in a row, last with code {code}: giving up.")
        pause = 0.5 * 2 ** (child.failures - 1)  # seconds
        say(name, f"ended with code {code}; starting again in {pause:g} s")
        child.restart_at = now + pause

    def _stop(self, children: list[Child]) -> None:
        """Ask all of them, then wait for each, so that together they take as long as the slowest."""
        began = time.monotonic()
        for child in children:
            child.process.send_signal(child.program.stop_signal)
        for child in children:
            while child.process.poll() is None and time.monotonic() - began < child.program.patience:
                self._pass_on(timeout=0.05)
            processes.kill_group(child.process.pid)
            child.process.wait()
            self._read_rest(child)

    def _read_rest(self, child: Child) -> None:
        while self._read(child):
            pass
        if child.process.stdout is not None and not child.process.stdout.closed:
            self.outputs.unregister(child.process.stdout)
            child.process.stdout.close()


@contextmanager
def supervised(*services: Service) -> Iterator[Supervisor]:
    """A supervisor with these services running and answering."""
    with Supervisor() as supervisor:
        for service in services:
            supervisor.start_service(service)
        yield supervisor


def say(name: str, line: str) -> None:
    """One line of output under the name of the process that wrote it, coloured on a terminal."""
    label = f"{name:<8} |"
    if sys.stdout.isatty():
        label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
    print(label, line, flush=True)  # noqa: T201 - this is what a supervisor is for


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave by the exits that Python has, so that everything started is stopped; later signals change nothing."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(0)
