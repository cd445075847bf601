from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.directory.fields import checked_link


class LinkForm(forms.Form):
    """One more address."""

    hide_optional = True
    url = forms.CharField(
        label=_("Add an address"),
        help_text=_("A blog, a website, a profile or a channel of yours."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_url(self) -> Any:
        return checked_link(self.cleaned_data["url"])
