"""What drives show on other rooms' pages, and the kinds of mail they send."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.recruitment.models import CIRCULAR, INVITATION, Drive
from portal.registry import DeskItem, MailKind

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
