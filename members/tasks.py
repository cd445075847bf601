"""Gathers the tasks of the members' rooms, so that workers know them."""

from members.intake import tasks as intake
from members.letters import tasks as letters
from members.links import tasks as links
from members.membership import tasks as membership
from members.prospects import tasks as prospects
from members.recruitment import tasks as recruitment

__all__ = ["intake", "letters", "links", "membership", "prospects", "recruitment"]
