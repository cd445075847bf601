"""A profile from a list whose person has another account: nothing may take the merged account away again."""

from members.intake.models import ImportRow, ProfileClaim
from portal.registry import MergeRule
from portal.users.models import User


def keep_account(keep: User, gone: User, _by: User) -> None:
    """The account was not made by the list alone any more, so neither undoing the list nor declining deletes it."""
    for model in (ProfileClaim, ImportRow):
        model._base_manager.filter(member__user__in=[keep, gone]).update(has_made_account=False)


RULES = (
    MergeRule(("members.ProfileClaim.member", "members.ImportRow.member"), keep_account),
    MergeRule(("members.Import.uploaded_by",)),
)
