"""What the directory shows on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.directory.listing import Listing
from members.directory.models import Member
from members.directory.parts import Audience
from portal.registry import NextThing, Panel, Viewer
from portal.shared.kept import once_a_change


def home_panel(viewer: Viewer) -> Panel:
    """The group in figures."""
    return Panel("members/_home.html", once_a_change("figures", _figures))


def _figures() -> dict[str, int]:
    """Countries are those that visitors find in the list, since everybody reads them."""
    shown = Listing.objects.filter(level=Audience.EVERYONE).exclude(country_id=None)
    return {
        "members": Member.objects.active().count(),
        "countries": shown.values("country_id").distinct().count(),
    }


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    member = Member.objects.active().filter(user_id=viewer.pk).first()
    if member is not None and member.is_bare:
        yield NextThing(
            _("Say in a few words what somebody could ask you about."),
            reverse("profile_edit"),
            _("Fill my profile"),
            5,
        )
