"""Gathers the models of the events' rooms."""

from events.calendar.models import Event

__all__ = ["Event"]
