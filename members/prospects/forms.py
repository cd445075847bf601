from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.prospects.models import ProspectList
from portal.lists.forms import ListField

LONGEST = 1_000_000  # signs that are pasted; what is longer comes as a file


class BringForm(forms.ModelForm):
    """People for a drive: a file or what is pasted, where their addresses come from, and why we may use them."""

    upload = ListField(
        label=_("List of people"),
        required=False,
        help_text=_(
            "A table saved as CSV, with a row for each person and a column of e-mail addresses. Nobody is added, and"
            " nobody written to, before you have seen what is wrong in it."
        ),
    )
    text = forms.CharField(
        label=_("Or paste them"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 8, "cols": 80, "placeholder": "Ada Obi <ada@example.org>\nben@example.org"}
        ),
        help_text=_("A line for each person, with or without their name; or what stands in the “To” of a mail."),
    )

    class Meta:
        model = ProspectList
        fields = ["source", "basis", "language"]
        widgets = {"basis": forms.RadioSelect}
        help_texts = {
            "source": _("Such as “Participants of the learning days in Nairobi, 2026”. They read it in the mail."),
            "basis": _("The law asks for a reason. If they did not ask for it, be sure that they would expect it."),
            "language": _("For everybody whose language the list does not tell."),
        }

    field_order = ["upload", "text", "source", "basis", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].widget.attrs["class"] = "vTextField"
        self.fields["basis"].choices = self.fields["basis"].choices[-2:]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        has_file, has_text = bool(given.get("upload")), bool(given.get("text", "").strip())
        if "upload" not in self.errors and "text" not in self.errors and has_file == has_text:
            words = (
                gettext("Either upload a list or paste one.") if has_file else gettext("Upload a list, or paste one.")
            )
            self.add_error("upload" if has_file else "text", words)
        return given

    @property
    def about(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("source", "basis", "language")}
