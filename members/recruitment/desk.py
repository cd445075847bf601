"""The ground of a drive's pages at the desk, which lead from its own page and back to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from members.recruitment.models import Drive
from portal.desk.admin import DecisionAdmin


class DrivePages(DecisionAdmin):
    def drive(self, request: HttpRequest, pk: int, *, to_change: bool = True) -> Drive:
        """The drive that a page is about, for whoever may see it, or change it."""
        found = get_object_or_404(Drive.objects.select_related("package"), pk=pk)
        may = self.has_change_permission if to_change else self.has_view_permission
        if not may(request, found):
            raise PermissionDenied
        return found

    def back(self, drive: Drive, part: str = "") -> HttpResponseRedirect:
        """To the drive's page, at one of its parts."""
        return HttpResponseRedirect(reverse("admin:members_drive_change", args=[drive.pk]) + part)

    def shown(
        self, request: HttpRequest, template: str, title: str, drive: Drive | None = None, **context: Any
    ) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "original": drive}
        return TemplateResponse(request, f"admin/{template}", {**shared, **context})
