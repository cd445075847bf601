"""Lists of prospects that somebody brought; whom they name is told and forgotten with the audience of their drives."""

from typing import Any

from django.utils.translation import gettext_lazy

from portal.personal.traces import told
from portal.registry import ExportPart, LeaveRule
from portal.users.models import User

RELATIONS = ("members.ProspectList.uploaded_by",)


def brought(user: User) -> list[dict[str, Any]]:
    found = user.prospect_lists.order_by("uploaded_at")
    return [told(one, "name", "source", "basis", "status", "added", "uploaded_at") for one in found]


PARTS = (ExportPart("prospects", gettext_lazy("Lists of prospects that you brought"), RELATIONS, brought),)
RULES = (LeaveRule(RELATIONS, lambda *_who: None),)
