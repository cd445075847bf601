from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.group.models import SpecialtyGroup


class SpecialtyGroupForm(forms.ModelForm):
    """Renaming the group. A tag that is given up is kept among the former ones, so that nothing tagged is lost."""

    languages = forms.MultipleChoiceField(label=_("Languages offered"), widget=forms.CheckboxSelectMultiple, choices=[])

    class Meta:
        model = SpecialtyGroup
        exclude: ClassVar[list[str]] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["languages"].choices = SpecialtyGroup._meta.get_field("languages").base_field.choices  # type: ignore[attr-defined]

    def clean_sender_name(self) -> str:
        """On one line: it becomes part of a mail's header."""
        return " ".join(self.cleaned_data["sender_name"].split())

    def clean_tag(self) -> str:
        return self.cleaned_data["tag"].lstrip("#")

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        old, new = self.initial.get("tag"), cleaned.get("tag")
        former = [tag for tag in cleaned.get("former_tags") or [] if tag.casefold() != (new or "").casefold()]
        if old and new and old.casefold() != new.casefold() and old not in former:
            former.append(old)
        cleaned["former_tags"] = former
        return cleaned
