"""What lists of members hold on a person: the row that told of them, and the profile that waited for them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from members.intake.models import ImportRow, ProfileClaim
from portal.personal.deletion import addresses_of
from portal.personal.traces import erase, forget_log, told
from portal.registry import ExportPart, LeaveRule
from portal.users.models import User

OF_MEMBERS = ("members.ImportRow.member", "members.ProfileClaim.member")
BY_STAFF = ("members.Import.uploaded_by",)


def rows_of(user: User) -> QuerySet[ImportRow]:
    """Rows that led to the profile, and others that tell of the same address."""
    found = ImportRow.objects.filter(Q(member__user=user) | Q(values__email__in=addresses_of(user)))
    return found.select_related("source").order_by("pk")


def lists(user: User) -> dict[str, Any]:
    claim = ProfileClaim.objects.filter(member__user=user).first()
    given = {
        "rows": [
            told(one, "outcome", "values", "imported_at") | told(one.source, "uploaded_at") for one in rows_of(user)
        ],
        "claim": told(claim, "reminders", "mailed_at", "link_sent_at", "claimed_at") if claim else None,
    }
    return given if any(given.values()) else {}


def uploaded(user: User) -> list[dict[str, Any]]:
    return [told(one, "name", "status", "uploaded_at", "finished_at") for one in user.imports.order_by("pk")]


def leave(user: User, _byline: str) -> None:
    """The row stays as a number in its list, and tells nothing; nobody is brought in by it again."""
    found = list(rows_of(user).values_list("pk", flat=True))
    rows = ImportRow.objects.filter(pk__in=found)
    rows.update(values={}, problems=[], member=None, outcome=ImportRow.Outcome.DECLINED, stayed="")
    forget_log(ImportRow, found)
    erase(ProfileClaim.objects.filter(member__user=user))


PARTS = (
    ExportPart("lists", gettext_lazy("Lists of members from which we know you"), OF_MEMBERS, lists),
    ExportPart("lists-uploaded", gettext_lazy("Lists of members that you brought"), BY_STAFF, uploaded),
)
RULES = (LeaveRule(OF_MEMBERS, leave), LeaveRule(BY_STAFF, lambda *_who: None))
