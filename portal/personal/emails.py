from portal.contacts.models import Contact
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.personal.models import DataExport

FAREWELL = "account_deleted"
CHANGED = "email_changed"  # allauth's, to the address that was left


def copy_ready(export: DataExport) -> None:
    """The copy can be fetched. The mail leads to a page that asks who comes; it holds no key."""
    outbox.write(export.user, "portal/email/copy_ready", {"export": export}, kind="copy_ready")


def farewell(address: str, *, name: str, language: str, byline: str) -> OutgoingMail:
    """The last mail to an address whose account is gone. Its body is erased as it leaves, and the row soon after."""
    contact = Contact.objects.of(address)
    mail = outbox.compose(
        contact,
        "portal/email/account_deleted",
        {"name": name, "byline": byline, "contact": None},
        kind=FAREWELL,
        language=language,
        lane=OutgoingMail.Lane.ACCOUNT,
    )
    mail.is_secret = True
    return outbox.queue(mail)
