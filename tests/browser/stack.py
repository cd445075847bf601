"""The whole portal as `manage.py up` starts it, with a data folder, a port and a mail server of its own."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller

from portal.environment import BASE_DIR

PATIENCE = 120  # seconds for a first start on a busy machine
MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]
DEMO_PASSWORD = "walk-through-the-demo"
LINK = re.compile(r"https?://\S+")
running = []  # stacks whose log a failing test shows


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def soon(question, within=30.0):
    """The first answer that is not empty; the last one where none comes in time."""
    deadline = time.monotonic() + within
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


class PostOffice:
    """A mail server on loopback that keeps what it gets."""

    def __init__(self):
        self.letters = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.controller.port}"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def to(self, address, subject):
        """The text of the newest letter to this address with this subject."""
        wanted = (address, subject)
        found = soon(lambda: [one for one in self.letters if (one["to"], one["subject"].strip()) == wanted])
        assert found, f"no letter {wanted} among {[(one['to'], one['subject']) for one in self.letters]}"
        return found[-1].get_body(("plain",)).get_content()


class Stack:
    """One data folder and the portal that runs on it. `template` is a data folder to begin with a copy of."""

    def __init__(self, *, template=None, **settings):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-browser-"))
        self.folder.chmod(0o711)  # the database of root runs as nobody
        self.data_dir, self.log = self.folder / "data", self.folder / "output"
        if template is not None:
            subprocess.run(["cp", "-a", template, self.data_dir], check=True)
        self.port, self.settings = free_port(), settings
        self.process = None

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def environ(self):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)} | self.settings

    def __enter__(self):
        running.append(self)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*MANAGE, "up"], env=self.environ(), stdout=log, stderr=log, cwd="/")
        if not soon(lambda: self.status() == http.client.OK or self.process.poll() is not None, PATIENCE):
            raise TimeoutError(f"the portal is not ready:\n{self.last_words()}")
        if self.process.poll() is not None:
            raise RuntimeError(f"the portal ended:\n{self.last_words()}")

    def __exit__(self, *_):
        self.stop()
        running.remove(self)
        shutil.rmtree(self.folder)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        finally:
            self.process.kill()

    def status(self):
        """What /readyz answers."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            return connection.getresponse().status

    def last_words(self, lines=60):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def manage(self, *words):
        """What a command of manage.py prints, beside the running portal."""
        command = [*MANAGE, *words]
        done = subprocess.run(command, env=self.environ(), cwd="/", capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout
