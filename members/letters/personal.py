"""What requests hold on a person: those that they wrote and got, with the answers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.conduct import services as conduct
from members.conduct.models import LetterReport
from members.letters.models import Letter, LetterQuerySet
from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail
from portal.personal.deletion import addresses_of
from portal.personal.parts import contacts_of
from portal.personal.traces import erase, told
from portal.personal.uses import unused
from portal.registry import Consequence, ExportPart, LeaveRule
from portal.users.models import User

RELATIONS = ("members.Letter.writer", "members.Letter.recipient", "members.Letter.contact")
FACTS = ("kind", "topic", "words", "helps_until", "sent_at", "answer", "shares_addresses", "closed_at")


def written_by(user: User) -> LetterQuerySet:
    """By the account, and by their addresses before they had one."""
    mine = Q(writer=user) | Q(contact__in=contacts_of(user))
    found: LetterQuerySet = Letter.objects.filter(mine).with_people().order_by("sent_at")
    return found


def received_by(user: User) -> LetterQuerySet:
    found: LetterQuerySet = Letter.objects.received_by(user).with_people().order_by("sent_at")
    return found


def letters(user: User) -> dict[str, Any]:
    """Addresses of others where these were shown alone. That a request was reported is told to whoever reported it."""
    given = {"written": [_written(one) for one in written_by(user)], "received": _received(user)}
    return given if any(given.values()) else {}


def _written(letter: Letter) -> dict[str, Any]:
    status = Letter.Status.CLOSED if letter.is_reported else letter.status
    address = letter.recipient.user.email if letter.shares_addresses else ""
    return told(letter, *FACTS) | {"status": str(status), "to": str(letter.recipient), "address": address}


def _received(user: User) -> list[dict[str, Any]]:
    reasons = dict(LetterReport.objects.filter(letter__recipient__user=user).values_list("letter", "reason"))
    return [
        told(one, *FACTS, "status")
        | {
            "from": one.writer_name,
            "address": one.writer_address if one.shares_addresses else "",
            "reported_because": reasons.get(one.pk, ""),
        }
        for one in received_by(user)
    ]


def tell(user: User) -> Iterable[Consequence]:
    if written_by(user).exists() or received_by(user).exists():
        yield Consequence(_("Requests that you wrote and got, with the answers."))
    if _is_reported(user):
        yield Consequence(
            _("That you cannot write to members because a request of yours was reported."),
            _("For 90 days, so that a new account is no way around it. The address stays as a code alone."),
        )


def _is_reported(user: User) -> bool:
    return written_by(user).filter(report__status=LetterReport.Status.SUBMITTED).exists()


def leave(user: User, _byline: str) -> None:
    """With what was reported of them. Addresses of strangers that nothing else hangs on go, too.

    Who is held because nobody has looked at a report yet stays held.
    """
    if _is_reported(user):
        conduct.hold(addresses_of(user))
    mine = list(Letter.objects.filter(Q(pk__in=written_by(user).values("pk")) | Q(recipient__user=user)))
    strangers = [letter.contact_id for letter in mine if letter.contact_id]
    OutgoingMail.objects.filter(reply_to__in=addresses_of(user)).update(reply_to="")
    erase(LetterReport.objects.filter(letter__in=mine))
    erase(Letter.objects.filter(pk__in=[letter.pk for letter in mine]))
    erase(unused(Contact.objects.filter(pk__in=strangers), but=["mails"]))


PARTS = (ExportPart("requests", gettext_lazy("Requests that you wrote and got"), RELATIONS, letters),)
RULES = (LeaveRule(RELATIONS, leave, tell),)
