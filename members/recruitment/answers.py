"""What people do with an invitation. Only an act of a person counts: mail servers follow links, too."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from members.directory.models import Member
from members.joining.models import MembershipApplication
from members.recruitment import emails
from members.recruitment.models import DriveMail, Invitation
from portal.contacts.models import Contact
from portal.users.models import User


def open_page(invitation: Invitation, *, now: datetime | None = None) -> None:
    """A person moved on the page, or pressed something there."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now or timezone.now())


@transaction.atomic
def decline(invitation: Invitation, *, now: datetime | None = None) -> None:
    """No, thank you: nothing more of this drive is sent."""
    open_page(invitation, now=now)
    Invitation.objects.filter(pk=invitation.pk, declined_at=None).update(declined_at=now or timezone.now())


@transaction.atomic
def take_up(invitation: Invitation, user: User | None = None, *, now: datetime | None = None) -> None:
    """They go on to join; with an account, we know from now on whose it is, whatever address it has."""
    open_page(invitation, now=now)
    mine = Invitation.objects.filter(pk=invitation.pk)
    mine.update(declined_at=None)
    if user is not None:
        mine.filter(user=None).update(user=user)


def settle(*, now: datetime) -> None:
    """Note who applied and who joined since they were invited, and thank those who invited them, once."""
    invited = Invitation.objects.filter(drive__kind="recruitment", joined_at=None, mails__isnull=False)
    owner = Contact.objects.filter(pk=OuterRef("contact")).values("user")
    invited.filter(user=None, contact__user__isnull=False).update(user=Subquery(owner))
    first = DriveMail.objects.filter(invitation=OuterRef(OuterRef("pk")), step__days=0).values("created_at")
    since = MembershipApplication.objects.filter(user=OuterRef("user"), submitted_at__gte=Subquery(first[:1]))
    invited.filter(Exists(since), applied_at=None).update(applied_at=now)
    members = Member.objects.active().filter(user=OuterRef("user"))
    invited.filter(Exists(members)).update(joined_at=now)
    _thank(now=now)


def _thank(*, now: datetime) -> None:
    for pk in Invitation.objects.to_thank_for().values_list("pk", flat=True):
        with transaction.atomic():
            mine = Invitation.objects.to_thank_for().filter(pk=pk)
            if mine.update(thanked_at=now):
                emails.thanks(Invitation.objects.select_related("user", "invited_by", "contact").get(pk=pk))
