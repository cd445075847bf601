"""Gathers the admin of drives and of the people in them."""

from members.recruitment.drive_admin import DriveAdmin
from members.recruitment.invitation_admin import InvitationAdmin

__all__ = ["DriveAdmin", "InvitationAdmin"]
