"""Rights that are given by an act, never by a tick in a form."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.refusal import Refusal
from portal.users.models import COORDINATORS, User


class AppointmentError(Refusal):
    """A person cannot be given this right; the message is safe to show."""


@transaction.atomic
def account_for(email: str, *, name: str = "") -> User:
    """The account with this address; where there is none, a new one that nobody can sign in to yet.

    Raises AppointmentError for what is no e-mail address, or belongs to another account beside its login.
    """
    email = email.strip().lower()
    if account := User.objects.filter(email__iexact=email).first():
        return account
    _refuse_foreign(email)
    try:
        return User.objects.create_user(email, name=name.strip() or _name_from(email))
    except ValidationError as error:
        raise AppointmentError(" ".join(error.messages)) from None


@transaction.atomic
def appoint_coordinator(user: User) -> User:
    """Let a person enter the desk as a coordinator; their e-mail address counts as verified from now on.

    Whoever signed up with an address that was never verified may not be its owner: that password and second factor
    are void, and the owner sets a password by the link.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise AppointmentError(_("This account may not sign in, so it cannot coordinate."))
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        lock_out(user)
    verify_address(user)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(Group.objects.get(name=COORDINATORS))
    return user


@transaction.atomic
def dismiss_coordinator(user: User) -> User:
    """Take back the right to enter the desk: the work was handed over. The account and its profile stay.

    Raises AppointmentError where nobody would be left to coordinate, or the account may do everything.
    """
    others = User.objects.coordinators().select_for_update(of=("self",)).exclude(pk=user.pk)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_superuser:
        raise AppointmentError(_("A superuser keeps the desk."))
    if not user.is_staff:
        raise AppointmentError(_("This account does not enter the desk."))
    if user.is_coordinator and not others.exists():
        raise AppointmentError(_("Nobody else coordinates yet. Appoint somebody first."))
    user.is_staff = False
    user.save(update_fields=["is_staff"])
    user.groups.clear()
    return user


def lock_out(user: User) -> None:
    """No password, second factor, connected service or open session of before lets anybody in: sessions hang on the
    password's hash."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()


@transaction.atomic
def verify_address(user: User) -> EmailAddress:
    """Mark the login's address as verified, because whoever calls this knows whose it is."""
    _refuse_foreign(user.email, owner=user)
    address, _created = EmailAddress.objects.get_or_create(user=user, email=user.email)
    address.verified = True
    address.save(update_fields=["verified"])
    address.set_as_primary()
    return address


def password_link(user: User) -> str:
    """A link with which the person sets a password, once; it works as long as those of "forgotten password" do."""
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    with override(user.language):
        return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=parts)


def _refuse_foreign(email: str, *, owner: User | None = None) -> None:
    taken = EmailAddress.objects.filter(email=email, verified=True)
    if owner is not None:
        taken = taken.exclude(user=owner)
    if taken.exists():
        raise AppointmentError(_("Another account uses %(email)s already.") % {"email": email})


def _name_from(email: str) -> str:
    """ "maria.silva@example.org" gives "Maria Silva", which they can change in their profile."""
    return " ".join(email.partition("@")[0].replace(".", " ").replace("_", " ").split()).title()[:150] or email
