"""What renewals and returns hold on a person."""

from typing import Any

from django.utils.translation import gettext_lazy

from members.membership.models import Renewal, ReturnRequest
from portal.personal.traces import erase, told
from portal.registry import ExportPart, LeaveRule
from portal.users.models import User

OF_MEMBERS = ("members.Renewal.member", "members.ReturnRequest.member")
BY_STAFF = ("members.RenewalRound.begun_by", "members.ReturnRequest.decided_by")


def membership(user: User) -> dict[str, Any]:
    renewals = Renewal.objects.filter(member__user=user).select_related("round").order_by("mailed_at")
    returns = ReturnRequest.objects.filter(member__user=user).order_by("submitted_at")
    given = {
        "renewals": [told(one, "round", "status", "reminders", "mailed_at", "answered_at") for one in renewals],
        "returns": [told(one, "status", "reason", "submitted_at", "decided_at") for one in returns],
    }
    return given if any(given.values()) else {}


def decided(user: User) -> list[dict[str, Any]]:
    rounds = [told(one, "name", "opens_on", "status") for one in user.renewal_rounds.all()]
    return rounds + [told(one, "status", "decided_at") for one in user.decided_returns.all()]


def leave(user: User, _byline: str) -> None:
    erase(Renewal.objects.filter(member__user=user))
    erase(ReturnRequest.objects.filter(member__user=user))


PARTS = (
    ExportPart("membership", gettext_lazy("When we asked whether you stay, and returns"), OF_MEMBERS, membership),
    ExportPart("membership-decided", gettext_lazy("Renewals and returns that you dealt with"), BY_STAFF, decided),
)
RULES = (LeaveRule(OF_MEMBERS, leave), LeaveRule(BY_STAFF, lambda *_who: None))
