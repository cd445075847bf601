"""What requests show on one's own page."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from members.letters.models import Letter
from portal.registry import NextThing, Panel, Viewer, Waiting

IN_PANEL = 3


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    oldest = Letter.objects.received_by(viewer).waiting().with_people().order_by("sent_at").first()
    if oldest is not None:
        title = _("%(name)s waits for your answer.") % {"name": oldest}
        yield NextThing(title, oldest.get_absolute_url(), _("Read the request"), 5)


def me_panel(viewer: Viewer) -> Panel | None:
    """Who waits for me."""
    mine = Letter.objects.of_person(viewer)
    if not mine.exists():
        return None
    waiting = mine.waiting().with_people().order_by("sent_at")
    received = waiting.filter(recipient__user_id=viewer.pk)[:IN_PANEL]
    return Panel("members/_letters_panel.html", {"received": received})


def waiting(viewer: Viewer) -> Iterable[Waiting]:
    """For whom I wait."""
    for letter in Letter.objects.written_by(viewer).waiting().with_people().order_by("sent_at"):
        yield Waiting(_("Your request"), letter.get_absolute_url(), letter.sent_at, str(letter.recipient))
