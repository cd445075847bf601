from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from members.directory.forms import ProfileForm
from members.intake import claims
from members.intake.columns import COLUMNS
from members.intake.models import Import
from members.statements import services as statements
from portal.lists.columns import EMAIL, Layout, mapped

LARGEST = 50 * 2**20  # bytes; 100,000 rows have a few
LEAVE_OUT = ("", _("Leave it out"))


class UploadForm(forms.Form):
    """A list of people, as a file."""

    file = forms.FileField(
        label=_("List of members"),
        help_text=_(
            "A table saved as CSV, with a row for each person and a column of e-mail addresses. Nobody is imported and"
            " no mail is sent before you have seen what would happen."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        help_text=_("For everybody whose language the list does not tell."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large for a list of people. Part it in two."))
        return file


class ColumnsForm(forms.Form):
    """For each column of a list, what it holds; the guess is chosen already, and the first rows stand beside it."""

    def __init__(self, *args: Any, source: Import, layout: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        held = {place: name for name, place in mapped(layout, COLUMNS, source.places).items()}
        for place, heading in enumerate(layout.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or gettext("Column %(number)s") % {"number": place + 1},
                choices=[LEAVE_OUT, *((column.name, column.label) for column in COLUMNS)],
                initial=held.get(place, ""),
                required=False,
                help_text=_examples(row[place] for row in layout.sample if place < len(row)),
            )

    def clean(self) -> dict[str, Any]:
        chosen = [name for name in super().clean().values() if name]  # type: ignore[union-attr]
        labels = {column.name: column.label for column in COLUMNS}
        for name in sorted({one for one in chosen if chosen.count(one) > 1}):
            self.add_error(None, gettext("“%(label)s” is chosen for two columns.") % {"label": labels[name]})
        if EMAIL.name not in chosen:
            self.add_error(None, gettext("Say which column holds the e-mail addresses."))
        return self.cleaned_data

    @property
    def places(self) -> dict[str, int]:
        """The place of everything that was chosen; -1 for what the list is said not to have."""
        chosen = {name: int(field.removeprefix("column_")) for field, name in self.cleaned_data.items() if name}
        return {column.name: chosen.get(column.name, -1) for column in COLUMNS}


def _examples(cells: Iterable[str]) -> str:
    shown = [(cell if len(cell) <= 60 else f"{cell[:60]}…",) for cell in cells if cell.strip()]
    return format_html_join(" · ", "<q>{}</q>", shown) or gettext("empty in the first rows")


class ClaimForm(ProfileForm):
    """A profile that was made from a list, before its person: to correct, to open to others or not, and to accept."""

    password = forms.CharField(
        label=_("A password for your account"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("Ten signs or more. Once you are in you can add a passkey and never type it again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.user
        for name in ("new_portrait", "remove_portrait"):  # a picture may follow once they are in
            self.fields.pop(name, None)
        if not claims.needs_password(person):
            del self.fields["password"]
        self.initial["language"] = get_language() or person.language
        self.version = statements.asked_of(person)
        if self.version is not None:
            self.fields["accepts"] = forms.BooleanField(
                label=gettext("I have read “%(name)s” and accept it.") % {"name": self.version.statement.name},
                widget=forms.CheckboxInput(attrs={"value": self.version.pk}),
                error_messages={"required": _("Nobody joins without accepting it. Ask the coordinators if in doubt.")},
            )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.instance.user)
        return password

    def clean_accepts(self) -> Any:
        """The version itself; where another came into force meanwhile, the person has not read it yet."""
        if self.version is None or self.data.get(self.add_prefix("accepts")) != str(self.version.pk):
            raise forms.ValidationError(_("The text has changed since you opened this page. Please read it again."))
        return self.version

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or self.cleaned_data), "new_portrait": None}
