"""What joining holds on a person: their applications."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.joining.models import MembershipApplication
from portal.personal.traces import erase, told
from portal.registry import Consequence, ExportPart, LeaveRule
from portal.users.models import User

FACTS = (
    "country", "motivation", "links", "heard_of", "heard_of_words", "status", "question", "reason", "submitted_at",
    "asked_at", "decided_at",
)  # fmt: skip
BY_STAFF = ("members.MembershipApplication.asked_by", "members.MembershipApplication.decided_by")


def applications(user: User) -> list[dict[str, Any]]:
    found = user.applications.select_related("country").prefetch_related("topics").order_by("submitted_at")
    return [told(one, *FACTS) | {"topics": [topic.name for topic in one.topics.all()]} for one in found]


def decided(user: User) -> list[dict[str, Any]]:
    """Of others' applications only that and when, not what somebody else wrote."""
    found = user.decided_applications.order_by("decided_at")
    asked = user.asked_applications.exclude(decided_by=user).order_by("asked_at")
    return [told(one, "status", "asked_at", "decided_at") for one in [*found, *asked]]


def tell(user: User) -> Iterable[Consequence]:
    if user.applications.exists():
        yield Consequence(_("Your applications to join."))


def leave(user: User, _byline: str) -> None:
    erase(MembershipApplication.objects.filter(user=user))


PARTS = (
    ExportPart(
        "applications", gettext_lazy("Your applications to join"), ("members.MembershipApplication.user",), applications
    ),
    ExportPart("applications-decided", gettext_lazy("Applications that you dealt with"), BY_STAFF, decided),
)
RULES = (LeaveRule(("members.MembershipApplication.user",), leave, tell), LeaveRule(BY_STAFF, lambda *_who: None))
