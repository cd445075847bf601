"""Coverage follows its author."""

from uuid import uuid4

from portal.registry import MergeRule
from portal.users.models import User
from reporters.coverage.models import Coverage


def bring_coverage(keep: User, gone: User, _by: User) -> None:
    """A form that was sent from both accounts gave each a row: both stay, under keys of their own."""
    keys = Coverage.objects.filter(author=keep).values("client_key")
    for twice in Coverage.objects.filter(author=gone, client_key__in=keys):
        Coverage.objects.filter(pk=twice.pk).update(client_key=uuid4())
    Coverage.objects.filter(author=gone).update(author=keep)


RULES = (
    MergeRule(("reporters.Coverage.author",), bring_coverage),
    MergeRule(("reporters.Coverage.decided_by",)),
)
