from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.desk.admin import EditorAdmin, HistoryAdmin
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
        (_("Mail"), {"fields": ["sender_name", "sender_address", "reply_to", "postal_address"]}),
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
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "form": form,
            "rows": _compared(SpecialtyGroup.objects.current(), form.instance),
            "kept_tags": form.instance.tags,
        }
        return TemplateResponse(request, "admin/group_preview.html", context)


def _compared(before: SpecialtyGroup, typed: SpecialtyGroup) -> list[tuple[str, str, str]]:
    """What readers see of the group: a name for it, as it is and as it would be, in each language."""
    rows = []
    for code, language in settings.LANGUAGES:
        with override(code):
            for label, show in SHOWN.items():
                rows.append((f"{label} ({language})", show(before), show(typed)))
    return [*rows, (str(_("Tag")), f"#{before.tag}", f"#{typed.tag}"), (str(_("Sender")), before.sender, typed.sender)]


SHOWN: dict[Any, Callable[[SpecialtyGroup], str]] = {
    _("Head of every page"): lambda group: group.short_name,
    _("Full name"): lambda group: group.name,
    _("What it belongs to"): lambda group: group.parent,
}


class PageTextInline(admin.StackedInline):
    model = PageText
    extra = 0
    min_num = 1


class PageFileInline(admin.TabularInline):
    model = PageFile
    extra = 0


@admin.register(Page)
class PageAdmin(EditorAdmin):
    list_display = ["__str__", "slug", "menu_place", "is_published", "updated_at"]
    list_filter = ["is_published"]
    search_fields = ["slug", "texts__title", "texts__body"]
    inlines = [PageTextInline, PageFileInline]

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).prefetch_related("texts")


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
