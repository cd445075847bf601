from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import Decision, DecisionAdmin
from reporters.coverage import services
from reporters.coverage.models import Coverage


@admin.register(Coverage)
class CoverageAdmin(DecisionAdmin):
    """What was handed in: read it as it will stand, then publish or decline it. Drafts stay with their authors."""

    list_display = ["__str__", "event", "author", "origin", "status", "submitted_at"]
    list_select_related = ["event", "author"]
    list_filter = ["status", "origin", "language", ("event", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["headline", "body", "author__name", "author__sort_key", "event__name", "reference"]
    readonly_fields = fields = (
        "event", "author", "headline", "body", "pictures", "link", "language", "is_for_wall", "origin",
        "submitted_at", "status", "decided_by", "decided_at", "reason",
    )  # fmt: skip
    refusal = services.CoverageError
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
            "can_be_declined",
            _("“%(it)s” is not published, and its author gets a mail with your reason."),
            reason_label=_("Reason, if you do not publish it: the author reads it"),
        ),
    )

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

    def after_decision(self, request: HttpRequest, obj: Model) -> str:
        """On to the next piece that waits, or back to the desk."""
        following = Coverage.objects.waiting().exclude(pk=obj.pk).order_by("submitted_at").first()
        if following is None:
            return reverse("admin:index")
        return reverse("admin:reporters_coverage_change", args=[following.pk])
