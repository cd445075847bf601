"""The embedded Valkey: queue and cache on one private socket, no network, every queued word kept on disk."""

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import places, processes, programs
from portal.embedded.processes import Program


@dataclass(frozen=True)
class Broker:
    """One Valkey in one data folder; `durable=False` keeps nothing, for tests."""

    data_dir: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        return places.socket_dir(self.data_dir) / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def program(self) -> Program:
        """Valkey, ready to be started.

        Cache entries have a time to live and give way when memory is short; the queue has none and stays.
        """
        programs.check_passable(self.data_dir)
        account = programs.account()
        user = account.user if account else None
        places.own_folder(places.socket_dir(self.data_dir), user)
        folder = places.own_folder(self.data_dir / "valkey", user)
        pid_file = folder / "valkey.pid"
        processes.settle(pid_file, "valkey-server")
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "pidfile": str(pid_file),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory": "128mb",
            "maxmemory-policy": "volatile-lru",
            "databases": "16",
            "loglevel": "warning",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Program(
            name="broker",
            args=[str(programs.valkey(programs.home(self.data_dir))), *options],
            environ={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            death_signal=signal.SIGTERM,
            account=account,
            directory=folder,
            log=self.data_dir / "broker.log",
        )

    def is_ready(self) -> bool:
        """Whether it answers PING; while it reads its data back, it answers something else."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
