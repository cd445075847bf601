"""Gathers the tasks of the portal's subjects, so that workers know them."""

from portal.health.tasks import beat
from portal.outbox.tasks import read_bounces, send, sweep

__all__ = ["beat", "read_bounces", "send", "sweep"]
