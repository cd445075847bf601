"""Renewals and returns of somebody who came twice: one renewal a round, one request to return that waits."""

from members.directory.models import Member
from members.membership.models import Renewal, ReturnRequest
from portal.registry import MergeRule
from portal.users.models import User


def bring_renewals(keep: User, gone: User, _by: User) -> None:
    """Where both were asked in a round, the answer stays; of two requests that wait, the kept account's."""
    mine, theirs = (Member.objects.filter(user=one).first() for one in (keep, gone))
    if mine is None or theirs is None:
        return  # the one profile there is keeps what hangs on it
    answered = theirs.renewals.exclude(status=Renewal.Status.ASKED).values("round")
    mine.renewals.filter(status=Renewal.Status.ASKED, round__in=answered).delete()
    theirs.renewals.exclude(round__in=mine.renewals.values("round")).update(member=mine)
    waiting = ReturnRequest.objects.filter(status="submitted")
    if waiting.filter(member=mine).exists():
        waiting.filter(member=theirs).delete()
    theirs.return_requests.update(member=mine)


RULES = (
    MergeRule(("members.Renewal.member", "members.ReturnRequest.member"), bring_renewals),
    MergeRule(("members.RenewalRound.begun_by", "members.ReturnRequest.decided_by")),
)
