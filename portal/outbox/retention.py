"""How long mails are kept."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.outbox.models import OutgoingMail, OutgoingMailQuerySet
from portal.registry import RetentionRule

TEXT_KEPT_FOR, KEPT_FOR = timedelta(days=180), timedelta(days=730)
OVER = ("sent", "failed", "suppressed", "unknown")  # nothing is to be done about these any more


def with_old_text(now: datetime) -> OutgoingMailQuerySet:
    has_text = ~Q(text="") | ~Q(html="")
    return OutgoingMail.objects.filter(has_text, status__in=OVER, created_at__lt=now - TEXT_KEPT_FOR)


def old(now: datetime) -> OutgoingMailQuerySet:
    """Only those that left: drives take a mail that is not there any more for one that was sent."""
    return OutgoingMail.objects.filter(status="sent", created_at__lt=now - KEPT_FOR)


def _some(mails: OutgoingMailQuerySet, limit: int) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.filter(pk__in=list(mails.order_by("created_at").values_list("pk", flat=True)[:limit]))


def erase_text(now: datetime, limit: int) -> int:
    return _some(with_old_text(now), limit).update(text="", html="")


def remove(now: datetime, limit: int) -> int:
    found = _some(old(now), limit)
    number = found.count()
    found.delete()
    return number


RULES = (
    RetentionRule(
        "mail-texts",
        _("The text of mails that were sent or given up"),
        _("half a year; of mails with a link for signing in, until they leave"),
        _("The text is erased. Subject, kind and day stay."),
        lambda now: with_old_text(now).count(),
        erase_text,
    ),
    RetentionRule(
        "mails",
        _("That a mail was sent"),
        _("two years"),
        _("The row is deleted."),
        lambda now: old(now).count(),
        remove,
    ),
)
