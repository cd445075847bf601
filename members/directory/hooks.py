"""What the directory shows on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.directory.models import Member
from portal.group.models import Country
from portal.registry import NextThing, Panel, Viewer


def home_panel(viewer: Viewer) -> Panel:
    """The group in figures."""
    return Panel(
        "members/_home.html",
        {
            "members": Member.objects.filter(user__is_active=True).count(),
            "countries": Country.objects.filter(members__user__is_active=True).distinct().count(),
        },
    )


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    member = Member.objects.filter(user_id=viewer.pk).first()
    if member is not None and member.is_bare:
        yield NextThing(
            _("Say in a few words what somebody could ask you about."),
            reverse("profile_edit"),
            _("Fill my profile"),
            5,
        )
