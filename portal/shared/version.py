"""The content version: one word that every publishing change replaces, so that no shared page outlives its truth."""

import logging
import secrets
import threading
import time

import redis
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

KEY = "portal:content-version"
TRUSTED_FOR = 0.1  # seconds a process believes the version it last read; asking is a third of serving a kept page
AWAY_FOR = 2.0  # seconds a process leaves a cache alone that did not answer
log = logging.getLogger(__name__)


class _Reader:
    """One plain client a process, and what it last read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: redis.Redis | None = None
        self._version: bytes | None = None
        self._until = 0.0
        self._is_owed = False

    def current(self) -> bytes | None:
        if time.monotonic() >= self._until:
            self._read()
        return self._version

    def _read(self) -> None:
        try:
            if self._is_owed:
                self.replace()
            self._version, pause = self._kept_or_new(), TRUSTED_FOR
        except (RedisError, OSError):
            self._version, pause = None, AWAY_FOR
        self._until = time.monotonic() + pause

    def _kept_or_new(self) -> bytes:
        """A cache that lost the version gets a new one: counting from 0 again would bring old pages back."""
        kept = self.client().get(KEY)
        if kept is None:
            self.client().set(KEY, _new(), nx=True)
            kept = self.client().get(KEY)
        return kept if isinstance(kept, bytes) else _new()

    def client(self) -> redis.Redis:
        with self._lock:
            if self._client is None:
                address = str(settings.CACHES["default"]["LOCATION"])
                self._client = redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1)
        return self._client

    def replace(self) -> None:
        """Put a new version in place; while that fails, this process shares nothing."""
        self._is_owed = True
        self._version, self._until = None, time.monotonic() + AWAY_FOR
        self.client().set(KEY, _new())
        self._is_owed, self._until = False, 0.0

    def forget(self) -> None:
        self._until = 0.0


def _new() -> bytes:
    return secrets.token_hex(8).encode()


_reader = _Reader()


def current() -> bytes | None:
    """The version now (at most a tenth of a second old), or None while the cache cannot be reached."""
    return _reader.current()


def raise_version() -> None:
    """Every page kept so far is out of date, from the moment this transaction commits."""
    transaction.on_commit(_raise_now, robust=True)


def _raise_now() -> None:
    try:
        _reader.replace()
    except (RedisError, OSError) as error:
        log.warning("content version not raised yet", extra={"error": type(error).__name__})
