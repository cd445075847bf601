"""What the outbox shows on the desk."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.outbox.models import OutgoingMail, OutgoingMailQuerySet
from portal.registry import DeskItem

PATIENCE = timedelta(minutes=15)


def desk_items() -> Iterable[DeskItem]:
    mails = OutgoingMail.objects.all()
    yield _item(_("Mails that could not be sent"), mails.failed(), "status__exact=failed")
    yield _item(_("Mails of which nobody knows whether they left"), mails.unknown(), "status__exact=unknown")
    stuck = mails.refused_for_now(timezone.now() - PATIENCE)
    yield _item(_("Mails that the mail server does not take yet"), stuck, "status__exact=queued")


def _item(title: str, mails: OutgoingMailQuerySet, chosen: str) -> DeskItem:
    oldest = mails.order_by("created_at").first()
    return DeskItem(
        title=title,
        url=reverse("admin:portal_outgoingmail_changelist") + f"?{chosen}",
        count=mails.count(),
        permission="portal.view_outgoingmail",
        hint=oldest.error if oldest else "",
        oldest_at=oldest.created_at if oldest else None,
        late_after_days=1,
    )
