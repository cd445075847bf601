"""The portal's own processes, as the supervisor starts them, and what must be true before it does."""

import errno
import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from portal.embedded import ServiceError
from portal.embedded.processes import Program
from portal.environment import BASE_DIR, Environment

LEFTOVER_PATIENCE = 20.0  # seconds that an earlier run, just killed, may need to let go of the port


def host(environment: Environment) -> str:
    """Where the web server listens: on this machine alone, unless the environment says that a proxy elsewhere asks."""
    return environment.bind_address


def web(environment: Environment) -> Program:
    """Granian with one thread a worker: more make Django slower (DESIGN's measurements in docs/operations.md)."""
    options = {
        "--interface": "wsgi",
        "--host": host(environment),
        "--port": str(environment.port),
        "--workers": str(environment.web_workers),
        "--blocking-threads": "1",
        "--runtime-threads": "1",
        "--log-level": "warning",
        "--workers-kill-timeout": "5",
    }
    words = [word for pair in options.items() for word in pair]
    flags = ["--no-ws", "--respawn-failed-workers"]
    return _python("web", "-m", "granian", *words, *flags, "portal.embedded.web:application")


def dev_web(environment: Environment) -> Program:
    """Django's own server, which reads changed code again."""
    address = f"{host(environment)}:{environment.port}"
    return _python("web", "-m", "portal.embedded.dev", "runserver", address)


def worker(environment: Environment) -> Program:
    """A Celery worker; SIGTERM lets it finish the task at hand."""
    words = ["--concurrency", str(environment.task_workers), "--loglevel", "warning"]
    quiet = ["--without-gossip", "--without-mingle"]
    return _celery("worker", "worker", *words, *quiet, patience=20.0)


def beat() -> Program:
    """Celery's clock. It remembers nothing: what is to be done stands in the database."""
    return _celery("beat", "beat", "--pidfile", "", "--loglevel", "warning")


def _celery(name: str, *words: str, patience: float = 10.0) -> Program:
    return _python(name, "-m", "celery", "--quiet", "--app", "portal.embedded.worker", *words, patience=patience)


def _python(name: str, *words: str, patience: float = 10.0) -> Program:
    environ = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(BASE_DIR)}
    return Program(
        name=name,
        args=[sys.executable, *words],
        environ=environ,
        stop_signal=signal.SIGTERM,
        patience=patience,
        directory=Path(BASE_DIR),
    )


def check_port(environment: Environment, *, is_inherited: bool) -> None:
    """Raise ServiceError where the port cannot be listened on; an earlier run that was killed gets a moment."""
    deadline = time.monotonic() + (LEFTOVER_PATIENCE if is_inherited else 0)
    while (trouble := _bind(host(environment), environment.port)) == errno.EADDRINUSE:
        if time.monotonic() > deadline:
            raise ServiceError(f"PORT {environment.port} is in use by another program.")
        time.sleep(0.1)
    if trouble:
        raise ServiceError(f"PORT {environment.port} cannot be listened on: {os.strerror(trouble)}.")


def _bind(address: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno or errno.EIO
    return 0


def is_serving(environment: Environment) -> bool:
    """Whether /healthz answers 200 on the portal's port, asked under the portal's own name."""
    connection = http.client.HTTPConnection("127.0.0.1", environment.port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(environment.base_url).netloc})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
