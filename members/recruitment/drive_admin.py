from hashlib import sha256
from time import time
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members.recruitment import audience, editing, links, results, services
from members.recruitment.audience_pages import AudiencePages
from members.recruitment.figures import Figures
from members.recruitment.forms import DriveForm, StartForm
from members.recruitment.mail_pages import MailPages
from members.recruitment.models import Drive, DriveMail, Invitation
from portal.desk.admin import Decision
from portal.lists.downloads import csv_file
from portal.refusal import Refusal
from portal.users.models import User

LOOKING = 90  # seconds for which the page waits for what became of the links


def clear(drive: Drive, *, by: User) -> None:
    audience.clear(drive)


def look(drive: Drive, *, by: User) -> None:
    links.check_soon(drive)


@admin.register(Drive)
class DriveAdmin(MailPages, AudiencePages):
    """Drives. One is one page: whom it is for, what they get, what is still amiss, and the start."""

    change_form_template = "admin/drive_change_form.html"
    list_display = ["name", "kind", "status", "people", "mailed", "joined", "created_at"]
    list_filter = ["status", "kind"]
    list_per_page = 25
    search_fields = ["name"]
    readonly_fields = fields = ("name",)
    decisions = (
        Decision("clear", _("Empty the audience"), clear, "can_be_cleared", _("Nobody is in the audience any more.")),
        Decision("look", _("Look at the links now"), look, "mails_can_change", _("The links are being looked at.")),
        Decision(
            "unschedule",
            _("Do not start by itself"),
            services.unschedule,
            "is_waiting",
            _("“%(it)s” is being prepared again: it does not start by itself."),
            is_main=True,
        ),
        Decision(
            "pause", _("Pause"), services.pause, "is_running", _("“%(it)s” is paused. Nothing leaves."), is_main=True
        ),
        Decision("resume", _("Go on"), services.resume, "is_paused", _("“%(it)s” goes on."), is_main=True),
        Decision(
            "cancel",
            _("Cancel for good"),
            services.cancel,
            "can_be_cancelled",
            _("“%(it)s” is cancelled. What has not left does not leave."),
        ),
        Decision(
            "discard",
            _("Discard for good"),
            services.discard,
            "can_be_discarded",
            _("The drive “%(it)s” is discarded."),
        ),
    )

    # --- the list -----------------------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Drive]:
        people = Invitation.objects.filter(drive=OuterRef("pk")).order_by()
        mailed = DriveMail.objects.sent().filter(step__drive=OuterRef("pk"), step__days=0).order_by()
        joined = people.filter(joined_at__isnull=False)
        return super().get_queryset(request).annotate(
            number=_number(people, "drive"), sent=_number(mailed, "step__drive"), came=_number(joined, "drive")
        )  # fmt: skip

    @admin.display(description=_("people"), ordering="number")
    def people(self, drive: Any) -> int:
        return drive.number

    @admin.display(description=_("mailed"), ordering="sent")
    def mailed(self, drive: Any) -> int:
        return drive.sent

    @admin.display(description=_("joined"), ordering="came")
    def joined(self, drive: Any) -> int:
        return drive.came

    # --- its page -----------------------------------------------------------------------------------------------------
    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def page_title(self, obj: Model) -> str:
        return str(obj)

    def stamp(self, obj: Model) -> str:
        """What is read before a drive starts: its state, whom it is for, its mails and its package."""
        drive = Drive.objects.select_related("package").filter(pk=obj.pk).first()
        if drive is None:
            return ""
        if not drive.is_open:
            return f"{drive.status} {drive.starts_at}"
        read: list[Any] = [drive.status, drive.package_id, *drive.steps.order_by("pk").values_list()]
        read.append(drive.invitations.order_by().aggregate(Count("pk"), Max("pk")))
        if drive.package:
            read += [*drive.package.texts.values_list(), *drive.package.documents.values_list()]
        return f"{drive.status} {sha256(repr(read).encode()).hexdigest()}"

    def _shown(self, request: HttpRequest, obj: Any, *, reason: str) -> dict[str, Any]:
        shown = super()._shown(request, obj, reason=reason)
        whole = Drive.objects.select_related("package", "started_by").prefetch_related(
            "steps", "package__texts", "lists"
        )
        drive = whole.get(pk=obj.pk)
        figures = Figures(drive)
        is_looking = _is_looking(request, drive)
        lists = list(drive.lists.all())
        return {
            **shown,
            "drive": drive,
            "figures": figures,
            "acts": {one.name: one for one in shown["decisions"]},
            "may_change": self.has_change_permission(request, obj),
            "lists": [one for one in lists if one.added_at is None],
            "sources": [one for one in lists if one.added_at is not None],
            "is_looking": is_looking,
            "is_live": is_looking or figures.is_sending or any(one.is_running for one in lists),
            "zone": timezone.localtime().tzname(),
        }

    def after_decision(self, request: HttpRequest, obj: Model) -> str:
        if not Drive.objects.filter(pk=obj.pk).exists():
            return reverse("admin:members_drive_changelist")
        page = reverse("admin:members_drive_change", args=[obj.pk])
        return f"{page}?looking={int(time())}#check" if request.POST.get("decision") == "look" else page

    # --- its other pages ----------------------------------------------------------------------------------------------
    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/edit/", view(self.edit_view), name="members_drive_edit"),
            path("<int:pk>/start/", view(self.start_view), name="members_drive_start"),
            path("<int:pk>/result.csv", view(self.result_view), name="members_drive_result"),
            path("<int:pk>/people.csv", view(self.people_view), name="members_drive_people"),
        ]
        return [*own, *self.mail_urls(), *self.audience_urls(), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DriveForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            drive = editing.prepare(form.save(commit=False), by=request.user)  # type: ignore[arg-type]
            self.log_addition(request, drive, gettext("Prepared"))
            words = gettext("“%(drive)s” is here, with mails to begin with. Nobody is written to before you start it.")
            messages.success(request, words % {"drive": drive})
            return self.back(drive)
        return self.shown(request, "drive_form.html", gettext("Prepare a drive"), form=form)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Its name, its package, and whether members may invite by it."""
        drive = self.drive(request, pk)
        form = DriveForm(request.POST or None, instance=drive)
        if request.method == "POST" and form.is_valid():
            try:
                editing.change(form.instance, by=request.user)  # type: ignore[arg-type]
            except Refusal as error:
                form.add_error(None, str(error))
            else:
                self.log_change(request, drive, gettext("Name or package"))
                return self.back(drive, "#what")
        return self.shown(request, "drive_form.html", gettext("Name and package"), drive, form=form)

    def start_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The last look before people are written to: how many, what, and when."""
        drive = self.drive(request, pk)
        if not drive.is_open:
            messages.error(request, gettext("This drive has been started already."))
            return self.back(drive)
        figures = Figures(drive)
        if figures.problems:
            return self.back(drive, "#check")
        form = StartForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            if request.POST.get("seen") != self.stamp(drive):
                form.add_error(None, gettext("This has changed since you opened it. Read it again, then decide."))
            elif self._started(request, drive, form):
                return self.back(drive)
        context = {"form": form, "figures": figures, "seen": self.stamp(drive)}
        return self.shown(request, "drive_start.html", gettext("Start"), drive, **context)

    def _started(self, request: HttpRequest, drive: Drive, form: StartForm) -> bool:
        try:
            started = services.start(drive, by=request.user, at=form.moment)  # type: ignore[arg-type]
        except Refusal as error:
            form.add_error(None, str(error))
            return False
        self.log_change(request, drive, gettext("Started"))
        if started.is_waiting:
            messages.success(request, gettext("“%(drive)s” starts by itself at its time.") % {"drive": drive})
            return True
        number = Figures(started).written_to
        words = ngettext(
            "“%(drive)s” has started: one person is written to.",
            "“%(drive)s” has started: %(number)s people are written to.",
            number,
        )
        messages.success(request, words % {"drive": drive, "number": number})
        return True

    # --- what came of it, to keep -------------------------------------------------------------------------------------
    def result_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        drive = self.drive(request, pk, to_change=False)
        return csv_file(results.table(drive), f"{slugify(drive.name) or 'drive'}-result.csv")

    def people_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        drive = self.drive(request, pk, to_change=False)
        if not request.user.has_perm("members.view_invitation"):
            raise PermissionDenied
        return csv_file(results.people(drive), f"{slugify(drive.name) or 'drive'}-people.csv")


def _number(rows: QuerySet[Any], of: str) -> Coalesce:
    """How many of these rows there are for each drive."""
    return Coalesce(Subquery(rows.values(of).annotate(n=Count("pk")).values("n")), 0)


def _is_looking(request: HttpRequest, drive: Drive) -> bool:
    """Whether somebody has asked for the links, and a worker has not told yet."""
    asked = request.GET.get("looking", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 12 and time() - int(asked) < LOOKING):
        return False
    return drive.links_checked_at is None or drive.links_checked_at.timestamp() < int(asked)
