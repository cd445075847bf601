"""Database, broker, locks and processes, each alone and real."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import ServiceError, places, processes
from portal.embedded.lock import DataLock
from portal.environment import BASE_DIR

SHOW = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    words = "SELECT 'École' ILIKE 'éCOLE', unaccent('École'), similarity('portal', 'portals') > 0.5"
    print(connection.execute(words).fetchone())
    print(connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone())
print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping())
raise SystemExit(7)
"""
WRITE = """
import os, psycopg, time
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE note AS SELECT 1 AS number")
print("done", flush=True)
time.sleep(60)
"""
READ = """
import os, psycopg
print(psycopg.connect(os.environ["DATABASE_URL"]).execute("SELECT number FROM note").fetchall())
"""
HOLD = """
import sys, time
from pathlib import Path
from portal.embedded.lock import DataLock
with DataLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder():
    """A short folder that the database's own account can enter, which pytest's are not."""
    made = Path(tempfile.mkdtemp(prefix="portal-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def command_line(data_dir, *command):
    return [sys.executable, "-m", "portal.embedded", "--data-dir", str(data_dir), "--", *command]


def embedded(*command, data_dir):
    start = command_line(data_dir, *command)
    return subprocess.run(start, cwd=BASE_DIR, capture_output=True, text=True, timeout=120)


def test_embedded_services_run_a_command_and_return_its_code(folder):
    done = embedded(sys.executable, "-c", SHOW, data_dir=folder / "data")

    assert done.stdout.splitlines() == ["(True, 'Ecole', True)", "(False,)", "True"]
    assert done.returncode == 7
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(folder / "data" / "run"), user="portal", dbname="portal", password="any")
    with pytest.raises(redis.ConnectionError):
        redis.Redis(unix_socket_path=str(folder / "data" / "run" / "valkey.sock")).ping()


def test_embedded_services_keep_data_and_recover_from_a_crash(folder):
    start = command_line(folder / "data", sys.executable, "-c", WRITE)
    first = subprocess.Popen(start, cwd=BASE_DIR, stdout=subprocess.PIPE)
    assert first.stdout.readline() == b"done\n"
    first.kill()
    first.wait()
    first.stdout.close()

    done = embedded(sys.executable, "-c", READ, data_dir=folder / "data")

    assert (done.stdout, done.stderr) == ("[(1,)]\n", "")


def test_embedded_without_a_command_says_how(folder):
    done = subprocess.run([sys.executable, "-m", "portal.embedded"], cwd=BASE_DIR, capture_output=True, text=True)

    assert done.returncode == 2
    assert "usage: python -m portal.embedded" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the database to another account")
def test_embedded_where_its_account_cannot_enter_is_refused_in_one_sentence(folder):
    (folder / "closed").mkdir(mode=0o700)

    done = embedded("true", data_dir=folder / "closed" / "data")

    assert done.returncode == 1
    assert done.stderr.strip().endswith(f"cannot enter {folder}/closed.")
    assert len(done.stderr.splitlines()) == 1


def test_data_lock_held_elsewhere_is_refused_naming_the_holder(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=BASE_DIR, stdout=subprocess.PIPE)
    holder.stdout.readline()

    with pytest.raises(ServiceError, match=f"in use by process {holder.pid}"), DataLock(tmp_path):
        pass

    holder.kill()
    holder.wait()
    holder.stdout.close()
    with DataLock(tmp_path) as lock:
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
    with DataLock(tmp_path) as next_lock:
        assert (lock.is_inherited, next_lock.is_inherited) == (True, False)


def test_kept_secret_is_made_once_and_private(tmp_path):
    first = places.kept_secret(tmp_path, "key")

    assert places.kept_secret(tmp_path, "key") == first
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_own_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PermissionError):
        places.own_folder(tmp_path / "run")


def test_run_that_fails_raises_its_last_words():
    program = processes.Program("greeter", ["/bin/sh", "-c", "echo no greeting today; exit 3"])

    with pytest.raises(ServiceError, match="greeter failed with code 3: no greeting today"):
        processes.run(program)


def test_kill_group_ends_grandchildren_too():
    program = processes.Program("nest", ["/bin/sh", "-c", "sleep 60 & sleep 60 & wait"])
    process = processes.start(program)
    time.sleep(0.3)

    processes.kill_group(process.pid)

    process.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_settle_leaves_a_stranger_with_the_same_number_alone(tmp_path):
    stranger = subprocess.Popen(["sleep", "60"])
    (tmp_path / "service.pid").write_text(f"{stranger.pid}\n")

    processes.settle(tmp_path / "service.pid", "postgres")

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    assert not (tmp_path / "service.pid").exists()


def test_settle_kills_a_leftover_that_does_not_end(tmp_path):
    leftover = subprocess.Popen(["sleep", "61"])
    time.sleep(0.2)  # until the kernel shows its command line
    (tmp_path / "service.pid").write_text(f"{leftover.pid}\n")

    processes.settle(tmp_path / "service.pid", "sleep 61", patience=0.2)

    assert leftover.wait() == -signal.SIGKILL
