"""What coverage shows on other rooms' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.calendar.models import Event
from members.directory.models import Member
from portal.registry import DeskItem, Milestone, NextThing, Panel, Viewer, Waiting
from portal.shared.kept import once_a_change
from reporters.coverage.models import Coverage

IN_PANEL = 10


def event_panel(event: Event, viewer: Viewer) -> Panel:
    found = Coverage.objects.approved().filter(event=event).newest().for_list()
    some = once_a_change(f"coverage-of-event-{event.pk}", lambda: list(found[: IN_PANEL + 1]))
    context = {"coverage": some[:IN_PANEL], "has_more": len(some) > IN_PANEL, "event": event}
    return Panel("reporters/_event_panel.html", context)


def member_panel(member: Member, viewer: Viewer) -> Panel | None:
    found = Coverage.objects.approved().filter(author__member=member).newest().for_list()[:IN_PANEL]
    return Panel("reporters/_member_panel.html", {"coverage": found, "member": member}) if found else None


def me_panel(viewer: Viewer) -> Panel:
    mine = Coverage.objects.filter(author_id=viewer.pk).order_by("-saved_at").for_list()
    return Panel("reporters/_me_panel.html", {"coverage": mine[:IN_PANEL]})


def home_panel(viewer: Viewer) -> Panel | None:
    newest = once_a_change("newest-coverage", lambda: list(Coverage.objects.approved().newest().for_list()[:4]))
    return Panel("reporters/_home.html", {"coverage": newest}) if newest else None


def desk_items() -> Iterable[DeskItem]:
    waiting = Coverage.objects.waiting().order_by("submitted_at")
    oldest = waiting.first()
    yield DeskItem(
        title=_("Coverage to publish"),
        url=reverse("admin:reporters_coverage_changelist") + "?status__exact=submitted",
        count=waiting.count(),
        permission="reporters.view_coverage",
        hint=str(oldest) if oldest else "",
        oldest_at=oldest.submitted_at if oldest else None,
        late_after_days=2,
    )


def next_things(viewer: Viewer) -> Iterable[NextThing]:
    draft = Coverage.objects.drafts_of(viewer).order_by("-saved_at").first()
    if draft is not None:
        yield NextThing(
            _("Finish “%(headline)s” and hand it in.") % {"headline": draft},
            reverse("reporters:coverage_edit", args=[draft.reference]),
            _("Finish it"),
            10,
        )


def waiting(viewer: Viewer) -> Iterable[Waiting]:
    for one in Coverage.objects.waiting().filter(author_id=viewer.pk).order_by("submitted_at")[:IN_PANEL]:
        if one.submitted_at is not None:
            yield Waiting(one.headline, one.get_absolute_url(), one.submitted_at, _("with the coordinators"))


def _published(accounts: Iterable[int]) -> Iterable[int]:
    mine = Coverage.objects.approved().filter(author__in=list(accounts))
    return mine.values_list("author", flat=True).order_by().distinct()


FIRST_COVERAGE = Milestone("coverage", gettext_lazy("first coverage"), _published)
