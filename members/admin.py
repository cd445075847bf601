"""Gathers the admin of the members' rooms."""

from members.directory import admin as directory
from members.intake import admin as intake
from members.joining import admin as joining
from members.membership import admin as membership
from members.statements import admin as statements

__all__ = ["directory", "intake", "joining", "membership", "statements"]
