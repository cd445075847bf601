"""What people said yes to: told with the very words, and gone with them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.statements.models import Acceptance
from portal.personal.traces import erase, told
from portal.registry import Consent, Consequence, ExportPart, LeaveRule
from portal.users.models import User

RELATIONS = ("members.Acceptance.user",)


def acceptances(user: User) -> list[dict[str, Any]]:
    found = user.acceptances.select_related("version__statement").order_by("accepted_at")
    return [told(one, "version", "accepted_at") | {"text": one.version.text} for one in found]


def tell(user: User) -> Iterable[Consequence]:
    if user.acceptances.exists():
        yield Consequence(_("That you accepted our statements."))


def leave(user: User, _byline: str) -> None:
    erase(Acceptance.objects.filter(user=user))


def consents(user: User) -> Iterable[Consent]:
    for one in user.acceptances.select_related("version__statement").order_by("-accepted_at"):
        yield Consent(
            f"statement-{one.version_id}",
            str(one.version),
            one.accepted_at,
            text=one.version.text,
            hint=_("It goes with being a member: leave the group, and it binds you no longer."),
        )


PARTS = (ExportPart("statements", gettext_lazy("Statements that you accepted"), RELATIONS, acceptances),)
RULES = (LeaveRule(RELATIONS, leave, tell),)
