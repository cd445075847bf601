"""Members whose profile says little, or what was true long ago, are reminded of it: kindly, and not often."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory import emails
from members.directory.models import Member
from portal.outbox.models import OutgoingMail
from portal.refusal import Refusal

NOT_AGAIN_FOR = timedelta(days=90)


class ReminderError(Refusal):
    """This member is not reminded; the message is safe to show."""


@transaction.atomic
def remind(member: Member, *, now: datetime | None = None) -> None:
    """Ask a member to look at their profile. Raises ReminderError without a reason, or where it was done lately."""
    now = now or timezone.now()
    member = Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
    this = Member.objects.active().filter(pk=member.pk)
    if not this.exists():
        raise ReminderError(_("This is no active member."))
    is_bare = this.bare().exists()
    if not is_bare and not this.stale(now).exists():
        raise ReminderError(_("This profile is not bare, and not old."))
    if _reminded_since(member, now - NOT_AGAIN_FOR):
        raise ReminderError(_("They were reminded in the last three months."))
    emails.reminder(member, is_bare=is_bare)


def _reminded_since(member: Member, moment: datetime) -> bool:
    theirs = OutgoingMail.objects.filter(contact__user=member.user_id, kind=emails.REMINDER)
    return theirs.filter(created_at__gte=moment).exists()
