"""A mail server for many mails: it counts who got one, and takes, refuses or breaks as it is told."""

import asyncio
import socket
import time
from collections import Counter

from aiosmtpd.controller import Controller


class Sink:
    """Keeps the recipients alone. `away_until` is a moment of the monotonic clock, `unknown` are refused for good.

    `pause` is how many seconds each mail takes. `after` is called once, in the server's thread, when so many mails
    have been taken.
    """

    def __init__(self):
        self.got = Counter()
        self.at = {}
        self.unknown = set()
        self.away_until = 0.0
        self.after = (0, None)
        self.pause = 0.0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def total(self):
        return self.got.total()

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if time.monotonic() < self.away_until:
            return "421 closing for a while"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.unknown:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(self.pause)
        (address,) = envelope.rcpt_tos
        self.got[address] += 1
        self.at[address] = time.monotonic()
        number, call = self.after
        if call is not None and self.total >= number:
            self.after = (0, None)
            call()
        return "250 kept"
