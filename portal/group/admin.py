from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import EditorAdmin, HistoryAdmin
from portal.group.colours import SHADE_DARK, SHADE_LIGHT
from portal.group.forms import SpecialtyGroupForm
from portal.group.models import Country, Page, PageFile, PageText, Region, SpecialtyGroup, Topic


@admin.register(SpecialtyGroup)
class SpecialtyGroupAdmin(HistoryAdmin):
    """The one row: its list leads straight to its form, which can be previewed before it is saved."""

    form = SpecialtyGroupForm
    change_form_template = "admin/group_change_form.html"
    fieldsets = [
        (_("Names"), {"fields": [
            ("name_en", "name_fr", "name_es"), ("short_name_en", "short_name_fr", "short_name_es"),
            ("parent_en", "parent_fr", "parent_es"),
        ]}),
        (_("Tag"), {"fields": ["tag", "former_tags"]}),
        (_("Mail"), {"fields": ["sender_name", "sender_address", "reply_to", "postal_address", "weekly_cap"]}),
        (_("Look and languages"), {"fields": ["colour", "colour_dark", "languages"]}),
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SpecialtyGroup | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:portal_specialtygroup_change", args=[1]))

    def get_urls(self) -> list:
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="portal_specialtygroup_preview")
        return [preview, *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """How header, home, a mail and the tag would look with what is typed, without saving it."""
        current = SpecialtyGroup.objects.current()
        if not self.has_change_permission(request, current):
            raise PermissionDenied
        form = SpecialtyGroupForm(request.POST or None, instance=current)
        form.is_valid()
        stored = SpecialtyGroup.objects.current()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "form": form,
            "rows": _compared(stored, form.instance),
            "swatches": _swatches(stored, form.instance),
            "kept_tags": form.instance.tags,
        }
        return TemplateResponse(request, "admin/group_preview.html", context)


SHOWN: dict[Any, Callable[[SpecialtyGroup], str]] = {
    _("Head of every page"): lambda group: group.short_name,
    _("Full name"): lambda group: group.name,
    _("What it belongs to"): lambda group: group.parent,
    _("Foot of every mail"): lambda group: "\n".join(filter(None, [group.name, group.postal_address])),
}


def _compared(before: SpecialtyGroup, typed: SpecialtyGroup) -> list[tuple[str, str, str]]:
    """What readers see of the group: a name for it, as it is and as it would be, in each language."""
    rows = []
    for code, language in settings.LANGUAGES:
        for label, show in SHOWN.items():
            title = f"{label} ({language})"  # in the coordinator's language, whichever is compared
            with override(code):
                rows.append((title, show(before), show(typed)))
    return [
        *rows,
        (gettext("Sender"), before.sender, typed.sender),
        (gettext("Replies go to"), before.reply_to or before.sender_address, typed.reply_to or typed.sender_address),
        (gettext("Tag"), f"#{before.tag}", f"#{typed.tag}"),
    ]


def _swatches(before: SpecialtyGroup, typed: SpecialtyGroup) -> list[dict[str, str]]:
    """Each of the two colours, before and after, with the ground it stands on."""
    light, dark = gettext("colour on a light ground"), gettext("colour on a dark ground")
    return [
        {"label": light, "ground": SHADE_LIGHT, "now": before.colour, "then": typed.colour},
        {"label": dark, "ground": SHADE_DARK, "now": before.colour_dark, "then": typed.colour_dark},
    ]


@admin.register(PageText)
class PageTextAdmin(HistoryAdmin):
    """The versions of a page's text. It is written on its page; here it is only looked back at and restored."""

    fields = readonly_fields = ("page", "language", "title", "summary", "shown_body")
    kept = ("page", "language")

    @admin.display(description=_("text"))
    def shown_body(self, text: PageText) -> SafeString:
        return mark_safe(text.body)  # noqa: S308 - stored sanitised, and shown to everybody in the same way

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list:
        """The addresses of its history, and those that history leads back to."""
        view, name = self.admin_site.admin_view, "portal_pagetext"
        return [
            path("", view(self.to_page), name=f"{name}_changelist"),
            path("<path:object_id>/change/", view(self.to_page), name=f"{name}_change"),
            path("<path:object_id>/history/", view(self.history_view), name=f"{name}_history"),
            path(
                "<path:object_id>/history/<str:version_id>/",
                view(self.history_form_view),
                name=f"{name}_simple_history",
            ),
        ]

    def to_page(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        text = PageText.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if text is None:
            return HttpResponseRedirect(reverse("admin:portal_page_changelist"))
        return HttpResponseRedirect(reverse("admin:portal_page_change", args=[text.page_id]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A version of a text that was deleted comes back; where the page has another one by now, as that one's."""
        get_object_or_404(Page, pk=obj.page_id)
        if not PageText.objects.filter(pk=obj.pk).exists():
            other = PageText.objects.filter(page_id=obj.page_id, language=obj.language).first()
            obj.pk = other.pk if other else obj.pk
        super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: PageText) -> HttpResponse:
        messages.success(request, gettext("“%(title)s” is restored.") % {"title": obj.title})
        return HttpResponseRedirect(reverse("admin:portal_page_change", args=[obj.page_id]))


class PageTextInline(admin.StackedInline):
    model = PageText
    extra = 0
    min_num = 1
    fields = ["language", "title", "summary", "body", "versions"]
    readonly_fields = ["versions"]

    @admin.display(description=_("earlier versions"))
    def versions(self, text: PageText) -> SafeString | str:
        if text.pk is None:
            return str(_("none"))
        link = reverse("admin:portal_pagetext_history", args=[text.pk])
        return format_html('<a href="{}">{}</a>', link, gettext("History of this text"))


class PageFileInline(admin.TabularInline):
    model = PageFile
    extra = 0


@admin.register(Page)
class PageAdmin(EditorAdmin):
    list_display = ["__str__", "slug", "menu_place", "is_published", "updated_at"]
    list_filter = ["is_published"]
    search_fields = ["slug", "texts__title", "texts__body"]
    inlines = [PageTextInline, PageFileInline]
    object_history_template = "admin/page_history.html"

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).prefetch_related("texts")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page's own versions, and the way to those of each text it has or had."""
        versions = PageText.history.filter(page_id=object_id) if object_id.isdecimal() else PageText.history.none()
        latest = versions.order_by("id", "-history_date", "-history_id").distinct("id")
        return super().history_view(request, object_id, {**(extra_context or {}), "texts": latest})


@admin.register(Topic)
class TopicAdmin(HistoryAdmin):
    list_display = ["name_en", "name_fr", "name_es", "kind"]
    list_filter = ["kind"]
    search_fields = ["name_en", "name_fr", "name_es", "synonyms"]
    prepopulated_fields = {"slug": ["name_en"]}


@admin.register(Region)
class RegionAdmin(HistoryAdmin):
    list_display = ["name_en", "name_fr", "name_es", "slug"]
    search_fields = ["name_en", "name_fr", "name_es"]
    prepopulated_fields = {"slug": ["name_en"]}


@admin.register(Country)
class CountryAdmin(HistoryAdmin):
    list_display = ["name_en", "code", "region", "zone"]
    list_select_related = ["region"]
    list_filter = ["region"]
    search_fields = ["name_en", "name_fr", "name_es", "=code"]
    autocomplete_fields = ["region"]
