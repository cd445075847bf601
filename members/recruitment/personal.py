"""What drives hold on a person: whom they invited, and how they were invited themselves."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.recruitment.models import Invitation
from portal.contacts.models import Contact
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.personal.parts import contacts_of
from portal.personal.traces import erase, forget_log, told
from portal.registry import Consequence, ExportPart, LeaveRule
from portal.users.models import User

MADE = ("members.Invitation.invited_by", "members.Drive.started_by")
GOT = ("members.Invitation.contact", "members.Invitation.user")
FACTS = (
    "name", "language", "excluded_because", "invited_at", "opened_at", "declined_at", "applied_at", "joined_at",
)  # fmt: skip


def got_by(user: User) -> QuerySet[Invitation]:
    """Those to one of the person's addresses, and those by which they came, whatever address these went to.

    A link may have been passed on, so that it was somebody else's before: what it says of others is not among it.
    """
    came = Q(user=user) & (Q(applied_at__isnull=False) | Q(joined_at__isnull=False))
    return Invitation.objects.filter(Q(contact__in=contacts_of(user)) | came).order_by("pk")


def got(user: User) -> list[dict[str, Any]]:
    found = got_by(user).select_related("drive", "contact", "invited_by").prefetch_related("mails")
    own = set(contacts_of(user).values_list("pk", flat=True))
    return [
        told(one, *(FACTS if one.contact_id in own else FACTS[2:]))
        | {
            "source": one.contact.source if one.contact_id in own else "",
            "invited_by": str(one.invited_by or ""),
            "mails": [told(mail, "created_at") for mail in one.mails.all()],
        }
        for one in found
    ]


def made(user: User) -> dict[str, Any]:
    """Whom the member invited, as they see it themselves: nothing of what became of it but who joined."""
    invited = Invitation.objects.filter(invited_by=user).select_related("contact").order_by("pk")
    given = {
        "invited": [
            told(one, "name", "language", "invited_at", "joined_at") | {"address": one.contact.masked}
            for one in invited
        ],
        "drives": [told(one, "name", "started_at") for one in user.started_drives.all()],
    }
    return given if any(given.values()) else {}


def tell(user: User) -> Iterable[Consequence]:
    if got_by(user).exists():
        yield Consequence(_("How you were invited."))
    if Invitation.objects.filter(invited_by=user).exists():
        yield Consequence(
            _("Whom you invited: they may still join."), _("It is about them. That you invited them is forgotten.")
        )


def leave(user: User, _byline: str) -> None:
    """What others were written in this person's name loses its words. Whose friends they are, only the rows say.

    What waits in their name is not sent any more; what a worker has in hand leaves.
    """
    mine = Invitation.objects.filter(invited_by=user)
    in_their_name = OutgoingMail.objects.filter(drive_mail__invitation__in=mine)
    outbox.drop(in_their_name, _("Whoever invited them has left"))
    _forget_words(in_their_name.exclude(status__in=["leased", "sending"]))
    theirs = got_by(user)
    inviters = Contact.objects.filter(user__invitations__in=theirs)
    _forget_words(OutgoingMail.objects.filter(contact__in=inviters, kind="invitation_thanks", text__contains=user.name))
    strangers = Contact.objects.filter(invitations__in=theirs, user=None)
    left = list(strangers.values_list("pk", flat=True))
    erase(theirs)
    erase(Contact.objects.filter(pk__in=left, invitations=None, mails=None))
    mine.update(invited_by=None)


def _forget_words(mails: QuerySet[OutgoingMail]) -> None:
    """That they were sent stays known."""
    pks = list(mails.values_list("pk", flat=True))
    OutgoingMail.objects.filter(pk__in=pks).update(text="", html="", subject="–")
    forget_log(OutgoingMail, pks)


PARTS = (
    ExportPart("invited", gettext_lazy("How you were invited to join"), GOT, got),
    ExportPart("invitations", gettext_lazy("Whom you invited"), MADE, made),
)
RULES = (LeaveRule((*GOT, *MADE), leave, tell),)
