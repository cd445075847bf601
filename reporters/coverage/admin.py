from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import Decision, QueueAdmin
from reporters.coverage import services
from reporters.coverage.models import Coverage
from reporters.templatetags.coverage_text import report


class StateFilter(admin.ChoicesFieldListFilter):
    """Drafts stay with their authors, so nobody at the desk can ask for them."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        draft = Coverage.Status.DRAFT.label
        return (one for one in super().choices(changelist) if one["display"] != draft)


@admin.register(Coverage)
class CoverageAdmin(QueueAdmin):
    """What was handed in: read it as it will stand, then publish or decline it. Drafts stay with their authors."""

    list_display = ["__str__", "event", "author", "origin", "status", "submitted_at"]
    list_select_related = ["event", "author"]
    list_filter = [("status", StateFilter), "origin", "language", ("event", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["headline", "body", "author__name", "author__sort_key", "event__name", "reference"]
    readonly_fields = fields = (
        "event", "author", "headline", "text", "pictures", "link", "language", "is_for_wall", "origin",
        "submitted_at", "status", "decided_by", "decided_at", "reason", "past",
    )  # fmt: skip
    hidden_while_empty = ("link", "decided_by", "decided_at", "reason")
    decisions = (
        Decision(
            "approve",
            _("Publish"),
            services.approve,
            "can_be_approved",
            _("“%(it)s” is published, and its author gets a mail."),
            is_main=True,
        ),
        Decision(
            "decline",
            _("Do not publish"),
            services.decline,
            "is_waiting",
            _("“%(it)s” is not published, and its author gets a mail with your reason."),
            reason_label=_("Reason, if you do not publish it: the author reads it"),
        ),
        Decision(
            "take-off",
            _("Take it off the site"),
            services.decline,
            "is_approved",
            _("“%(it)s” is off the site, and its author gets a mail with your reason."),
            reason_label=_("Reason: the author reads it"),
        ),
    )

    @admin.display(description=_("what happened, and what did people learn?"))
    def text(self, coverage: Coverage) -> SafeString:
        return format_html('<div class="prose">{}</div>', report(coverage.body))

    @admin.display(description=_("steps so far"))
    def past(self, coverage: Coverage) -> SafeString:
        """Each step that changed the state: when, which state, by whom."""
        versions = coverage.history.select_related("history_user").order_by("history_date", "history_id")
        steps = [next(same) for _state, same in groupby(versions, key=lambda version: version.status)]
        rows = (
            (localize(localtime(one.history_date)), one.get_status_display(), one.history_user or "–") for one in steps
        )
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}, {}</li>", rows))

    @admin.display(description=_("photographs"))
    def pictures(self, coverage: Coverage) -> SafeString | str:
        photos = list(coverage.photos.all())
        if not photos:
            return str(_("none"))
        rows = ((photo.small_url, photo.alt) for photo in photos)
        return format_html(
            '<ul class="desk-photos">{}</ul>',
            format_html_join("", '<li><img src="{}" alt="" width="240"><br>{}</li>', rows),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coverage]:
        return super().get_queryset(request).exclude(status=Coverage.Status.DRAFT)

    def stamp(self, obj: Model) -> str:
        """Taking it back, rewriting and handing it in again makes a new one."""
        coverage = Coverage.objects.get(pk=obj.pk)
        return f"{coverage.status} {coverage.submitted_at} {coverage.saved_at}"
