"""Gathers the tasks of the members' rooms, so that workers know them."""

from members.intake import tasks as intake
from members.membership import tasks as membership

__all__ = ["intake", "membership"]
