"""Structured logs: one JSON object a line. What is logged names rows and routes, never people, addresses or tokens."""

import json
import logging
import re
from datetime import UTC, datetime

STANDARD = set(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "message",
    "asctime",
    "request",
    "taskName",
}
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
TOKEN = re.compile(r"[\w~:.-]{32,}")
SHORT_TOKEN = re.compile(r"(/(?:join|preferences)/)[\w-]{16,}")  # of 128 bits: invitations, keys of contacts


def masked(text: str) -> str:
    """The text without e-mail addresses and without anything long enough to be a token."""
    return SHORT_TOKEN.sub(r"\1[token]", TOKEN.sub("[token]", ADDRESS.sub("[address]", text)))


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        line |= {key: value for key, value in record.__dict__.items() if key not in STANDARD}
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, default=lambda value: masked(str(value)), ensure_ascii=False)
