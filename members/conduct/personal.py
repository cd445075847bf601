"""What reported requests hold on a person beside the requests themselves."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.conduct import services
from members.conduct.models import WritingBan
from portal.personal.deletion import addresses_of
from portal.personal.traces import forget_log, told
from portal.registry import Consequence, ExportPart, LeaveRule
from portal.users.models import User

BANNED = ("members.WritingBan.user",)
BY_STAFF = ("members.LetterReport.decided_by", "members.WritingBan.begun_by", "members.WritingBan.lifted_by")


def bans(user: User) -> list[dict[str, Any]]:
    return [told(one, "reason", "begun_at", "lifted_at") for one in user.writing_bans.order_by("begun_at")]


def decided(user: User) -> list[dict[str, Any]]:
    reports = [told(one, "status", "decided_at") for one in user.decided_letter_reports.order_by("decided_at")]
    begun = [told(one, "begun_at") for one in user.begun_writing_bans.order_by("begun_at")]
    return [*reports, *begun, *(told(one, "lifted_at") for one in user.lifted_writing_bans.order_by("lifted_at"))]


def tell(user: User) -> Iterable[Consequence]:
    if user.writing_bans.filter(lifted_at=None).exists():
        why = _("Else a new account with the same address could write again. The address stays as a code alone.")
        yield Consequence(_("That you may not write to members."), why)


def leave(user: User, _byline: str) -> None:
    """It stays in force, without a name: the address is there as a keyed hash alone."""
    mine = WritingBan.objects.filter(user=user)
    for ban in mine.in_force().lasting():
        services.spread(ban, addresses_of(user))
    pks = list(mine.values_list("pk", flat=True))
    mine.update(user=None, name="", reason="")
    forget_log(WritingBan, pks)


PARTS = (
    ExportPart("writing", gettext_lazy("Whether you may write to members"), BANNED, bans),
    ExportPart("reports-decided", gettext_lazy("Reported requests that you dealt with"), BY_STAFF, decided),
)
RULES = (LeaveRule(BANNED, leave, tell), LeaveRule(BY_STAFF, lambda *_who: None))
