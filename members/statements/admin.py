from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.statements.models import Statement, Version
from portal.desk.admin import DeskAdmin, HistoryAdmin


@admin.register(Statement)
class StatementAdmin(HistoryAdmin):
    """What the group agreed on. The words themselves are its versions."""

    list_display = ["__str__", "is_for_joining", "number_in_force"]
    search_fields = ["name_en", "name_fr", "name_es"]
    prepopulated_fields = {"slug": ["name_en"]}
    fields = ["name_en", "name_fr", "name_es", "slug", "is_for_joining", "its_versions"]
    readonly_fields = ["its_versions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        now = Version.objects.in_force().filter(statement=OuterRef("pk"))
        return super().get_queryset(request).annotate(current=Subquery(now.values("number")[:1]))

    @admin.display(description=_("version in force"), empty_value="–")
    def number_in_force(self, statement: Any) -> int | None:
        return statement.current

    @admin.display(description=_("versions"))
    def its_versions(self, statement: Statement) -> SafeString | str:
        if statement.pk is None:
            return gettext("Save the statement first, then write its first version.")
        add = f"{reverse('admin:members_version_add')}?{urlencode({'statement': statement.pk})}"
        rows = (
            (reverse("admin:members_version_change", args=[one.pk]), one, one.in_force_from or gettext("being written"))
            for one in statement.versions.select_related("statement")
        )
        return format_html(
            '<ul>{}<li><a href="{}">{}</a></li></ul>',
            format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows),
            add,
            gettext("Write a new version"),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        return False


@admin.register(Version)
class VersionAdmin(DeskAdmin):
    """The words. From the day a version is in force it is only looked at."""

    list_display = ["__str__", "in_force_from", "is_now", "accepted_by"]
    list_select_related = ["statement"]
    list_filter = ["statement"]
    fields = ["statement", "number", "text_en", "text_fr", "text_es", "in_force_from", "accepted_by"]
    readonly_fields = ["accepted_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        now = Version.objects.in_force().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(people=Count("acceptances"), is_current=Exists(now))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The next number, and the words of the version before: a new one is seldom written from nothing."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        statement = str(initial.get("statement", ""))
        last = Version.objects.filter(statement_id=int(statement)).first() if statement.isdecimal() else None
        if last is None:
            return initial
        texts = {name: getattr(last, name) for name in ("text_en", "text_fr", "text_es")}
        return {**initial, **texts, "number": last.number + 1}

    @admin.display(description=_("in force now"), boolean=True)
    def is_now(self, version: Any) -> bool:
        return version.is_current

    @admin.display(description=_("accepted by (people)"), ordering="people")
    def accepted_by(self, version: Any) -> int:
        return getattr(version, "people", 0)

    def has_change_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and obj.has_begun)

    def has_delete_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.has_begun)
