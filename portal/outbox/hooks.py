"""What the outbox shows on the desk."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.outbox.models import OutgoingMail
from portal.registry import DeskItem


def desk_items() -> Iterable[DeskItem]:
    failed = OutgoingMail.objects.failed().order_by("created_at")
    oldest = failed.first()
    yield DeskItem(
        title=_("Mails that could not be sent"),
        url=reverse("admin:portal_outgoingmail_changelist") + "?status__exact=failed",
        count=failed.count(),
        permission="portal.view_outgoingmail",
        hint=oldest.error if oldest else "",
        oldest_at=oldest.created_at if oldest else None,
        late_after_days=1,
    )
