"""What people say about mails to them, and what mail servers say about their addresses."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.contacts.models import EVERYTHING, Contact, OptOut

Source = OptOut.Source


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


def forget_bounce(contact: Contact) -> bool:
    """The address works again: somebody followed a link that was mailed there, or a coordinator says so."""
    return bool(Contact.objects.filter(pk=contact.pk, bounced_at__isnull=False).update(bounced_at=None, bounce=""))


def record_complaint(contact: Contact) -> None:
    """The person's mail program reported a mail of ours as spam: nothing that was not asked for is sent again."""
    opt_out(contact, EVERYTHING, source=Source.COMPLAINT)
