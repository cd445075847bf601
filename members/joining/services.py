"""From an application to a member."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory import services as directory
from members.directory.models import Member
from members.joining import emails
from members.joining.models import MembershipApplication
from portal.group.models import Country
from portal.refusal import Refusal
from portal.users.models import User

Status = MembershipApplication.Status


class JoiningError(Refusal):
    """An application cannot go that way; the message is safe to show."""


@transaction.atomic
def apply(user: User, *, country: Country, motivation: str) -> MembershipApplication:
    """Hand in an application. Raises JoiningError for members and for a second one while the first waits."""
    User.objects.select_for_update().get(pk=user.pk)
    if Member.objects.filter(user=user).exists():
        raise JoiningError(_("You are a member already."))
    if MembershipApplication.objects.waiting().filter(user=user).exists():
        raise JoiningError(_("Your application is already with the coordinators."))
    application = MembershipApplication(user=user, country=country, motivation=motivation)
    application.full_clean()
    application.save()
    emails.application_received(application)
    return application


@transaction.atomic
def approve(application: MembershipApplication, *, by: User) -> MembershipApplication:
    application = _decide(application, Status.APPROVED, by=by)
    directory.enrol(application.user, country=application.country)
    emails.welcome(application)
    return application


@transaction.atomic
def decline(application: MembershipApplication, *, by: User, reason: str) -> MembershipApplication:
    """Say no, with a reason that the applicant reads."""
    if not reason:
        raise JoiningError(_("Write a reason: the applicant will read it."))
    application = _decide(application, Status.DECLINED, by=by, reason=reason)
    emails.declined(application)
    return application


def _decide(application: MembershipApplication, status: str, *, by: User, reason: str = "") -> MembershipApplication:
    locked = MembershipApplication.objects.select_for_update(of=("self",)).select_related("user", "country")
    application = locked.get(pk=application.pk)
    if not application.is_waiting:
        raise JoiningError(_("This application has been decided already."))
    if application.user_id == by.pk:
        raise JoiningError(_("Nobody decides on their own application."))
    application.status, application.reason = status, reason
    application.decided_by, application.decided_at = by, timezone.now()
    application.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return application
