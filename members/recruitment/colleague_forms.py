"""What members tell of people whom they invite."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.recruitment.audience import Person
from members.recruitment.models import Drive
from portal.group.models import SpecialtyGroup
from portal.lists import pasted
from portal.lists.columns import EMAIL, NAME
from portal.lists.rows import Checker, Row
from portal.users.models import User


class InviteForm(forms.Form):
    """One person by name and address, or several pasted; and by which invitation, where there is a choice."""

    drive = forms.ChoiceField(label=gettext_lazy("To what do you invite?"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Their name"), max_length=150, required=False)
    email = forms.CharField(
        label=gettext_lazy("Their e-mail address"),
        max_length=400,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    several = forms.CharField(
        label=gettext_lazy("Several people"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "Maria Silva <maria@example.org>"}),
        help_text=gettext_lazy("One a line: a name and an address, as your mail program writes them."),
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language shall we write?"), choices=settings.LANGUAGES)
    hide_optional = True

    def __init__(self, *args: Any, drives: Sequence[Drive], inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drives = {str(drive.pk): drive for drive in drives}
        self.people: list[Person] = []
        offered = SpecialtyGroup.objects.current().languages
        language: Any = self.fields["language"]
        language.choices = [(code, name) for code, name in language.choices if code in {*offered, "en"}]
        self.initial.setdefault("language", inviter.language)
        if len(drives) == 1:
            del self.fields["drive"]
        else:
            self.fields["drive"].choices = [(pk, _title(drive)) for pk, drive in self.drives.items()]  # type: ignore[attr-defined]
            self.initial.setdefault("drive", next(iter(self.drives)))

    @property
    def is_for_several(self) -> bool:
        """Whether the part for several people is unfolded."""
        return bool(self["several"].value())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("drive") or next(iter(self.drives))
        data["drive"] = self.drives[chosen]
        if self.errors:
            return data
        if data["email"] or data["name"]:
            self._take(Checker().row(1, {NAME.name: data["name"], EMAIL.name: data["email"]}))
        for row in pasted.read(data["several"]) if data["several"].strip() else ():
            self._take(row, field="several")
        if not (self.people or self.errors):
            self.add_error("email", _("Whom would you like to invite?"))
        return data

    def _take(self, row: Row, *, field: str = "") -> None:
        """A person of a good row; else what is wrong, at the field or by the row's number."""
        language = self.cleaned_data["language"]
        if row.is_good:
            self.people.append(Person(row.values[EMAIL.name], row.values.get(NAME.name, ""), language))
        for problem in row.problems:
            if field:
                self.add_error(field, _("Line %(row)s: %(words)s") % {"row": row.number, "words": problem.words})
            else:
                self.add_error("email" if problem.column == str(EMAIL.label) else "name", problem.words)


def _title(drive: Drive) -> str:
    """What people are invited to, in the reader's language. The drive's own name is for coordinators."""
    text = drive.package.text() if drive.package else None
    day = date_format(drive.created_at, "YEAR_MONTH_FORMAT")
    return f"{text.title if text else _('Join the group')} ({day})"
