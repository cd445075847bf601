"""What reported requests show at the desk."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.conduct.models import LetterReport
from portal.registry import DeskItem


def desk_items() -> Iterable[DeskItem]:
    waiting = LetterReport.objects.filter(status=LetterReport.Status.SUBMITTED).order_by("submitted_at")
    oldest = waiting.select_related("letter__writer").first()
    yield DeskItem(
        title=_("Requests that members reported"),
        url=reverse("admin:members_letterreport_changelist") + "?status__exact=submitted",
        count=waiting.count(),
        permission="members.view_letterreport",
        hint=str(oldest) if oldest else "",
        oldest_at=oldest.submitted_at if oldest else None,
        late_after_days=2,
    )
