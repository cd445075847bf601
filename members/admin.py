"""Gathers the admin of the members' rooms."""

from members.conduct import admin as conduct
from members.directory import admin as directory
from members.intake import admin as intake
from members.joining import admin as joining
from members.membership import admin as membership
from members.packages import admin as packages
from members.prospects import admin as prospects
from members.recruitment import admin as recruitment
from members.statements import admin as statements

__all__ = [
    "conduct",
    "directory",
    "intake",
    "joining",
    "membership",
    "packages",
    "prospects",
    "recruitment",
    "statements",
]
