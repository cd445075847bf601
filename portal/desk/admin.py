"""What every admin of the portal shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from csp.constants import NONCE
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from js_asset import Media
from simple_history.admin import SimpleHistoryAdmin

from portal.shared.version import raise_version

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The one style element that django-prose-editor 0.28 puts into the page; a browser test watches that no other comes.
EDITOR_STYLES = ["'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"]


class DeskAdmin(admin.ModelAdmin):
    """Saving and deleting at the desk puts every shared page out of date."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        raise_version()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)
        raise_version()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)
        raise_version()


class HistoryAdmin(SimpleHistoryAdmin, DeskAdmin):
    """A model whose earlier versions can be looked at and restored."""

    history_list_per_page = 50
    object_history_list_template = "admin/history_list.html"


class EditorAdmin(HistoryAdmin):
    """An admin with the rich text editor, whose import map needs a nonce and whose one style needs its hash."""

    class Media:
        js = ("js/editor.js",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        response = super().render_change_form(request, context, *args, **kwargs)
        response._csp_update = {"script-src": [NONCE], "style-src": EDITOR_STYLES}  # type: ignore[attr-defined]
        return response


@dataclass(frozen=True)
class Decision:
    """A button on a row's page at the desk: it calls a service, whose refusal is shown and changes nothing.

    `reason_label` asks for a sentence, which the service gets as `reason`.
    """

    name: str
    label: StrOrPromise
    service: Callable[..., Any]
    allowed: str
    done: StrOrPromise
    reason_label: StrOrPromise = ""
    is_main: bool = False


class DecisionAdmin(DeskAdmin):
    """Rows that are decided upon, not edited: read only, with a button for each decision that is open."""

    change_form_template = "admin/decision_change_form.html"
    decisions: tuple[Decision, ...] = ()
    refusal: type[Exception] = Exception

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [str(name) for name in super().get_readonly_fields(request, obj)] or [
            field.name for field in self.model._meta.fields
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id) if object_id else None
        if request.method == "POST" and obj is not None and self.has_change_permission(request, obj):
            return self._decide(request, obj)
        open_ones = [one for one in self.decisions if obj is not None and getattr(obj, one.allowed)]
        if not self.has_change_permission(request, obj):
            open_ones = []
        context = {**(extra_context or {}), "decisions": open_ones, "reason": request.GET.get("reason", "")}
        return super().changeform_view(request, object_id, form_url, context)

    def _decide(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        chosen = next((one for one in self.decisions if one.name == request.POST.get("decision")), None)
        if chosen is None:
            return HttpResponseRedirect(request.get_full_path())
        words = {"reason": request.POST.get("reason", "").strip()} if chosen.reason_label else {}
        try:
            chosen.service(obj, by=request.user, **words)
        except self.refusal as error:
            return self._refused(request, obj, str(error))
        self.log_change(request, obj, str(chosen.label))
        messages.success(request, str(chosen.done) % {"it": obj})
        return HttpResponseRedirect(self.after_decision(request, obj))

    def _refused(self, request: HttpRequest, obj: models.Model, words: str) -> HttpResponse:
        """The same page with the refusal, and what was typed still in its place."""
        messages.error(request, words)
        typed = request.POST.get("reason", "")
        request.method = "GET"
        open_ones = [one for one in self.decisions if getattr(obj, one.allowed)]
        return super().changeform_view(request, str(obj.pk), "", {"decisions": open_ones, "reason": typed})

    def after_decision(self, request: HttpRequest, obj: models.Model) -> str:
        """Where a decision leads: the row itself."""
        return request.get_full_path()
