"""The Celery application as the supervisor starts it: a pool process ends with the worker that made it."""

from typing import Any

from celery.signals import worker_process_init

from portal.celery import app
from portal.embedded.tether import tie

__all__ = ["app"]


@worker_process_init.connect
def tie_pool_process(**kwargs: Any) -> None:
    tie()
