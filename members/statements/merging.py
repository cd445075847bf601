"""What a person accepted under two accounts, they accepted."""

from members.statements.models import Acceptance
from portal.registry import MergeRule
from portal.users.models import User


def bring_acceptances(keep: User, gone: User, _by: User) -> None:
    """Of a version that was accepted twice, the earlier moment counts."""
    mine = {one.version_id: one for one in Acceptance.objects.filter(user=keep)}
    for theirs in Acceptance.objects.filter(user=gone):
        if same := mine.get(theirs.version_id):
            same.accepted_at = min(same.accepted_at, theirs.accepted_at)
            same.save(update_fields=["accepted_at"])
            theirs.delete()
        else:
            theirs.user = keep
            theirs.save(update_fields=["user"])


RULES = (MergeRule(("members.Acceptance.user",), bring_acceptances),)
