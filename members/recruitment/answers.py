"""What people do with an invitation. Only an act of a person counts: mail servers follow links, too."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.directory.models import Member
from members.joining.models import MembershipApplication
from members.recruitment import emails
from members.recruitment.models import INVITATION, Drive, DriveMail, Invitation
from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut
from portal.users.models import User


def open_page(invitation: Invitation, *, now: datetime | None = None) -> None:
    """A person moved on the page, or pressed something there."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now or timezone.now())


@transaction.atomic
def decline(invitation: Invitation, *, now: datetime | None = None) -> None:
    """No, thank you: nothing more is sent, by whatever drive or member the person was invited."""
    open_page(invitation, now=now)
    theirs = Invitation.objects.filter(contact=invitation.contact, drive__kind=Drive.Kind.RECRUITMENT)
    theirs.filter(declined_at=None).update(declined_at=now or timezone.now())


@transaction.atomic
def refuse(invitation: Invitation, *, now: datetime | None = None) -> None:
    """No, and no invitation by anybody else."""
    decline(invitation, now=now)
    contacts.opt_out(invitation.contact, INVITATION, source=OptOut.Source.PAGE)


@transaction.atomic
def take_up(invitation: Invitation, user: User | None = None, *, now: datetime | None = None) -> None:
    """They go on to join; with an account, we know from now on whose it is, whatever address it has.

    Links are passed on: as long as nobody has applied by it, the invitation is whose account came last.
    """
    open_page(invitation, now=now)
    Invitation.objects.filter(contact=invitation.contact).update(declined_at=None)
    mine = Invitation.objects.filter(pk=invitation.pk)
    if user is not None:
        has_come = Exists(MembershipApplication.objects.filter(user=OuterRef("user")))
        mine.filter(applied_at=None, joined_at=None).exclude(has_come).update(user=user)


def taken_up_by(user: User) -> Invitation | None:
    """The invitation by which they came, the latest if there are several."""
    mine = Invitation.objects.with_a_page().filter(user=user)
    return mine.order_by(F("opened_at").desc(nulls_last=True), "-pk").first()


def settle(*, now: datetime) -> None:
    """Note who applied and who joined since they were invited, and thank those who invited them, once.

    Whom a member invited counts also where no mail was written: the link may have come by other means.
    """
    came = Q(mails__isnull=False) | Q(opened_at__isnull=False) | Q(invited_by__isnull=False)
    invited = Invitation.objects.filter(came, drive__kind="recruitment", joined_at=None)
    _find_accounts(invited)
    first = DriveMail.objects.filter(invitation=OuterRef(OuterRef("pk")), step__days=0).values("created_at")
    since = Coalesce(Subquery(first[:1]), OuterRef("invited_at"))
    applications = MembershipApplication.objects.filter(user=OuterRef("user"))
    invited.filter(Exists(applications.filter(submitted_at__gte=since)), applied_at=None).update(applied_at=now)
    approved = applications.filter(status=MembershipApplication.Status.APPROVED)
    is_new = Q(Exists(approved.filter(decided_at__gte=OuterRef("invited_at"))))
    members = Member.objects.active().filter(user=OuterRef("user"))
    is_new |= Q(Exists(members.filter(joined_on__gt=OuterRef("invited_at__date"))))
    invited.filter(Exists(members), is_new).update(joined_at=now)
    _thank(now=now)


def _find_accounts(invited: QuerySet[Invitation]) -> None:
    """Whose address was invited: the account's own, or another one that it has shown to be its owner's."""
    owner = Contact.objects.filter(pk=OuterRef("contact")).values("user")
    invited.filter(user=None, contact__user__isnull=False).update(user=Subquery(owner))
    address = Contact.objects.filter(pk=OuterRef(OuterRef("contact"))).values("address")
    shown = EmailAddress.objects.filter(verified=True, email=Subquery(address))
    invited.filter(Exists(shown), user=None).update(user=Subquery(shown.values("user")[:1]))


def _thank(*, now: datetime) -> None:
    for pk in Invitation.objects.to_thank_for().values_list("pk", flat=True):
        with transaction.atomic():
            _thank_for(pk, now=now)


def _thank_for(pk: int, *, now: datetime) -> None:
    """One mail, also where the same member invited the same person by several drives."""
    inviter = User.objects.select_for_update().filter(invitations=pk).first()
    waiting = Invitation.objects.to_thank_for().filter(invited_by=inviter)
    one = waiting.select_related("user__member", "invited_by", "contact").filter(pk=pk).first()
    if inviter is None or one is None:
        return
    same = Invitation.objects.filter(Q(contact=one.contact) | Q(user=one.user, user__isnull=False), invited_by=inviter)
    is_news = not same.filter(thanked_at__isnull=False).exists()
    same.filter(thanked_at=None, joined_at__isnull=False).update(thanked_at=now)
    if is_news:
        emails.thanks(one)
