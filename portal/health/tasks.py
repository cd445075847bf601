from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache

HEARTBEAT = "worker-heartbeat"
ALIVE_FOR = 90  # seconds; the beat comes every 20


@shared_task
def beat() -> None:
    """A worker runs this, so beat, broker and worker are all alive when the mark is there."""
    cache.set(HEARTBEAT, True, timeout=ALIVE_FOR)


@worker_ready.connect
def beat_at_once(**kwargs: Any) -> None:
    """A worker that has just started is known at once, not at the clock's next stroke."""
    beat.delay()
