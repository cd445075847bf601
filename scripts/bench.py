"""make bench: one table of start time, memory, requests and mails a second, each beside its floor of the same run."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import bench_mail
import psycopg

from portal import environment
from portal.embedded import processes, stack

SECONDS = os.environ.get("BENCH_SECONDS", "4")  # of each measurement
CONNECTIONS = "8"
HTTP_MEMBERS, MANY_MEMBERS = 1000, int(os.environ.get("BENCH_MEMBERS", "100000"))
SEARCHES = ["Babajide Afolabi", "Babajide Afoalbi", "mangrove", "open space"]  # a name, mistyped; a word; a topic
SEARCH_TARGET, DATABASE_TARGET = 200, 60  # requests a second, milliseconds
PAGES = {"home": "/", "events": "/events/", "members": "/members/"}
START_TARGET, MEMORY_TARGET = 8.0, 600  # seconds, MB
FRESH_TARGET, SHARED_TARGET = 0.6, 0.5  # of the bare list, of the empty view
FLOOR = """
CREATE TABLE bench_floor AS SELECT id, 'Learning in the field, part ' || id AS title, repeat('people who learn ', 15) AS
summary, now() + id * interval '1 day' AS starts_at FROM generate_series(1, 50) AS id
"""


@dataclass(frozen=True)
class Portal:
    """A portal of our own, with its settings."""

    settings: environment.Environment
    variables: dict[str, str]

    @property
    def url(self) -> str:
        return self.settings.base_url

    @contextlib.contextmanager
    def running(self) -> Iterator[tuple[float, int]]:
        """The seconds from the command to the first 200, and the supervisor's process number."""
        began = time.monotonic()
        command = [sys.executable, "manage.py", "up"]
        process = subprocess.Popen(command, env=os.environ | self.variables, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            while not stack.is_serving(self.settings):
                if process.poll() is not None:
                    sys.exit("bench: the portal did not start")
                time.sleep(0.02)
            yield time.monotonic() - began, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def main() -> None:
    if "mail" in sys.argv[1:]:
        return _mail()
    if "members" in sys.argv[1:]:
        return _members()
    with _portal() as portal:
        with portal.running():
            pass
        with portal.running() as (start, pid):
            time.sleep(8)
            memory = _memory(pid)
            say("", "found", "floor or target", "share")
            say("second start to first 200", f"{start:.1f} s", f"at most {START_TARGET:g} s", "")
            say("memory of all processes, idle", f"{memory} MB", f"at most {MEMORY_TARGET} MB", "")
            _requests(portal)
    return _mail()


def _mail() -> None:
    """Without the demo, whose mails stay on the machine."""
    sink = bench_mail.Sink(_free_port())
    rates = {"MAIL_RATE": "1000000", "MAIL_DOMAIN_RATE": "1000000"}
    with sink.running(), _portal(EMAIL_URL=f"smtp://127.0.0.1:{sink.port}", **rates) as portal:

        @contextlib.contextmanager
        def run(changes: dict[str, str]) -> Iterator[tuple[int, Callable[[], float]]]:
            with replace(portal, variables=portal.variables | changes).running() as (_start, pid):
                yield pid, lambda: _seconds(portal, "/events/?fresh=1")

        bench_mail.measure(run, portal.variables, sink, say)


def _members() -> None:
    """Searches and filters: a thousand members over HTTP, and many in the database."""
    say("", "found", "floor or target", "share")
    with _portal(DEMO="1", WEB_WORKERS="2") as portal, portal.running():
        address = environment.embedded_database_url(portal.settings.data_dir)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(FLOOR)
        _inside_members(portal, "fill", 1)
        few = _inside_members(portal, "ask", 1)["queries"]
        _inside_members(portal, "fill", HTTP_MEMBERS)
        with _floors(portal, address) as floors:
            bare = _rate(f"{floors}/list/")
        say("a bare list of 50 rows", "", f"{bare:.0f}", "")
        rendered = _rate(f"{portal.url}/members/?fresh=1")
        say("members, rendered", f"{rendered:.0f}", f"list {bare:.0f}", _share(rendered / bare, FRESH_TARGET))
        for q in SEARCHES:
            found = _rate(f"{portal.url}/members/?{urlencode({'q': q})}")
            say(
                f"search “{q}”, a second",
                f"{found:.0f}",
                f"at least {SEARCH_TARGET}",
                f"{found / bare:.2f}{'' if found >= SEARCH_TARGET else '  MISSED'}",
            )
        _inside_members(portal, "fill", MANY_MEMBERS)
        many = _inside_members(portal, "ask", MANY_MEMBERS)
    key = f"by key {many['key'][0]:g}/{many['key'][1]:g}"
    for name in ("searches", "filters"):
        half, most = many[name]
        verdict = f"p95 {most / many['key'][1]:.0f} look-ups{'' if most <= DATABASE_TARGET else '  MISSED'}"
        say(f"{name} of {MANY_MEMBERS}, p50/p95 ms", f"{half:g}/{most:g}", key, verdict)
        queries = many["queries"][name]
        say(f"queries of {name}", f"{queries}", f"for one {few[name]}", "" if queries == few[name] else "MISSED")


def _inside_members(portal: Portal, *words: str | int) -> Any:
    command = [sys.executable, "scripts/bench_members.py", *(str(word) for word in words)]
    done = subprocess.run(command, env=os.environ | portal.variables | {"DATA_DIR": str(portal.settings.data_dir)},  # noqa: S603
                          stdout=subprocess.PIPE, check=True, text=True)  # fmt: skip
    return json.loads(done.stdout)


def _seconds(portal: Portal, path: str) -> float:
    began = time.monotonic()
    _ask(portal, path).read()
    return time.monotonic() - began


@contextlib.contextmanager
def _portal(**own: str) -> Iterator[Portal]:
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o711)
    try:
        kind = own or {"DEMO": "1"}
        variables = {"DATA_DIR": str(folder / "data"), "PORT": str(_free_port()), **kind}
        yield Portal(environment.read(variables), variables)
    finally:
        shutil.rmtree(folder)


def _requests(portal: Portal) -> None:
    address = environment.embedded_database_url(portal.settings.data_dir)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(FLOOR)
    with _floors(portal, address) as floors:
        empty, bare = _rate(f"{floors}/empty/"), _rate(f"{floors}/list/")
        say("an empty view, requests/s", "", f"{empty:.0f}", "")
        say("a bare list of 50 rows", "", f"{bare:.0f}", "")
    for name, path in (PAGES | {"an event": _event(portal)}).items():
        fresh = _rate(f"{portal.url}{path}?fresh=1")
        shared = _rate(f"{portal.url}{path}")
        unchanged = _rate(f"{portal.url}{path}", _etag(portal, path))
        say(f"{name}, rendered", f"{fresh:.0f}", f"list {bare:.0f}", _share(fresh / bare, FRESH_TARGET))
        say(f"{name}, shared", f"{shared:.0f}", f"empty {empty:.0f}", _share(shared / empty, SHARED_TARGET))
        say(f"{name}, 304", f"{unchanged:.0f}", f"empty {empty:.0f}", _share(unchanged / empty, SHARED_TARGET))


@contextlib.contextmanager
def _floors(portal: Portal, address: str) -> Iterator[str]:
    """The floors under the same server with the same settings, on a port of their own."""
    settings = replace(portal.settings, port=_free_port())
    program = stack.web(settings)
    own = os.environ | {"DATABASE_URL": address, "PYTHONPATH": os.pathsep.join([".", "scripts"])}
    program = replace(program, args=[*program.args[:-1], "floors:application"], environ=own, log=Path(os.devnull))
    process = processes.start(program)
    try:
        while not _answers(settings.port):
            time.sleep(0.05)
        yield f"http://localhost:{settings.port}"
    finally:
        process.send_signal(program.stop_signal)
        process.wait()


def _rate(url: str, etag: str = "") -> float:
    """Requests a second, after a moment to warm up; ends the run where anything but 2xx and 3xx came back."""
    words = ["-H", f"If-None-Match: {etag}"] if etag else []
    for seconds in ("1", SECONDS):
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", *words, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in said:
        sys.exit(f"bench: {url} answered with errors\n{said}")
    return float(re.findall(r"Requests/sec:\s*([\d.]+)", said)[0])


def _ask(portal: Portal, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", portal.settings.port, timeout=10)
    connection.request("GET", path, headers={"Host": f"localhost:{portal.settings.port}"})
    return connection.getresponse()


def _etag(portal: Portal, path: str) -> str:
    return _ask(portal, path).getheader("ETag") or sys.exit(f"bench: {path} has no ETag")


def _event(portal: Portal) -> str:
    """The address of one event, found on the page of all."""
    found = re.findall(r'<h3><a href="(/events/[\w-]+/)"', _ask(portal, "/events/").read().decode())
    return found[0] if found else sys.exit("bench: the page of events names none")


def _memory(root: int) -> int:
    """The proportional set size of a process and all its descendants, in MB."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int(folder.joinpath("stat").read_text().rpartition(")")[2].split()[1])
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(_proportional(pid) for pid in family) // 1024


def _proportional(pid: int) -> int:
    """In kB."""
    words = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+)", words, re.MULTILINE)[0])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _share(found: float, target: float) -> str:
    return f"{found:.2f} (at least {target:g}){'' if found >= target else '  MISSED'}"


def say(name: str, found: str, floor: str, share: str) -> None:
    print(f"{name:<32}{found:>10}  {floor:<18}{share}".rstrip(), flush=True)  # noqa: T201 - the table is the result


if __name__ == "__main__":
    main()
