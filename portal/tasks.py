"""Gathers the tasks of the portal's subjects, so that workers know them."""

from portal.health.tasks import beat
from portal.outbox.tasks import send, sweep

__all__ = ["beat", "send", "sweep"]
