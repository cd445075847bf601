from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.recruitment import letters
from members.recruitment.models import Drive, Step
from portal.group.fields import TopicsField
from portal.group.models import Region

ROWS = 14
CODES = [code for code, _name in settings.LANGUAGES]


class DriveForm(forms.ModelForm):
    """What a drive is called, whom it is for and what they get to read. Its kind is chosen once."""

    class Meta:
        model = Drive
        fields = ["name", "kind", "package", "takes_colleagues"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"package": _("The page that the link in the mail leads to. It can be chosen later.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["class"] = "vTextField"
        if self.instance.pk is None:
            self.fields["package"].help_text = gettext(
                "Only for recruitment: the page that the link in the mail leads to. It can be chosen later."
            )
            return
        del self.fields["kind"]
        if not self.instance.is_recruitment:
            del self.fields["package"], self.fields["takes_colleagues"]
        elif self.instance.has_begun:
            self.fields["package"].disabled = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") == Drive.Kind.CIRCULAR:
            given |= {"package": None, "takes_colleagues": False}
        return given


class StepForm(forms.ModelForm):
    """One mail of a drive, in English and, where they are written, in the other languages."""

    class Meta:
        model = Step
        fields = ["days", *(f"{part}_{code}" for code in CODES for part in ("subject", "body"))]
        widgets = {f"body_{code}": forms.Textarea(attrs={"rows": ROWS, "cols": 80}) for code in CODES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in CODES:
            self.fields[f"subject_{code}"].widget.attrs["class"] = "vTextField"
        if self.instance.is_first:
            del self.fields["days"]
        else:
            self.fields["days"].help_text = gettext("It leaves then to whoever has not joined, applied or said no.")
            self.fields["days"].widget.attrs["min"] = 1

    def _get_validation_exclusions(self) -> set[str]:
        """The day is checked against the other mails of the drive."""
        return super()._get_validation_exclusions() - {"drive"}  # type: ignore[misc]

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days < 1:
            raise forms.ValidationError(_("A follow-up leaves one day after the first mail, or later."))
        return days

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for code, language in settings.LANGUAGES:
            subject, body = given.get(f"subject_{code}"), given.get(f"body_{code}")
            if code != "en" and bool(subject) != bool(body):
                words = gettext("Write both subject and text in %(language)s, or neither.") % {"language": language}
                self._refuse(f"body_{code}" if subject else f"subject_{code}", words)
            for name, text in ((f"subject_{code}", subject), (f"body_{code}", body)):
                if unknown := letters.unknown_fields(text or ""):
                    self.add_error(name, _unknown(unknown[0]))
            if body and self.instance.drive.is_recruitment and "{link}" not in body:
                self._refuse(f"body_{code}", gettext("Put {link} where the way to their page should stand."))
        return given

    def _refuse(self, name: str, words: str) -> None:
        if name not in self.errors:
            self.add_error(name, words)


def _unknown(field: str) -> str:
    words = gettext("There is no {%(field)s}. What is filled in for each person: %(known)s.")
    return words % {"field": field, "known": ", ".join(f"{{{name}}}" for name in letters.FIELDS)}


class MembersForm(forms.Form):
    """Members by what can be asked of them, and where they live."""

    topics = TopicsField(label=_("Topics"), required=False, help_text=_("Nothing chosen: whatever their topics."))
    regions = forms.ModelMultipleChoiceField(
        Region.objects.all(),
        label=_("Regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: wherever they live, and those who do not say where."),
    )


class EarlierField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        words = gettext("%(name)s (%(people)s people, %(state)s)")
        return words % {"name": obj.name, "people": obj.people, "state": obj.get_status_display()}


class EarlierForm(forms.Form):
    """Everybody of another drive of the same kind."""

    earlier = EarlierField(Drive.objects.none(), label=_("Drive"), empty_label=_("Choose a drive"))

    def __init__(self, *args: Any, drive: Drive, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Drive.objects.filter(kind=drive.kind).exclude(pk=drive.pk).annotate(people=Count("invitations"))
        self.fields["earlier"].queryset = others.filter(people__gt=0)  # type: ignore[attr-defined]


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class StartForm(forms.Form):
    """Now, or at a moment to come, in the time zone of the desk."""

    NOW, LATER = "now", "later"
    when = forms.ChoiceField(
        label=_("When?"),
        choices=[(NOW, _("now")), (LATER, _("at a day and time"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say when.")},
    )
    at = forms.DateTimeField(
        label=_("Day and time"),
        required=False,
        widget=MomentInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime()
        words = gettext("Times at the desk are in the time zone %(zone)s, where it is now %(now)s.")
        self.fields["at"].help_text = words % {"zone": now.tzname(), "now": f"{now:%H:%M}"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("when") == self.LATER and "at" not in self.errors:
            if given.get("at") is None:
                self.add_error("at", gettext("Say on which day, and at what time."))
            elif given["at"] <= timezone.now():
                self.add_error("at", gettext("This moment has passed."))
        return given

    @property
    def moment(self) -> Any:
        """When to begin; None for now."""
        return self.cleaned_data["at"] if self.cleaned_data["when"] == self.LATER else None
