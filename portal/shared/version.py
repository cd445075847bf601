"""The content version: one number that every publishing change raises, so that no shared page outlives its truth."""

import logging
import threading

import redis
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

KEY = "portal:content-version"
log = logging.getLogger(__name__)
_client: redis.Redis | None = None
_lock = threading.Lock()


def _redis() -> redis.Redis:
    """One plain client a process: asking for the version is most of the work of serving a shared page."""
    global _client
    with _lock:
        if _client is None:
            address = str(settings.CACHES["default"]["LOCATION"])
            _client = redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1)
    return _client


def current() -> bytes | None:
    """The version now, or None while the cache cannot be reached (then nothing is shared)."""
    try:
        kept = _redis().get(KEY)
    except (RedisError, OSError):
        return None
    return kept if isinstance(kept, bytes) else b"0"


def raise_version() -> None:
    """Every page kept so far is out of date, from the moment this transaction commits."""
    transaction.on_commit(_raise_now, robust=True)


def _raise_now() -> None:
    try:
        _redis().incr(KEY)
    except (RedisError, OSError) as error:
        log.warning("content version not raised", extra={"error": type(error).__name__})
