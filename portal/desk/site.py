from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import registry


@dataclass(frozen=True)
class Queue:
    """A row of the desk: what waits, how much of it and for how long."""

    item: registry.DeskItem
    now: datetime

    @property
    def title(self) -> str:
        return str(self.item.title)

    @property
    def url(self) -> str:
        return self.item.url

    @property
    def count(self) -> int:
        return self.item.count

    @property
    def hint(self) -> str:
        return str(self.item.hint)

    @property
    def is_late(self) -> bool:
        since = self.item.oldest_at
        return since is not None and self.now - since > timedelta(days=self.item.late_after_days)

    @property
    def age_words(self) -> str:
        if self.item.oldest_at is None:
            return ""
        return _("oldest %(age)s") % {"age": timesince(self.item.oldest_at, self.now, depth=1)}


def queues(user: Any, *, now: datetime | None = None) -> list[Queue]:
    """The queues this person may work on that are not empty, the late ones first."""
    now = now or timezone.now()
    items: Iterable[registry.DeskItem] = (item for give in registry.desk_items for item in give())
    waiting = [Queue(item, now) for item in items if item.count and user.has_perm(item.permission)]
    return sorted(waiting, key=lambda queue: not queue.is_late)


class Desk(admin.AdminSite):
    """The admin as the coordinators' desk: what waits for a decision stands first."""

    site_title = gettext_lazy("The desk")
    index_title = gettext_lazy("The desk")
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), "desk_queues": queues(request.user)})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign-in is the portal's own, with its second step; there is no other door."""
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """Signing out is the portal's own, too, and leads to its home."""
        return logout(request) if request.method == "POST" else redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")
