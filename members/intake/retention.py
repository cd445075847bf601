"""How long lists of members are kept, and the profiles of those who never claimed theirs."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.intake import rows, services
from members.intake.models import Import, ImportRow, ProfileClaim
from portal.contacts.models import Contact
from portal.registry import RetentionRule

UNCLAIMED_KEPT_FOR = timedelta(days=365)  # after the first mail; a new link can be asked for meanwhile


def erase_lists(now: datetime, limit: int) -> int:
    found = list(Import.objects.to_erase(now)[:limit])
    for source in found:
        services.erase(source, now=now)
    return len(found)


def unclaimed(now: datetime) -> QuerySet[ProfileClaim]:
    """Written to, reminded twice, and never heard of."""
    return ProfileClaim.objects.waiting().filter(mailed_at__lt=now - UNCLAIMED_KEPT_FOR)


def remove_unclaimed(now: datetime, limit: int) -> int:
    return sum(_remove(pk, now) for pk in list(unclaimed(now).order_by("pk").values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _remove(pk: int, now: datetime) -> bool:
    """Looked at again under the lock: the person may come in this very moment."""
    claim = ProfileClaim.objects.get_queryset().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if claim is None or not unclaimed(now).filter(pk=pk).exists():
        return False
    member, user = claim.member, claim.member.user
    with_account = claim.has_made_account and not user.is_staff and user.last_login is None
    found = ImportRow.objects.filter(member=member)
    made = list(Contact.objects.filter(user=user)) if found.filter(has_made_contact=True).exists() else []
    found.update(values={}, problems=[], member=None)
    rows.remove_profile(member, with_account=with_account)
    if with_account:
        rows.forget_contacts(made)
    return True


RULES = (
    RetentionRule(
        "lists-of-members",
        _("Lists of members, and what they tell of each person"),
        _("30 days after they were brought"),
        _("The list is deleted. How many people it brought stays known."),
        lambda now: Import.objects.to_erase(now).count(),
        erase_lists,
    ),
    RetentionRule(
        "unclaimed-profiles",
        _("Profiles made from a list that nobody has claimed"),
        _("one year after the first mail"),
        _("Profile, address and the account that was made for it are deleted."),
        lambda now: unclaimed(now).count(),
        remove_unclaimed,
    ),
)
