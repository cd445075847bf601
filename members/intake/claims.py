"""What people do with the profile that was made for them from a list: claim it, or have it deleted."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory.models import Member
from members.intake import emails, rows
from members.intake.models import BETWEEN_LINKS, ImportRow, ProfileClaim
from members.statements import services as statements
from members.statements.models import Version
from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.users.models import User
from portal.users.services import lock_out, verify_address


class ClaimError(Refusal):
    """A profile cannot be claimed so; the message is safe to show."""


def needs_password(user: User) -> bool:
    """Nobody has shown yet that the account is theirs, so whoever holds the link says how to sign in from now on."""
    return not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


@transaction.atomic
def accept(claim: ProfileClaim, *, password: str = "", accepts: Version | None = None) -> Member:
    """The person says that the profile is theirs and may be seen; whatever they corrected is saved already.

    The link came by mail, so the address is theirs. Whoever signed up with it before without showing that is locked
    out; `password` is the way in from now on. Raises ClaimError where the profile is claimed already, or something
    that has to be accepted is not.
    """
    claim = _waiting(claim)
    user = User.objects.select_for_update().get(pk=claim.member.user_id)
    asked = statements.asked_of(user)
    if asked is not None:
        if asked != accepts:
            raise ClaimError(_("To join, accept “%(statement)s” first.") % {"statement": asked.statement.name})
        statements.accept(user, asked)
    if needs_password(user):
        _open_account(user, password)
    member = claim.member
    member.status = Member.Status.ACTIVE
    member.save(update_fields=["status"])
    claim.claimed_at = timezone.now()
    claim.save(update_fields=["claimed_at"])
    raise_version()
    return member


def _open_account(user: User, password: str) -> None:
    if not password:
        raise ClaimError(_("Choose a password."))
    lock_out(user)
    verify_address(user)
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def decline(claim: ProfileClaim) -> None:
    """The person wants to be off the list: the profile goes, the account made for it too, and no mail comes again."""
    claim = _waiting(claim)
    member, user = claim.member, claim.member.user
    with_account = claim.has_made_account and not user.is_staff
    contact = Contact.objects.of(user.email, user=user)
    ImportRow.objects.filter(member=member).update(
        outcome=ImportRow.Outcome.DECLINED, values={}, problems=[], member=None, undone_at=timezone.now()
    )
    rows.remove_profile(member, with_account=with_account)
    contacts.opt_out(contact, source=OptOut.Source.PAGE)
    if with_account:
        rows.forget_contacts([contact])


def _waiting(claim: ProfileClaim) -> ProfileClaim:
    claim = ProfileClaim.objects.select_for_update(of=("self",)).select_related("member__user").get(pk=claim.pk)
    if not claim.is_waiting:
        raise ClaimError(_("You have this profile already. Sign in to change it."))
    return claim


@transaction.atomic
def send_new_link(claim: ProfileClaim, *, now: datetime | None = None) -> bool:
    """A link was too old: a new one goes where the first went. False where that was less than an hour ago."""
    now = now or timezone.now()
    claim = _waiting(claim)
    if claim.link_sent_at > now - BETWEEN_LINKS:
        return False
    claim.link_sent_at = now
    claim.save(update_fields=["link_sent_at"])
    emails.claim(claim)
    return True


def remind(*, now: datetime | None = None, limit: int = 500) -> int:
    """Write once more to those who have not answered. Returns how many were written to."""
    now = now or timezone.now()
    waiting = ProfileClaim.objects.to_remind(now).order_by("mailed_at").values_list("pk", flat=True)
    return sum(_remind(pk, now=now) for pk in list(waiting[:limit]))


@transaction.atomic
def _remind(pk: int, *, now: datetime) -> bool:
    """Locked first, then looked at again: the count and the mail are written together, so nobody gets one twice."""
    locked = ProfileClaim.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk)
    claim = locked.select_related("member__user").first()
    if claim is None or not ProfileClaim.objects.to_remind(now).filter(pk=pk).exists():
        return False
    claim.reminders, claim.link_sent_at = claim.reminders + 1, now
    claim.save(update_fields=["reminders", "link_sent_at"])
    emails.reminder(claim)
    return True
