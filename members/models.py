"""Gathers the models of the members' rooms."""

from members.directory.models import Link, Member
from members.intake.models import Import, ImportRow, ProfileClaim
from members.joining.models import MembershipApplication
from members.membership.models import Renewal, RenewalRound, ReturnRequest
from members.statements.models import Acceptance, Statement, Version

__all__ = [
    "Acceptance",
    "Import",
    "ImportRow",
    "Link",
    "Member",
    "MembershipApplication",
    "ProfileClaim",
    "Renewal",
    "RenewalRound",
    "ReturnRequest",
    "Statement",
    "Version",
]
