"""Gathers the models of drives."""

from members.recruitment.models.drives import CIRCULAR, INVITATION, Drive, Step
from members.recruitment.models.invitations import DriveMail, Invitation, new_token

__all__ = ["CIRCULAR", "INVITATION", "Drive", "DriveMail", "Invitation", "Step", "new_token"]
