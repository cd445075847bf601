"""Gathers the models of the members' rooms."""

from members.conduct.models import LetterReport, WritingBan
from members.directory.listing import Listing
from members.directory.models import Link, Member
from members.intake.models import Import, ImportRow, ProfileClaim
from members.joining.models import MembershipApplication
from members.letters.models import Letter
from members.membership.models import Renewal, RenewalRound, ReturnRequest
from members.packages.models import Document, Package, PackageText
from members.prospects.models import ProspectList
from members.recruitment.models import Drive, DriveMail, Invitation, Step
from members.statements.models import Acceptance, Statement, Version

__all__ = [
    "Acceptance",
    "Document",
    "Drive",
    "DriveMail",
    "Import",
    "ImportRow",
    "Invitation",
    "Letter",
    "LetterReport",
    "Link",
    "Listing",
    "Member",
    "MembershipApplication",
    "Package",
    "PackageText",
    "ProfileClaim",
    "ProspectList",
    "Renewal",
    "RenewalRound",
    "ReturnRequest",
    "Statement",
    "Step",
    "Version",
    "WritingBan",
]
