from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members.prospects import services
from members.prospects.forms import BringForm
from members.prospects.models import ProspectList
from members.recruitment.models import Drive
from portal.desk.admin import Decision, DecisionAdmin
from portal.lists.columns import PEOPLE
from portal.lists.forms import ColumnsForm
from portal.refusal import Refusal
from portal.users.models import User

PAGE = "admin:members_prospectlist_change"


def add(found: ProspectList, *, by: User) -> None:
    services.at_once(services.add(found, by=by))


@admin.register(ProspectList)
class ProspectListAdmin(DecisionAdmin):
    """Lists of people for a drive: brought from its page, checked by row, and added on request."""

    change_form_template = "admin/prospects_change_form.html"
    list_display = ["name", "drive", "status", "good", "bad", "added", "uploaded_by", "uploaded_at"]
    list_select_related = ["drive", "uploaded_by"]
    list_filter = ["status", ("drive", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "source"]
    readonly_fields = fields = (
        "drive", "status", "error", "good", "bad", "added", "source", "basis", "language", "uploaded_by", "uploaded_at",
        "added_at",
    )  # fmt: skip
    hidden_while_empty = ("error", "added", "added_at")
    decisions = (
        Decision(
            "add", _("Add the good rows"), add, "can_be_added", _("The good rows of “%(it)s” go into the audience."),
            is_main=True,
        ),
        Decision("discard", _("Discard this list"), services.discard, "can_be_discarded", _("“%(it)s” is discarded.")),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def page_title(self, obj: Model) -> str:
        return str(obj)

    def stamp(self, obj: Model) -> str:
        found = ProspectList.objects.filter(pk=obj.pk).first()
        return f"{found.status} {found.good} {found.bad}" if found else ""

    def _shown(self, request: HttpRequest, obj: Any, *, reason: str) -> dict[str, Any]:
        shown = super()._shown(request, obj, reason=reason)
        words = ngettext(
            "Add the one good row to the audience", "Add the %(number)s good rows to the audience", obj.good
        )
        named = {"add": words % {"number": obj.good}}
        shown["decisions"] = [replace(one, label=named.get(one.name, one.label)) for one in shown["decisions"]]
        return shown

    def after_decision(self, request: HttpRequest, obj: Any) -> str:
        """To the drive, unless something of the list is still to be read."""
        found = ProspectList.objects.filter(pk=obj.pk).first()
        if found is not None and found.status == ProspectList.Status.FAILED:
            return request.get_full_path()
        return reverse("admin:members_drive_change", args=[obj.drive_id]) + "#who"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.columns_view)
        return [path("<int:pk>/columns/", view, name="members_prospectlist_columns"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        """People for the drive that the address names."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = request.GET.get("drive", "")
        drive = Drive.objects.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() else None
        if drive is None:
            messages.error(request, gettext("Open a drive first, and add people there."))
            return HttpResponseRedirect(reverse("admin:members_drive_changelist"))
        if not (drive.is_open and drive.is_recruitment):
            messages.error(request, gettext("No list can be added to this drive."))
            return HttpResponseRedirect(reverse("admin:members_drive_change", args=[drive.pk]))
        form = BringForm(request.POST or None, request.FILES or None, initial={"language": "en"})
        if request.method == "POST" and form.is_valid():
            found = self._brought(request, drive, form)
            if found is not None:
                page = PAGE if found.status != found.Status.UPLOADED else "admin:members_prospectlist_columns"
                return HttpResponseRedirect(reverse(page, args=[found.pk]))
        title = gettext("Add people from a list")
        return self._page(request, "admin/prospects_add.html", title, form=form, drive=drive)

    def _brought(self, request: HttpRequest, drive: Drive, form: BringForm) -> ProspectList | None:
        file, by = form.cleaned_data["upload"], request.user
        try:
            if file:
                found = services.bring(drive, file, by=by, **form.about)  # type: ignore[arg-type]
            else:
                found = services.paste(drive, form.cleaned_data["text"], by=by, **form.about)  # type: ignore[arg-type]
        except Refusal as error:
            form.add_error("upload" if file else "text", str(error))
            return None
        self.log_addition(request, found, gettext("Brought for “%(drive)s”") % {"drive": drive})
        services.at_once(found)
        return found

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which column holds what: guessed, shown beside the first rows, and changed where the guess is wrong."""
        found = get_object_or_404(ProspectList.objects.select_related("drive"), pk=pk)
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        page = reverse(PAGE, args=[pk])
        if not found.can_be_mapped:
            return HttpResponseRedirect(page)
        try:
            layout = services.layout(found)
            form = ColumnsForm(request.POST or None, layout=layout, columns=PEOPLE, chosen=found.places)
            if request.method == "POST" and form.is_valid():
                services.at_once(services.choose_columns(found, form.places, by=request.user))  # type: ignore[arg-type]
                return HttpResponseRedirect(page)
        except (Refusal, FileNotFoundError) as error:
            gone = gettext("The list is not here any more. Discard it, and upload it again.")
            messages.error(request, str(error) if isinstance(error, Refusal) else gone)
            return HttpResponseRedirect(page)
        title = gettext("What does each column hold?")
        return self._page(request, "admin/prospects_columns.html", title, form=form, original=found, drive=found.drive)

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, {**shared, **context})
