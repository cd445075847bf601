"""What the portal's ground holds on a person: how it is told, and how it goes."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.contacts.models import Contact, normalise
from portal.outbox.models import OutgoingMail
from portal.personal.deletion import addresses_of
from portal.personal.models import DataExport
from portal.personal.traces import erase, told
from portal.registry import Consent, Consequence, ExportPart, LeaveRule, MergeRule
from portal.users.models import User


def contacts_of(user: User) -> QuerySet[Contact]:
    """The rows of the person's addresses, the account's own and others that they have shown to be theirs."""
    own = Q(user=user, address=normalise(user.email))
    shown = Q(user=user) | Q(user=None)
    return Contact.objects.filter(own | shown & Q(address__in=addresses_of(user))).order_by("address")


# --- the copy -------------------------------------------------------------------------------------------------------
def account(user: User) -> dict[str, Any]:
    """Without the password's hash, which is no use to anybody but a thief."""
    facts = told(user, "name", "email", "language", "is_active", "is_staff", "is_superuser", "joined_at", "last_login")
    return facts | {"groups": [group.name for group in user.groups.all()], "has_password": user.has_usable_password()}


def ways_in(user: User) -> dict[str, Any]:
    """Addresses, connected services and second factors. Secrets are not told: that they exist is."""
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    services = SocialAccount.objects.filter(user=user).order_by("pk")
    factors = Authenticator.objects.filter(user=user).order_by("pk")
    return {
        "email_addresses": [told(one, "email", "verified", "primary") for one in addresses],
        "connected_services": [
            told(one, "provider", "uid", "date_joined", "last_login", "extra_data") for one in services
        ],
        "second_factors": [told(one, "type", "created_at", "last_used_at") for one in factors],
    }


def addresses(user: User) -> list[dict[str, Any]]:
    facts = ("address", "basis", "source", "created_at", "bounced_at", "bounce")
    return [told(one, *facts) | {"does_not_want": sorted(one.refused_kinds)} for one in contacts_of(user)]


def mails(user: User) -> list[dict[str, Any]]:
    """Every mail as long as it is kept; of those that held a key there is no text."""
    found = OutgoingMail.objects.filter(contact__in=contacts_of(user)).select_related("contact").order_by("created_at")
    facts = ("contact", "kind", "subject", "status", "created_at", "sent_at", "bounced_at")
    return [told(one, *facts) | {"text": "" if one.is_secret else one.text} for one in found]


def copies(user: User) -> list[dict[str, Any]]:
    found = DataExport.objects.filter(user=user).order_by("requested_at")
    return [told(one, "status", "requested_at", "ready_at", "size") for one in found]


def at_the_desk(user: User) -> list[dict[str, Any]]:
    """What somebody with the desk's rights did there, and when; not to whom, who may be anybody."""
    entries = LogEntry.objects.filter(user=user).select_related("content_type").order_by("action_time")
    return [told(one, "action_time", "content_type") | {"action": one.get_action_flag_display()} for one in entries]


PARTS = (
    ExportPart(
        "account",
        gettext_lazy("Your account: name, address, language, rights"),
        ("portal.User_groups.user", "portal.User_user_permissions.user"),
        account,
    ),
    ExportPart(
        "signing-in",
        gettext_lazy("Your ways to sign in: addresses, connected services, second steps"),
        ("account.EmailAddress.user", "socialaccount.SocialAccount.user", "mfa.Authenticator.user"),
        ways_in,
    ),
    ExportPart(
        "contact",
        gettext_lazy("Your addresses: why we may write to them, where they are from, what you do not want"),
        ("portal.Contact.user",),
        addresses,
    ),
    ExportPart("mails", gettext_lazy("Mails that we sent to you"), ("portal.OutgoingMail.contact",), mails),
    ExportPart("copies", gettext_lazy("Copies of your data that you asked for"), ("portal.DataExport.user",), copies),
    ExportPart("desk", gettext_lazy("What you did at the desk"), ("admin.LogEntry.user",), at_the_desk),
)


# --- the end --------------------------------------------------------------------------------------------------------
def tell(user: User) -> Iterable[Consequence]:
    yield Consequence(_("Your account with every way to sign in, at once and on all devices."))
    yield Consequence(_("Your addresses here, and the mails that we keep of those we sent to you."))
    if LogEntry.objects.filter(user=user).exists():
        yield Consequence(
            _("What you did at the desk: what, when and with which row."),
            _("Others have to understand what was done. It was done by “a former coordinator” then."),
        )
    if any(one.refused_kinds for one in contacts_of(user)):
        yield Consequence(
            _("What you do not want to get mails about."),
            _("As a code that cannot be read back, so that nobody writes to you against your wish."),
        )


def leave(user: User, _byline: str) -> None:
    """Mails and addresses; opt-outs stand by their hash alone and stay, and so does the log of the desk, nameless."""
    did = LogEntry.objects.filter(user=user)
    if did.exists():
        did.update(user=User.objects.former_coordinator())
    erase(DataExport.objects.filter(user=user))
    found = contacts_of(user)
    erase(OutgoingMail.objects.filter(contact__in=found))
    erase(Contact.objects.filter(pk__in=found.values("pk")))
    for model in (EmailAddress, SocialAccount, Authenticator):
        erase(model.objects.filter(user=user))


RULES = (
    LeaveRule(tuple(name for part in PARTS for name in part.relations), leave, tell),
)  # fmt: skip


def end_copies(_keep: User, gone: User, _by: User) -> None:
    """A copy is of one account; the other one's person asks for a new one."""
    erase(DataExport.objects.filter(user=gone))


MERGING = (MergeRule(("portal.DataExport.user",), end_copies),)


# --- what was agreed to ---------------------------------------------------------------------------------------------
def consents(user: User) -> Iterable[Consent]:
    """Why we may write to the address, and what about."""
    contact = Contact.objects.filter(user=user).first()
    if contact is not None:
        yield Consent(
            "mails",
            _("Mails to %(address)s") % {"address": contact.address},
            contact.created_at,
            hint=_("Because: %(basis)s. You say which mails you get.") % {"basis": contact.get_basis_display()},
            url=reverse("preferences", args=[contact.key]),
        )
