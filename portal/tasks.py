"""Gathers the tasks of the portal's subjects, so that workers know them."""

from portal.health.tasks import beat
from portal.outbox.tasks import read_bounces, send, sweep
from portal.personal import tasks as personal
from portal.retention import tasks as retention

__all__ = ["beat", "personal", "read_bounces", "retention", "send", "sweep"]
