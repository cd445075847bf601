"""Gathers the admin of the members' rooms."""

from members.directory import admin as directory
from members.joining import admin as joining

__all__ = ["directory", "joining"]
