"""Gathers the tasks of the members' rooms, so that workers know them."""

from members.intake.tasks import carry_on, remind, sweep

__all__ = ["carry_on", "remind", "sweep"]
