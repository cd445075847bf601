"""Requests follow whoever wrote and got them; of two that wait between the same people one stays open."""

from django.db.models import Q
from django.utils import timezone

from members.directory.models import Member
from members.letters.models import Letter, LetterQuerySet
from portal.registry import MergeRule
from portal.users.models import User


def bring_letters(keep: User, gone: User, _by: User) -> None:
    """Comes before the profiles become one. What the two wrote to each other is nobody's request any more."""
    both = Q(writer__in=[keep, gone])
    Letter.objects.filter(both, recipient__user__in=[keep, gone]).delete()
    mine, theirs = (Member.objects.filter(user=one).first() for one in (keep, gone))
    _close_twice(Letter.objects.filter(writer=gone), "recipient", Letter.objects.filter(writer=keep))
    Letter.objects.filter(writer=gone).update(writer=keep)
    if mine is None or theirs is None:
        return  # the one profile there is keeps what hangs on it
    for side in ("writer", "contact"):
        _close_twice(Letter.objects.filter(recipient=theirs), side, Letter.objects.filter(recipient=mine))
    Letter.objects.filter(recipient=theirs).update(recipient=mine)


def _close_twice(theirs: LetterQuerySet, other_side: str, mine: LetterQuerySet) -> None:
    """Of two that wait between the same people the kept account's stays open."""
    open_ones = mine.waiting().exclude(**{other_side: None}).values(other_side)
    twice = theirs.waiting().filter(**{f"{other_side}__in": open_ones})
    Letter.objects.filter(pk__in=list(twice.values_list("pk", flat=True))).update(
        status=Letter.Status.CLOSED, closed_at=timezone.now()
    )


RULES = (MergeRule(("members.Letter.writer", "members.Letter.recipient"), bring_letters),)
