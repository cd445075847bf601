"""A mail server that only counts, and is fast enough not to be what is measured. `python scripts/sink.py PORT`.

Beside RFC 5321 it knows XCOUNT, answered by how many mails it took, and XSEEN ADDRESS, by when (a moment of the
machine's monotonic clock) that address got one, or 0.
"""

import asyncio
import sys
import time

TOLD = {b"EHLO": b"250 sink", b"HELO": b"250 sink", b"MAIL": b"250 ok", b"RSET": b"250 ok", b"NOOP": b"250 ok"}
seen: dict[bytes, float] = {}
taken = 0


class Sink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.waiting, self.in_data, self.recipient = b"", False, b""
        self._say(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            line, found, rest = self.waiting.partition(end)
            if not found:
                return
            self.waiting = rest
            self._take() if self.in_data else self._answer(line)

    def _take(self) -> None:
        global taken
        taken += 1
        self.in_data = False
        seen[self.recipient] = time.monotonic()
        self._say(b"250 taken")

    def _answer(self, line: bytes) -> None:
        verb, _space, words = line.partition(b" ")
        if verb.upper() == b"DATA":
            self.in_data = True
            self._say(b"354 go on")
        elif verb.upper() == b"RCPT":
            self.recipient = words.partition(b"<")[2].partition(b">")[0]
            self._say(b"250 ok")
        elif verb == b"XCOUNT":
            self._say(b"250 %d" % taken)
        elif verb == b"XSEEN":
            self._say(b"250 %f" % seen.get(words, 0))
        elif verb.upper() == b"QUIT":
            self._say(b"221 bye")
            self.transport.close()
        else:
            self._say(TOLD.get(verb.upper(), b"502 what?"))

    def _say(self, words: bytes) -> None:
        self.transport.write(words + b"\r\n")


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
