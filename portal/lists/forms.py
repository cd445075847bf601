"""What coordinators tell of a list that they bring."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lists.columns import EMAIL, Column, Layout, mapped

LARGEST = 50 * 2**20  # bytes; 100,000 rows have a few
LEAVE_OUT = ("", _("Leave it out"))
LIST_INPUT = forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"})


class ListField(forms.FileField):
    """A list of people, as a file."""

    widget = LIST_INPUT

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large for a list of people. Part it in two."))
        return file


class ColumnsForm(forms.Form):
    """For each column of a list, what it holds; the guess is chosen already, and the first rows stand beside it."""

    def __init__(
        self, *args: Any, layout: Layout, columns: Sequence[Column], chosen: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        held = {place: name for name, place in mapped(layout, columns, chosen).items()}
        for place, heading in enumerate(layout.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or gettext("Column %(number)s") % {"number": place + 1},
                choices=[LEAVE_OUT, *((column.name, column.label) for column in columns)],
                initial=held.get(place, ""),
                required=False,
                help_text=_examples(row[place] for row in layout.sample if place < len(row)),
            )

    def clean(self) -> dict[str, Any]:
        chosen = [name for name in super().clean().values() if name]  # type: ignore[union-attr]
        labels = {column.name: column.label for column in self.columns}
        for name in sorted({one for one in chosen if chosen.count(one) > 1}):
            self.add_error(None, gettext("“%(label)s” is chosen for two columns.") % {"label": labels[name]})
        if EMAIL.name not in chosen:
            self.add_error(None, gettext("Say which column holds the e-mail addresses."))
        return self.cleaned_data

    @property
    def places(self) -> dict[str, int]:
        """The place of everything that was chosen; -1 for what the list is said not to have."""
        chosen = {name: int(field.removeprefix("column_")) for field, name in self.cleaned_data.items() if name}
        return {column.name: chosen.get(column.name, -1) for column in self.columns}


def _examples(cells: Iterable[str]) -> str:
    shown = [(cell if len(cell) <= 60 else f"{cell[:60]}…",) for cell in cells if cell.strip()]
    return format_html_join(" · ", "<q>{}</q>", shown) or gettext("empty in the first rows")
