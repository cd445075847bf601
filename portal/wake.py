"""Waking workers. A row in the database says what is to be done; a sweep finds what a lost wake-up missed."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake(task: str, *args: str | int) -> None:
    """Enqueue a task by name when the transaction commits. A broker that is down is logged, never raised."""

    def enqueue() -> None:
        try:
            current_app.send_task(task, args=args)
        except (OperationalError, OSError) as error:
            log.warning("broker down, the sweep will find it", extra={"task": task, "error": type(error).__name__})

    transaction.on_commit(enqueue, robust=True)
