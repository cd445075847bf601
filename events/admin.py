"""Gathers the admin of the events' rooms."""

from events.calendar import admin as calendar

__all__ = ["calendar"]
