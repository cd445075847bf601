"""What lists of members show on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.intake.models import Import, ProfileClaim
from portal.registry import DeskItem, NextThing, Viewer


def desk_items() -> Iterable[DeskItem]:
    waiting = Import.objects.waiting().order_by("uploaded_at")
    oldest = waiting.first()
    yield DeskItem(
        title=_("Lists of members to finish"),
        url=reverse("admin:members_import_changelist"),
        count=waiting.count(),
        permission="members.view_import",
        hint=str(oldest) if oldest else "",
        oldest_at=oldest.uploaded_at if oldest else None,
    )


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    claim = ProfileClaim.objects.waiting().filter(member__user_id=viewer.pk).select_related("member__user").first()
    if claim is not None:
        yield NextThing(
            _("A profile is kept for you. Look at it, correct it, and decide who may see it."),
            claim.personal_path,
            _("Look at my profile"),
            5,
        )
