"""What people say about mails to them, and what mail servers say about their addresses."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.contacts.models import EVERYTHING, Contact, OptOut
from portal.refusal import Refusal
from portal.users.models import User

Source = OptOut.Source


class ContactError(Refusal):
    """A contact cannot be treated so; the message is safe to show."""


@transaction.atomic
def prefer(contact: Contact, *, refused: Iterable[str], source: str = Source.PAGE) -> None:
    """From now on nothing of the refused kinds; whatever else was refused before is welcome again."""
    kinds = sorted(set(refused))
    if kinds:
        OptOut.objects.update_or_create(
            fingerprint=contact.fingerprint,
            defaults={"kinds": kinds, "source": source, "updated_at": timezone.now()},
        )
    else:
        OptOut.objects.filter(fingerprint=contact.fingerprint).delete()


@transaction.atomic
def opt_out(contact: Contact, kind: str = EVERYTHING, *, source: str) -> None:
    """Nothing of this kind any more, beside what was refused before. Twice does no more than once."""
    OptOut.objects.get_or_create(fingerprint=contact.fingerprint, defaults={"source": source})
    refusal = OptOut.objects.select_for_update().get(fingerprint=contact.fingerprint)
    if not refusal.covers(kind):
        refusal.kinds = sorted({*refusal.kinds, kind})
        refusal.source, refusal.updated_at = source, timezone.now()
        refusal.save(update_fields=["kinds", "source", "updated_at"])


def record_bounce(contact: Contact, words: str, *, now: datetime | None = None) -> bool:
    """A mail server says for good that nobody can be reached there. True where that is news."""
    fresh = Contact.objects.filter(pk=contact.pk, bounced_at=None)
    return bool(fresh.update(bounced_at=now or timezone.now(), bounce=words[:500]))


def forget_bounce(contact: Contact, *, by: User) -> None:
    """A coordinator says that the address works again."""
    if not Contact.objects.filter(pk=contact.pk, bounced_at__isnull=False).update(bounced_at=None, bounce=""):
        raise ContactError(_("Mails to this address do not come back."))


def told_a_coordinator(contact: Contact, *, by: User) -> None:
    """The person said, in whatever way, that they want nothing that they did not ask for."""
    if not contact.may_be_written_to:
        raise ContactError(_("They get nothing that they did not ask for already."))
    opt_out(contact, EVERYTHING, source=Source.PERSON)


def record_complaint(contact: Contact) -> None:
    """The person's mail program reported a mail of ours as spam: nothing that was not asked for is sent again."""
    opt_out(contact, EVERYTHING, source=Source.COMPLAINT)
