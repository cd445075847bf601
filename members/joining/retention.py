"""How long applications are kept."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.joining.models import MembershipApplication
from portal.personal.traces import erase
from portal.registry import RetentionRule

KEPT_FOR = timedelta(days=365)  # after the decision


def old(now: datetime) -> QuerySet[MembershipApplication]:
    """Those that led nowhere. An approved one says how somebody became a member, and goes with them."""
    return MembershipApplication.objects.filter(status__in=["declined", "settled"], decided_at__lt=now - KEPT_FOR)


@transaction.atomic
def remove(now: datetime, limit: int) -> int:
    locked = old(now).select_for_update(skip_locked=True).order_by("pk")[:limit]
    return erase(MembershipApplication.objects.filter(pk__in=[one.pk for one in locked]))


RULES = (
    RetentionRule(
        "declined-applications",
        _("Applications that were declined"),
        _("one year after the decision"),
        _("The application is deleted."),
        lambda now: old(now).count(),
        remove,
    ),
)
