"""How long the addresses of people are kept who were invited and did not come."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.recruitment.models import Drive, Invitation
from portal.contacts.models import Contact
from portal.personal.traces import erase
from portal.personal.uses import unused
from portal.registry import RetentionRule

KEPT_FOR = timedelta(days=365)  # after they were last added to a drive
UNDER_WAY = (Drive.Status.SCHEDULED, Drive.Status.RUNNING, Drive.Status.PAUSED, Drive.Status.HELD)


def old(now: datetime) -> QuerySet[Contact]:
    """Addresses without an account whose last invitation is a year old, in no drive under way. Those stay that asked
    to be written to, and those on which anything else hangs: a request, a mail that is still to be sent."""
    theirs = Invitation.objects.filter(contact=OuterRef("pk"))
    fresh = Q(invited_at__gte=now - KEPT_FOR) | Q(drive__status__in=UNDER_WAY) | Q(user__isnull=False)
    fresh |= Q(joined_at__isnull=False)
    invited = Contact.objects.filter(Exists(theirs), ~Exists(theirs.filter(fresh)))
    return unused(invited.exclude(basis=Contact.Basis.CONSENT), but=["invitations"])


@transaction.atomic
def remove(now: datetime, limit: int) -> int:
    """With their invitations and mails. What they do not want stays, by a code that cannot be read back."""
    locked = old(now).select_for_update(of=("self",), skip_locked=True).order_by("pk")[:limit]
    return erase(Contact.objects.filter(pk__in=[one.pk for one in locked]))


RULES = (
    RetentionRule(
        "prospects",
        _("Addresses of people who were invited and did not join"),
        _("one year after they were last invited"),
        _("Address, invitations and mails are deleted. That they wanted no mail stays, as a code."),
        lambda now: old(now).count(),
        remove,
    ),
)
