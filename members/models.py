"""Gathers the models of the members' rooms."""

from members.directory.models import Member
from members.joining.models import MembershipApplication

__all__ = ["Member", "MembershipApplication"]
