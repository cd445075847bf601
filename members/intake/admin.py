from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.intake import services
from members.intake.columns import COLUMNS
from members.intake.forms import UploadForm
from members.intake.models import Import, ImportRow
from portal.desk.admin import Decision, DecisionAdmin
from portal.lists.forms import ColumnsForm
from portal.refusal import Refusal
from portal.users.models import User


def start(source: Import, *, by: User) -> None:
    services.at_once(services.start(source, by=by))


def undo(source: Import, *, by: User) -> None:
    services.at_once(services.undo(source, by=by))


@admin.register(Import)
class ImportAdmin(DecisionAdmin):
    """Lists of people who are members already: uploaded, checked row by row, imported, and undone where needed."""

    change_form_template = "admin/import_change_form.html"
    list_display = ["name", "status", "profiles", "uploaded_by", "uploaded_at"]
    list_select_related = ["uploaded_by"]
    list_filter = ["status"]
    search_fields = ["name"]
    readonly_fields = fields = (
        "status", "error", "uploaded_by", "uploaded_at", "language", "finished_at", "undone_at", "erased_at",
    )  # fmt: skip
    hidden_while_empty = ("error", "finished_at", "undone_at", "erased_at")
    decisions = (
        Decision(
            "import",
            _("Import the good rows and write to each person"),
            start,
            "can_be_imported",
            _("The good rows of “%(it)s” are imported, and each person gets a mail with a link to their profile."),
            is_main=True,
        ),
        Decision(
            "undo",
            _("Undo this import"),
            undo,
            "can_be_undone",
            _("“%(it)s” is undone. Profiles that somebody has touched since stay."),
        ),
        Decision("discard", _("Discard this list"), services.discard, "can_be_discarded", _("“%(it)s” is discarded.")),
    )

    @admin.display(description=_("profiles made"), ordering="made")
    def profiles(self, source: Any) -> int:
        return source.made

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        made = Q(rows__imported_at__isnull=False, rows__undone_at=None)
        return super().get_queryset(request).annotate(made=Count("rows", filter=made))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def page_title(self, obj: Model) -> str:
        return str(obj)

    def stamp(self, obj: Model) -> str:
        source = Import.objects.filter(pk=obj.pk).first()
        return f"{source.status} {source.people} {source.people_to_come}" if source else ""

    def after_decision(self, request: HttpRequest, obj: Model) -> str:
        if Import.objects.filter(pk=obj.pk).exists():
            return request.get_full_path()
        return reverse("admin:members_import_changelist")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.columns_view)
        return [path("<path:object_id>/columns/", view, name="members_import_columns"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        """A list is uploaded; what it looks like and what its columns hold is asked next."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        person: User = request.user  # type: ignore[assignment]
        form = UploadForm(request.POST or None, request.FILES or None, initial={"language": person.language})
        if request.method == "POST" and form.is_valid():
            try:
                source = services.upload(form.cleaned_data["file"], by=person, language=form.cleaned_data["language"])
            except Refusal as error:
                form.add_error("file", str(error))
            else:
                self.log_addition(request, source, gettext("Uploaded"))
                return HttpResponseRedirect(reverse("admin:members_import_columns", args=[source.pk]))
        return self._page(request, "admin/import_add.html", gettext("Bring in the members of today"), form=form)

    def columns_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Which column holds what: guessed, shown beside the first rows, and changed where the guess is wrong."""
        source: Import | None = self.get_object(request, object_id)
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        if source is None or not source.can_be_mapped:
            return HttpResponseRedirect(reverse("admin:members_import_changelist"))
        page = reverse("admin:members_import_change", args=[source.pk])
        try:
            layout = services.layout(source)
            form = ColumnsForm(request.POST or None, layout=layout, columns=COLUMNS, chosen=source.places)
            if request.method == "POST" and form.is_valid():
                services.at_once(services.choose_columns(source, form.places, by=request.user))  # type: ignore[arg-type]
                return HttpResponseRedirect(page)
        except (Refusal, FileNotFoundError) as error:
            messages.error(
                request, str(error) if isinstance(error, Refusal) else gettext("The list is not here any more.")
            )
            return HttpResponseRedirect(page)
        title = gettext("What does each column hold?")
        return self._page(request, "admin/import_columns.html", title, form=form, original=source)

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, {**shared, **context})


@admin.register(ImportRow)
class ImportRowAdmin(DecisionAdmin):
    """The rows of one list: reached from the list's page."""

    list_display = ["number", "person", "email", "outcome", "words", "state"]
    list_display_links = ["number", "person"]
    list_filter = ["outcome", ("source", admin.RelatedOnlyFieldListFilter)]
    readonly_fields = fields = ("source", "number", "person", "email", "outcome", "words", "state", "stayed")
    hidden_while_empty = ("words", "stayed")

    @admin.display(description=_("person"))
    def person(self, row: ImportRow) -> str:
        return row.person

    @admin.display(description=_("e-mail address"))
    def email(self, row: ImportRow) -> str:
        return row.email

    @admin.display(description=_("problems"))
    def words(self, row: ImportRow) -> str:
        return row.words

    @admin.display(description=_("since then"), empty_value="–")
    def state(self, row: ImportRow) -> str:
        if row.undone_at is not None:
            return gettext("taken out again")
        return str(row.member.get_status_display()) if row.member else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRow]:
        return super().get_queryset(request).select_related("source", "member")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
