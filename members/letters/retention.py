"""How long the words of requests are kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.conduct.models import LetterReport
from members.letters.models import Letter
from portal.contacts.models import Contact
from portal.personal.traces import erase
from portal.personal.uses import unused
from portal.registry import RetentionRule


@transaction.atomic
def erase_words(now: datetime, limit: int) -> int:
    """Of accounts the rows stay as their history, without words; of who has none nothing is kept."""
    locked = Letter.objects.to_erase(now).select_for_update(of=("self",), skip_locked=True).order_by("pk")
    old = list(locked[:limit])
    strangers = [letter for letter in old if letter.contact_id]
    Letter.objects.filter(pk__in=[letter.pk for letter in old]).update(words="", answer="", erased_at=now)
    LetterReport.objects.filter(letter__in=old).update(reason="")
    erase(Letter.objects.filter(pk__in=[letter.pk for letter in strangers]))
    addresses = [letter.contact_id for letter in strangers]
    erase(unused(Contact.objects.filter(pk__in=addresses), but=["mails"]))
    return len(old)


RULES = (
    RetentionRule(
        "requests",
        _("Words of requests to members, and of the answers"),
        _("90 days after the request was closed, or a report of it decided"),
        _("The words are erased; who wrote to whom and when stays, but for people without an account."),
        lambda now: Letter.objects.to_erase(now).count(),
        erase_words,
    ),
)
