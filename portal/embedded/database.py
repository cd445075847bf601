"""The embedded PostgreSQL: one private socket, no network, a random password, data that survives a crash."""

import contextlib
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from portal.embedded import places, processes, programs
from portal.embedded.processes import Program

EXTENSIONS = ("unaccent", "pg_trgm")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "io_method": "sync",  # three processes less
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SCRATCH = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


@dataclass(frozen=True)
class Database:
    """One cluster in one data folder; `durable=False` gives up safety for speed, for tests."""

    data_dir: Path
    durable: bool = True

    @property
    def cluster(self) -> Path:
        return self.data_dir / "postgresql"

    @property
    def url(self) -> str:
        from portal.environment import (
            embedded_database_url,
        )  # the environment reads `places`, which is beside us

        return embedded_database_url(self.data_dir)

    def program(self) -> Program:
        """PostgreSQL, ready to be started: unpacked, with a cluster, and nothing left of an earlier run."""
        programs.check_passable(self.data_dir)
        account = programs.account()
        sockets = places.own_folder(places.socket_dir(self.data_dir), account.user if account else None)
        if not self.cluster.exists():
            self._create()
        processes.settle(self.cluster / "postmaster.pid", str(self.cluster))
        settings = SETTINGS | (DURABLE if self.durable else SCRATCH)
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = self.data_dir / "database.log"
        _shorten(log)
        return self._tool("postgres", "-D", str(self.cluster), "-k", str(sockets), *chosen, log=log)

    def is_ready(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _tool(self, name: str, *args: str, log: Path | None = None) -> Program:
        root = programs.postgresql(programs.home(self.data_dir))
        return Program(
            name="database",
            args=[str(root / "bin" / name), *args],
            environ={
                "PATH": os.defpath,
                "HOME": str(self.data_dir),
                "LC_ALL": "C.UTF-8",
                "LD_LIBRARY_PATH": str(root / "lib"),
            },
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes everything down
            death_signal=signal.SIGINT,
            patience=20.0,
            account=programs.account(),
            directory=self.data_dir,
            log=log,
        )

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole: half of one is never taken for it."""
        with self._draft() as draft:
            words = draft / "password"
            words.write_text(secrets.token_urlsafe(32))
            words.chmod(0o644)  # in a folder that only the two of us can enter
            cluster = draft / "cluster"
            options = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={words}", "--encoding=UTF8"]
            unsynced = [] if self.durable else ["--no-sync"]
            processes.run(self._tool("initdb", "-D", str(cluster), "--locale=C.UTF-8", *options, *unsynced))
            self._run_alone(cluster, "template1", *(f"CREATE EXTENSION {name}" for name in EXTENSIONS))
            password = places.kept_secret(self.data_dir, "database-password")
            self._run_alone(
                cluster,
                "postgres",
                f"CREATE ROLE portal LOGIN CREATEDB PASSWORD '{password}'",
                "CREATE DATABASE portal OWNER portal",
            )
            cluster.rename(self.cluster)

    @contextlib.contextmanager
    def _draft(self) -> Iterator[Path]:
        for leftover in self.data_dir.glob("postgresql-new-*"):
            shutil.rmtree(leftover)
        with tempfile.TemporaryDirectory(dir=self.data_dir, prefix="postgresql-new-") as name:
            account = programs.account()
            if account:
                os.chown(name, account.user, account.group)
            yield Path(name)

    def _run_alone(self, cluster: Path, database: str, *statements: str) -> None:
        """Run statements as the superuser in PostgreSQL's single-user mode, without any server."""
        tool = self._tool(
            "postgres",
            "--single",
            "-D",
            str(cluster),
            "-c",
            "exit_on_error=on",
            "-c",
            "log_statement=none",
            database,
        )
        processes.run(tool, "".join(f"{statement};\n" for statement in statements))


def _shorten(log: Path, limit: int = 5 * 2**20) -> None:
    """Start a log over once it is larger than `limit` bytes, keeping the one before."""
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".log.1"))
