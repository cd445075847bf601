"""Invitations of somebody who came twice: whose they are, and whom they invited, is the kept account's."""

from portal.registry import MergeRule

RULES = (MergeRule(("members.Drive.started_by", "members.Invitation.invited_by", "members.Invitation.user")),)
