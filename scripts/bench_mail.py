"""The mail part of make bench: a drive to many through the real worker, and one open SMTP connection as its floor."""

import contextlib
import os
import re
import smtplib
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MANY = int(os.environ.get("BENCH_MAILS", "20000"))
OVER_ONE_LINE = 4000  # mails of the floor
ONE_TARGET, TWO_TARGET = 0.5, 1.7  # of one open connection, of one worker
MEMORY_TARGET, GROWTH = 200, 10  # MB of one worker process; MB from a quarter of the way to its end
WELCOME_TARGET = 5.0  # seconds
Say = Callable[[str, str, str, str], None]


class Sink:
    """The mail server that counts, as a process of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.line = smtplib.SMTP()

    @contextlib.contextmanager
    def running(self) -> Iterator["Sink"]:
        process = subprocess.Popen([sys.executable, "scripts/sink.py", str(self.port)])  # noqa: S603
        try:
            for _attempt in range(100):
                with contextlib.suppress(OSError):
                    self.line.connect("127.0.0.1", self.port)
                    break
                time.sleep(0.05)
            yield self
        finally:
            process.terminate()
            process.wait()

    @property
    def taken(self) -> int:
        return int(self.line.docmd("XCOUNT")[1])

    def seen(self, address: str) -> float:
        return float(self.line.docmd("XSEEN", address)[1])


@dataclass
class Watch:
    """What is looked at while mails leave: the workers' memory in MB, and how long the web server takes in seconds."""

    pid: int
    ask: Callable[[], float]
    memory: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    is_over: bool = False

    def look(self) -> None:
        while not self.is_over:
            self.memory.append(max((_proportional(pid) for pid in _pool(self.pid)), default=0))
            self.waits.append(self.ask())
            time.sleep(0.5)

    @contextlib.contextmanager
    def looking(self) -> Iterator["Watch"]:
        thread = threading.Thread(target=self.look)
        thread.start()
        try:
            yield self
        finally:
            self.is_over = True
            thread.join()


def measure(
    portal: Callable[[dict[str, str]], contextlib.AbstractContextManager[tuple[int, Callable[[], float]]]],
    variables: dict[str, str],
    sink: Sink,
    say: Say,
) -> None:
    """`portal(settings)` runs the portal with these settings and gives its process number and a way to ask a page."""
    with portal({"TASK_WORKERS": "1"}) as (pid, ask):
        time.sleep(3)
        calm = statistics.median(ask() for _ in range(20))
        line = _inside(variables, "floor", OVER_ONE_LINE)
        with Watch(pid, ask).looking() as watch:
            one, welcome = _drive(variables, sink)
    with portal({"TASK_WORKERS": "2"}) as (pid, ask):
        time.sleep(3)
        two, _welcome = _drive(variables, sink)
    say("one open connection, mails/s", "", f"{line:.0f}", "")
    say(f"drive of {MANY}, one worker", f"{one:.0f}", f"connection {line:.0f}", _verdict(one / line, ONE_TARGET))
    say(f"drive of {MANY}, two workers", f"{two:.0f}", f"one worker {one:.0f}", _verdict(two / one, TWO_TARGET))
    _say_memory(watch, say)
    late = "" if welcome <= WELCOME_TARGET else "MISSED"
    say("a welcome mail meanwhile", f"{welcome:.1f} s", f"at most {WELCOME_TARGET:g} s", late)
    wait, longest = statistics.median(watch.waits), max(watch.waits)
    say("a page meanwhile, rendered", f"{1000 * wait:.0f} ms", f"idle {1000 * calm:.0f} ms", f"longest {longest:.2f} s")


def _drive(variables: dict[str, str], sink: Sink) -> tuple[float, float]:
    """Mails a second from the start of a drive to its last mail, and the seconds that a welcome took at half-way."""
    before = sink.taken
    began = _inside(variables, "start", MANY)
    _until(lambda: sink.taken - before >= MANY // 2)
    number = before
    wrote = _inside(variables, "welcome", number)
    _until(lambda: sink.seen(f"welcome{number}@example.net") > 0)
    _until(lambda: sink.taken - before >= MANY + 1)
    return MANY / (time.monotonic() - began), sink.seen(f"welcome{number}@example.net") - wrote


def _inside(variables: dict[str, str], *words: str | int) -> float:
    command = [sys.executable, "scripts/bench_drive.py", *(str(word) for word in words)]
    done = subprocess.run(command, env=os.environ | variables, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603
    return float(done.stdout)


def _until(condition: Callable[[], bool], within: float = 600) -> None:
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            sys.exit("bench: the mails do not leave")
        time.sleep(0.1)


def _say_memory(watch: Watch, say: Say) -> None:
    early, most = watch.memory[len(watch.memory) // 4], max(watch.memory)
    is_flat = most <= MEMORY_TARGET and most - early <= GROWTH
    missed = "" if is_flat else "  MISSED"
    say("memory of the worker", f"{most} MB", f"at most {MEMORY_TARGET} MB", f"{early} MB early on{missed}")


def _pool(supervisor: int) -> list[int]:
    """The processes of Celery's pool: those whose parent is a Celery worker, too."""
    of_celery = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = folder.joinpath("cmdline").read_bytes().split(b"\0")
            parent = int(folder.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            if b"celery" in words and b"worker" in words:
                of_celery[int(folder.name)] = parent
    mine = {pid for pid, parent in of_celery.items() if parent == supervisor}
    return [pid for pid, parent in of_celery.items() if parent in mine]


def _proportional(pid: int) -> int:
    """PSS in MB; 0 for a process that has just ended."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.findall(r"^Pss:\s+(\d+)", words, re.MULTILINE)[0]) // 1024
    return 0


def _verdict(found: float, target: float) -> str:
    return f"{found:.2f} (at least {target:g}){'' if found >= target else '  MISSED'}"
