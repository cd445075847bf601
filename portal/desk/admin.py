"""What every admin of the portal shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from csp.constants import NONCE
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from js_asset import Media
from simple_history.admin import SimpleHistoryAdmin

from portal.refusal import Refusal
from portal.shared.version import raise_version

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The one style element that django-prose-editor 0.28 puts into the page; a browser test watches that no other comes.
EDITOR_STYLES = ["'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"]


class DeskAdmin(admin.ModelAdmin):
    """Saving and deleting at the desk puts every shared page out of date; lists are filtered by what they offer."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the filters that a list shows. Django allows any field of the row, and so guessing a password's hash
        or the text of a mail letter by letter."""
        offered = [one for one in [*self.list_filter, self.date_hierarchy] if isinstance(one, str)]
        offered += [str(one[0]) for one in self.list_filter if isinstance(one, tuple | list)]
        offered += [str(getattr(one, "parameter_name", "")) for one in self.list_filter if isinstance(one, type)]
        fits = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return (fits or lookup in {"id__exact", "pk__exact"}) and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

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
    """A model whose earlier versions can be looked at and restored.

    `kept` names the fields that restoring leaves as they are now.
    """

    history_list_per_page = 50
    object_history_list_template = "admin/history_list.html"
    kept: tuple[str, ...] = ()

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        stored = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        if stored is not None:
            self._keep_first_version(stored)
            for name in self.kept:
                setattr(obj, name, getattr(stored, name))
        super().save_model(request, obj, form, change)

    def _keep_first_version(self, stored: Any) -> None:
        """Rows that a migration made have no version of their beginning: it is written down before it is lost."""
        versions = getattr(self.model, self.model._meta.simple_history_manager_attribute)
        if not versions.filter(**{self.model._meta.pk.attname: stored.pk}).exists():
            stored._history_user = None
            versions.bulk_history_create([stored])


class EditorDesk(DeskAdmin):
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


class EditorAdmin(EditorDesk, HistoryAdmin):
    """The rich text editor for what has versions."""


@dataclass(frozen=True)
class Decision:
    """A button on a row's page at the desk: it calls a service, whose refusal is shown and changes nothing.

    `reason_label` asks for a sentence, which the service gets as `words_as`. Decisions that are open at the same time
    share one box, under the label of the first of them.
    """

    name: str
    label: StrOrPromise
    service: Callable[..., Any]
    allowed: str
    done: StrOrPromise
    reason_label: StrOrPromise = ""
    words_as: str = "reason"
    is_main: bool = False


class DecisionAdmin(DeskAdmin):
    """Rows that are decided upon, not edited: read only, with a button for each decision that is open.

    Fields of `hidden_while_empty` are shown once they hold something.
    """

    change_form_template = "admin/decision_change_form.html"
    decisions: tuple[Decision, ...] = ()
    hidden_while_empty: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [str(name) for name in super().get_readonly_fields(request, obj)] or [
            field.name for field in self.model._meta.fields
        ]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        fields = super().get_fields(request, obj)
        return [name for name in fields if name not in self.hidden_while_empty or getattr(obj, str(name), None)]

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
        context = self._shown(request, obj, reason=request.GET.get("reason", "")) if obj is not None else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def _shown(self, request: HttpRequest, obj: models.Model, *, reason: str) -> dict[str, Any]:
        may_decide = self.has_change_permission(request, obj)
        open_ones = [one for one in self.decisions if may_decide and getattr(obj, one.allowed)]
        title = self.page_title(obj)
        return {
            "title": title,
            "subtitle": None if str(obj) in title else str(obj),
            "decisions": open_ones,
            "reason_label": next((one.reason_label for one in open_ones if one.reason_label), ""),
            "reason": reason,
            "seen": self.stamp(obj),
        }

    def _decide(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        chosen = next((one for one in self.decisions if one.name == request.POST.get("decision")), None)
        if chosen is None:
            return HttpResponseRedirect(request.get_full_path())
        if request.POST.get("seen") != self.stamp(obj):
            return self._refused(request, obj, _("This has changed since you opened it. Read it again, then decide."))
        typed = request.POST.get("reason", "").replace("\0", "").strip()
        words = {chosen.words_as: typed} if chosen.reason_label else {}
        try:
            chosen.service(obj, by=request.user, **words)
        except Refusal as error:
            return self._refused(request, obj, str(error))
        self.log_change(request, obj, str(chosen.label))
        messages.success(request, str(chosen.done) % {"it": obj})
        return HttpResponseRedirect(self.after_decision(request, obj))

    def _refused(self, request: HttpRequest, obj: models.Model, words: str) -> HttpResponse:
        """The same page with the refusal, and what was typed still in its place."""
        messages.error(request, words)
        typed = request.POST.get("reason", "")
        request.method = "GET"
        return super().changeform_view(request, str(obj.pk), "", self._shown(request, obj, reason=typed))

    def page_title(self, obj: models.Model) -> str:
        """What the page is about; the row's own name follows unless it is part of it."""
        return capfirst(str(self.opts.verbose_name))

    def stamp(self, obj: models.Model) -> str:
        """What changes whenever the row does, so that nobody decides on words they have not read."""
        return str(obj.pk)

    def after_decision(self, request: HttpRequest, obj: models.Model) -> str:
        """Where a decision leads: the row itself."""
        return request.get_full_path()


class QueueAdmin(DecisionAdmin):
    """Rows handed in, in the state `submitted` until somebody decides: the oldest first, and each leads to the next."""

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        is_queue = request.GET.get("status__exact") == "submitted"
        return ("submitted_at" if is_queue else "-submitted_at", "pk")

    def after_decision(self, request: HttpRequest, obj: models.Model) -> str:
        """On to the next one that waits, or back to the desk."""
        waiting = self.get_queryset(request).filter(status="submitted").exclude(pk=obj.pk)
        following = waiting.order_by("submitted_at", "pk").first()
        if following is None:
            return reverse("admin:index")
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[following.pk])
