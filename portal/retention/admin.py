from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import registry
from portal.desk.admin import DecisionAdmin
from portal.retention.models import RetentionRun


def table(now: datetime) -> list[dict[str, Any]]:
    """Each rule with what its last run came to, and how much is due now."""
    runs = RetentionRun.objects.in_bulk(field_name="rule")
    return [{"rule": rule, "run": runs.get(rule.name), "due": rule.due(now)} for rule in registry.retention_rules]


@admin.register(RetentionRun)
class RetentionRunAdmin(DecisionAdmin):
    """How long things are kept, and whether the job that removes them does its work. Nothing is changed here."""

    fields = readonly_fields = ("rule", "ran_at", "removed", "removed_in_all", "error")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("How long things are kept"),
            "opts": self.opts,
            "table": table(timezone.now()),
        }
        return TemplateResponse(request, "admin/retention.html", context)
