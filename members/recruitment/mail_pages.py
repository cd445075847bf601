"""The mails of a drive at the desk: written, looked at as somebody would get them, sent to oneself as a test."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, override

from members.recruitment import checks, editing, services, views
from members.recruitment.desk import DrivePages
from members.recruitment.forms import StepForm
from members.recruitment.models import Drive, Invitation, Step
from portal.group.models import SpecialtyGroup
from portal.refusal import Refusal

FOUND = 10  # people shown for the words looked for
LANGUAGES = dict(settings.LANGUAGES)
WEEK = 7
# A mail in a frame: nothing in it runs or leads anywhere, and its styles are its own.
IN_A_FRAME = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [""],
}


class MailPages(DrivePages):
    def mail_urls(self) -> Iterable[URLPattern]:
        view = self.admin_site.admin_view
        mail, name = "<int:pk>/mails/<int:step>/", "members_drive_mail"
        return [
            path("<int:pk>/mails/add/", view(self.mail_view), name=f"{name}_add"),
            path(mail, view(self.mail_view), name=name),
            path(f"{mail}delete/", view(self.mail_delete_view), name=f"{name}_delete"),
            path(f"{mail}preview/", view(self.preview_view), name="members_drive_preview"),
            path(f"{mail}preview/html/", view(self.preview_html_view), name="members_drive_preview_html"),
            path("<int:pk>/page/", view(self.page_view), name="members_drive_page"),
        ]

    def mail_view(self, request: HttpRequest, pk: int, step: int | None = None) -> HttpResponse:
        """One mail of the drive, new or to change."""
        drive = self.drive(request, pk)
        mail = _step(drive, step) if step else _new_step(drive)
        if not mail.can_be_changed:
            words = gettext(
                "This mail stays as it is. Mails can be changed before a drive starts, or while it is paused."
            )
            messages.error(request, words)
            return self.back(drive, "#what")
        form = StepForm(request.POST or None, instance=mail)
        if request.method == "POST" and form.is_valid():
            try:
                saved = editing.save_step(form.instance, by=request.user)  # type: ignore[arg-type]
            except Refusal as error:
                form.add_error(None, str(error))
            else:
                self.log_change(request, drive, gettext("Mail “%(mail)s”") % {"mail": saved})
                if "preview" in request.POST:
                    return HttpResponseRedirect(reverse("admin:members_drive_preview", args=[pk, saved.pk]))
                return self.back(drive, "#what")
        title = _title(mail)
        return self.shown(request, "drive_mail.html", title, drive, form=form, step=mail)

    def mail_delete_view(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        drive = self.drive(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        mail = _step(drive, step)
        try:
            editing.delete_step(mail, by=request.user)  # type: ignore[arg-type]
        except Refusal as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, drive, gettext("Deleted the mail “%(mail)s”") % {"mail": mail})
            messages.success(request, gettext("“%(mail)s” is not part of this drive any more.") % {"mail": mail})
        return self.back(drive, "#what")

    def preview_view(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        """The mail as somebody of the audience would get it; by a button it is sent to whoever looks."""
        drive = self.drive(request, pk, to_change=request.method == "POST")
        mail = _step(drive, step)
        person, language = self._reader(request, drive)
        if request.method == "POST":
            services.send_test(mail, to=request.user, language=language)  # type: ignore[arg-type]
            words = gettext("A test is on its way to %(address)s. Nothing counts it.")
            messages.success(request, words % {"address": request.user.email})  # type: ignore[union-attr]
            return HttpResponseRedirect(request.get_full_path())
        response = self.shown(
            request,
            "drive_preview.html",
            gettext("How the mail looks"),
            drive,
            step=mail,
            person=person,
            shown_language=language,
            written=LANGUAGES[mail.words(language)[0]],
            is_written=mail.words(language)[0] == language,
            languages=settings.LANGUAGES,
            mail=editing.as_would_get_it(mail, person, language=language),
            problems=list(checks.problems_of(mail, SpecialtyGroup.objects.current())),
            words=request.GET.get("q", ""),
            found=_found(drive, request.GET.get("q", "")),
        )
        response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
        return response

    def preview_html_view(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        """The mail as a mail program shows it, for a frame in which nothing runs."""
        drive = self.drive(request, pk, to_change=False)
        person, language = self._reader(request, drive)
        response = HttpResponse(editing.as_would_get_it(_step(drive, step), person, language=language).html)
        response["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = IN_A_FRAME  # type: ignore[attr-defined]
        return response

    def page_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page that the link in the mails leads to, as somebody of the audience would see it."""
        drive = self.drive(request, pk, to_change=False)
        if drive.package is None:
            messages.error(request, gettext("Choose a package first: it is the page that the link leads to."))
            return self.back(drive, "#what")
        person, language = self._reader(request, drive)
        with override(language):
            context = views.page_of(editing.stand_in(person, language=language))
            return render(request, "members/invitation.html", {**context, "is_preview": True})

    def _reader(self, request: HttpRequest, drive: Drive) -> tuple[Invitation, str]:
        """Who is to be looked over the shoulder, and in which language."""
        chosen = request.GET.get("person", "")
        people = drive.invitations.select_related("contact", "invited_by", "drive")
        person = people.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() else None
        person = person or editing.somebody(drive, like=request.user)  # type: ignore[arg-type]
        language = request.GET.get("language", "")
        return person, language if language in LANGUAGES else person.language


def _step(drive: Drive, pk: int) -> Step:
    found: Step = get_object_or_404(drive.steps, pk=pk)
    found.drive = drive
    return found


def _new_step(drive: Drive) -> Step:
    """A follow-up one week after the last one; the first mail where there is none."""
    last = drive.steps.order_by("-days").first()
    return Step(drive=drive, days=min(last.days + WEEK, 365) if last else 0)


def _title(step: Step) -> str:
    if step.pk is None:
        return gettext("Write the first mail") if step.is_first else gettext("Write a follow-up")
    return gettext("The first mail") if step.is_first else gettext("A follow-up")


def _found(drive: Drive, words: str) -> Any:
    """People of the audience by name or address."""
    words = words.replace("\0", "").strip()
    if not words:
        return []
    fits = Q(name__icontains=words) | Q(contact__address__icontains=words)
    return drive.invitations.filter(fits).select_related("contact").order_by("name", "pk")[:FOUND]
