"""The Celery application as the supervisor starts it: a pool process ends with the worker that made it."""

import warnings
from typing import Any

from celery.exceptions import SecurityWarning
from celery.signals import worker_process_init

from portal.celery import app
from portal.embedded.tether import tie

__all__ = ["app"]

# Whoever runs `make run` as root has chosen so; docs/operations.md runs production under an account of its own.
warnings.filterwarnings("ignore", category=SecurityWarning)


@worker_process_init.connect
def tie_pool_process(**kwargs: Any) -> None:
    tie()
