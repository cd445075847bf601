from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.packages import services
from members.packages.forms import PackageForm
from members.packages.models import Document, Package, PackageText
from portal.desk.admin import EditorDesk


class PartOfPackage(admin.options.InlineModelAdmin):
    """What stands in a package changes as long as the package does."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and obj.is_locked)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_locked)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_locked)


class PackageTextInline(PartOfPackage, admin.StackedInline):
    model = PackageText
    min_num = 1
    max_num = 3
    fields = ["language", "title", "body"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["language", "title", "shown_body"] if obj and obj.is_locked else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["shown_body"] if obj and obj.is_locked else []

    @admin.display(description=_("text"))
    def shown_body(self, text: PackageText) -> SafeString:
        return mark_safe(text.body)  # noqa: S308 - stored sanitised, and shown to prospects in the same way


class DocumentInline(PartOfPackage, admin.TabularInline):
    model = Document


@admin.register(Package)
class PackageAdmin(EditorDesk):
    """What prospects get to read. A version that was sent is only looked at; a new one is made from it."""

    form = PackageForm
    change_form_template = "admin/package_change_form.html"
    list_display = ["name", "version", "languages", "document_count", "used_by", "created_at"]
    list_display_links = ["name"]
    search_fields = ["name", "texts__title"]
    fields = ["name", "its_drives"]
    readonly_fields = ["its_drives"]
    inlines = [PackageTextInline, DocumentInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        found = super().get_queryset(request).prefetch_related("texts", "documents")
        return found.annotate(uses=Count("drives", distinct=True))

    @admin.display(description=_("texts in"), empty_value="–")
    def languages(self, package: Package) -> str:
        return ", ".join(text.get_language_display() for text in package.texts.all())

    @admin.display(description=_("documents"))
    def document_count(self, package: Package) -> int:
        return len(package.documents.all())

    @admin.display(description=_("used by drives"), ordering="uses")
    def used_by(self, package: Any) -> int:
        return package.uses

    @admin.display(description=_("used by drives"))
    def its_drives(self, package: Package) -> SafeString | str:
        if package.pk is None:
            return gettext("Save the package first, then choose it in a drive.")
        rows = (
            (reverse("admin:members_drive_change", args=[one.pk]), one.name, one.get_status_display())
            for one in package.drives.all()
        )
        found = format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows)
        return mark_safe(f"<ul>{found}</ul>") if found else gettext("by none yet")  # noqa: S308 - escaped above

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["name"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_locked)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.drives.exists())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Packages are deleted one by one, on their page, which knows whether a drive uses them."""
        return {name: act for name, act in super().get_actions(request).items() if name != "delete_selected"}

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.new_version_view)
        return [path("<int:pk>/new-version/", view, name="members_package_new_version"), *super().get_urls()]

    def new_version_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A copy that can be changed, and its page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        copy = services.new_version(get_object_or_404(Package, pk=pk))
        self.log_addition(request, copy, gettext("New version"))
        words = gettext("This is %(package)s: change what you like, then choose it in a drive.")
        messages.success(request, words % {"package": copy})
        return HttpResponseRedirect(reverse("admin:members_package_change", args=[copy.pk]))
