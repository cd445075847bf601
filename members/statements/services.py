"""What people say yes to."""

from django.utils.translation import gettext as _

from members.statements.models import Acceptance, Version
from portal.refusal import Refusal
from portal.users.models import User


class StatementError(Refusal):
    """A statement cannot be accepted so; the message is safe to show."""


def asked_of(user: User) -> Version | None:
    """The version that this person has to accept to join, and has not accepted yet."""
    return Version.objects.in_force().for_joining().exclude(acceptances__user=user).first()


def accept(user: User, version: Version) -> Acceptance:
    """Write down that a person accepts a version that has come into force. The first time counts."""
    if not version.has_begun:
        raise StatementError(_("Nobody can accept a version that is not in force yet."))
    acceptance, _created = Acceptance.objects.get_or_create(user=user, version=version)
    return acceptance
