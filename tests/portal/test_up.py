"""The whole portal as processes: started, stopped, killed, refused. Nothing here touches the tests' own database."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import programs
from portal.environment import BASE_DIR, embedded_database_url

pytestmark = pytest.mark.stack
PATIENCE = 90  # seconds for a first start on a busy machine
PROCESSES = 8  # postgres, valkey, granian and two of its workers, celery worker and its pool, beat: at least


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """One data folder, and `manage.py up` on it."""

    def __init__(self, folder):
        self.data_dir = folder / "data"
        self.mark = uuid.uuid4().hex
        self.port = free_port()
        self.log = folder / "output"
        self.process = None

    def environ(self, **extra):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
        own = {
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "WEB_WORKERS": "2",
            "PORTAL_TEST": self.mark,
        }
        return kept | own | extra

    def start(self, *, before=(), **extra):
        """Until it says that it serves: for a moment, the web server of a run just killed may answer, too."""
        command = [*before, sys.executable, str(BASE_DIR / "manage.py"), "up"]
        with self.log.open("ab") as log:
            began = log.tell()
            self.process = subprocess.Popen(command, env=self.environ(**extra), stdout=log, stderr=log, cwd="/")
        deadline = time.monotonic() + PATIENCE
        while b"The portal is at" not in self.log.read_bytes()[began:]:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def status(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def refusal(self, **extra):
        """What a start says that is expected to be refused."""
        command = [sys.executable, str(BASE_DIR / "manage.py"), "up"]
        done = subprocess.run(command, env=self.environ(**extra), capture_output=True, text=True, timeout=60, cwd="/")
        assert done.returncode != 0
        return done.stderr.strip()

    def processes(self):
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = folder.joinpath("cmdline").read_bytes() + folder.joinpath("environ").read_bytes()
                place = str(folder.joinpath("cwd").readlink())
                if self.mark.encode() in words or str(self.data_dir).encode() in words or str(self.data_dir) in place:
                    found.add(int(folder.name))
        return found

    def leader(self, word):
        """The process with `word` on its command line that leads its group."""
        found = (pid for pid in self.processes() if word in Path(f"/proc/{pid}/cmdline").read_bytes())
        return next(pid for pid in found if os.getpgid(pid) == pid)

    def gone(self, within):
        deadline = time.monotonic() + within
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.processes()

    def query(self, words):
        with psycopg.connect(embedded_database_url(self.data_dir)) as connection:
            return connection.execute(words).fetchall() if words.startswith("SELECT") else connection.execute(words)

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def portal():
    folder = Path(tempfile.mkdtemp(prefix="portal-up-"))
    folder.chmod(0o711)
    made = Portal(folder)
    yield made
    made.end()
    shutil.rmtree(folder)


@pytest.fixture
def running(portal):
    """The portal, serving: started where the test before has stopped it."""
    if portal.status() != 200:
        portal.start()
    return portal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_asked_to_stop_leaves_no_process(running, number):
    assert len(running.processes()) > PROCESSES

    running.process.send_signal(number)

    assert running.process.wait(40) == 0
    assert running.gone(within=1)


def test_up_killed_leaves_no_process_and_the_next_start_keeps_the_data(running):
    running.query("CREATE TABLE kept_note (words text)")
    running.query("INSERT INTO kept_note VALUES ('still here')")

    running.process.kill()
    running.process.wait()

    assert running.gone(within=15)
    running.start()
    assert running.query("SELECT words FROM kept_note") == [("still here",)]


def test_up_killed_and_started_at_once_recovers(running):
    running.process.kill()
    running.process.wait()

    running.start()
    assert running.status() == 200


def test_up_starts_a_dead_web_server_again(running):
    server = running.leader(b"granian")

    os.killpg(server, signal.SIGKILL)

    deadline = time.monotonic() + 30
    while running.status() != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running.status() == 200


def test_up_on_data_in_use_is_refused_in_one_sentence(running):
    words = running.refusal(PORT=str(free_port()))

    assert words == f"CommandError: The data in {running.data_dir} is in use by process {running.process.pid}."


def test_up_on_a_taken_port_is_refused_in_one_sentence(portal, tmp_path):
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = other.getsockname()[1]

        words = portal.refusal(PORT=str(port), DATA_DIR=str(tmp_path))

    assert words == f"CommandError: PORT {port} is in use by another program."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("DATABASE_URL", "mysql://a/b"),
        ("WEB_WORKERS", "many"),
        ("EMAIL_URL", ""),
        ("DEMO", "perhaps"),
    ],
)
def test_up_with_a_senseless_setting_is_refused_naming_it(portal, name, value):
    words = portal.refusal(**{name: value})

    assert words.startswith(f"manage.py: {name} ")
    assert len(words.splitlines()) == 1


def test_up_with_external_services_uses_them_and_starts_none():
    folder = Path(tempfile.mkdtemp(prefix="portal-external-"))
    folder.chmod(0o711)
    other = Portal(folder)
    elsewhere = folder / "elsewhere"
    try:
        other.start(
            before=[sys.executable, "-m", "portal.embedded", "--data-dir", str(elsewhere), "--"],
            PYTHONPATH=str(BASE_DIR),
        )
        root = programs.postgresql(programs.home(elsewhere))
        asked = subprocess.run(
            [
                root / "bin" / "psql",
                "-At",
                "-c",
                "SELECT count(*) > 0 FROM django_migrations",
                embedded_database_url(elsewhere),
            ],
            env={"LD_LIBRARY_PATH": str(root / "lib"), "PATH": os.defpath},
            capture_output=True,
            text=True,
        )
        assert (asked.stdout.strip(), asked.stderr) == ("t", "")
        broker = redis.Redis(unix_socket_path=str(elsewhere / "run" / "valkey.sock"))
        deadline = time.monotonic() + PATIENCE  # the worker comes up beside the web server, not before it
        while not broker.keys("_kombu*") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert broker.exists("_kombu.binding.celery")
        assert not (other.data_dir / "postgresql").exists()
        assert not (other.data_dir / "valkey").exists()
    finally:
        other.end()
        shutil.rmtree(folder)
