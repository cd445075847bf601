"""What drives show on other rooms' pages, and the kinds of mail they send."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.directory.models import Member
from members.recruitment import answers
from members.recruitment.models import CIRCULAR, INVITATION, Drive, Invitation
from portal.registry import DeskItem, MailKind, NextThing, Panel, Viewer
from portal.users.models import User
from portal.users.requests import forget_sign_up

IN_SESSION = "invitation"  # the row by which somebody said that they want to join, until they have an account
MAIL_KINDS = (
    MailKind(
        CIRCULAR,
        gettext_lazy("Circulars"),
        gettext_lazy("News of the coordinators for members, a few times a year."),
    ),
    MailKind(
        INVITATION,
        gettext_lazy("Invitations to join"),
        gettext_lazy("A mail that asks whether you would like to become a member, and its reminders."),
    ),
)


def desk_items() -> Iterable[DeskItem]:
    held = Drive.objects.held().order_by("starts_at")
    oldest = held.first()
    yield DeskItem(
        title=_("Drives that were held: their time has passed"),
        url=reverse("admin:members_drive_changelist") + "?status__exact=held",
        count=held.count(),
        permission="members.view_drive",
        hint=str(oldest) if oldest else "",
        oldest_at=oldest.starts_at if oldest else None,
    )


def me_panel(viewer: Viewer) -> Panel | None:
    """Whom a member invited, and the way to invite more."""
    mine = Invitation.objects.all().once_each_by(viewer.pk)
    counts = mine.aggregate(invited=Count("pk"), joined=Count("joined_at"))
    is_open = Drive.objects.open_to_colleagues().exists()
    if not (is_open or counts["invited"]):
        return None
    return Panel("members/_invite_panel.html", {**counts, "is_open": is_open})


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    newest = Drive.objects.open_to_colleagues().first()
    if newest is None or not Member.objects.active().filter(user_id=viewer.pk).exists():
        return
    if not newest.invitations.filter(invited_by_id=viewer.pk).exists():
        yield NextThing(_("Whom do you know who should be here, too? Invite them."), reverse("invite"), _("Invite"), 3)


# --- signing up and in ----------------------------------------------------------------------------------------------
def signed_up(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The account is theirs who took up an invitation in this browser, also where its address is another one."""
    found = Invitation.objects.filter(pk=request.session.get(IN_SESSION, 0)).first()
    if found is not None:
        answers.take_up(found, user)


def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The same for an account that they had before."""
    signed_up(request, user)
    request.session.pop(IN_SESSION, None)
    forget_sign_up(request)
