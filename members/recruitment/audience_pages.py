"""Adding many people to a drive's audience at the desk: members, and those of an earlier drive."""

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext

from members.recruitment import audience
from members.recruitment.desk import DrivePages
from members.recruitment.forms import EarlierForm, MembersForm
from members.recruitment.models import Drive
from portal.refusal import Refusal


class AudiencePages(DrivePages):
    def audience_urls(self) -> Iterable[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/people/members/", view(self.members_view), name="members_drive_members"),
            path("<int:pk>/people/earlier/", view(self.earlier_view), name="members_drive_earlier"),
        ]

    def members_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Members by topic and region, for a circular."""
        drive = self.drive(request, pk)
        if drive.is_recruitment:
            return self.back(drive, "#who")
        form = MembersForm(request.POST if request.method == "POST" else None)
        words = gettext(
            "Active members with any of these topics who live in any of these regions. Nobody is written to by adding"
            " them."
        )
        return self._add(request, drive, form, lambda: audience.add_members(drive, **form.cleaned_data), words)

    def earlier_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everybody of an earlier drive."""
        drive = self.drive(request, pk)
        form = EarlierForm(request.POST if request.method == "POST" else None, drive=drive)
        words = gettext(
            "Everybody who was in that drive, with their names and languages. Who must not be written to again is left"
            " out when this one starts, and you see it before."
        )
        return self._add(request, drive, form, lambda: audience.add_earlier(drive, form.cleaned_data["earlier"]), words)

    def _add(
        self, request: HttpRequest, drive: Drive, form: forms.Form, add: Callable[[], int], words: str
    ) -> HttpResponse:
        if not drive.is_open:
            messages.error(request, gettext("The audience of a drive that has begun stays as it is."))
            return self.back(drive, "#who")
        if request.method == "POST" and form.is_valid():
            try:
                number = add()
            except Refusal as error:
                form.add_error(None, str(error))
            else:
                self._tell(request, drive, number)
                return self.back(drive, "#who")
        return self.shown(request, "drive_people.html", gettext("Add people"), drive, form=form, words=words)

    def _tell(self, request: HttpRequest, drive: Drive, number: int) -> None:
        self.log_change(request, drive, gettext("Added people: %(number)s") % {"number": number})
        if not number:
            messages.warning(request, gettext("Nobody new: everybody of these is in the audience already."))
            return
        words = ngettext("One person is added.", "%(number)s people are added.", number)
        messages.success(request, words % {"number": number})
