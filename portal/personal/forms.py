from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.contacts.models import normalise
from portal.users.models import User

WITHOUT_NAME, WITH_NAME = "nobody", "name"


class DeletionForm(forms.Form):
    """The end of an account: under which name published work stays, and the address, typed by hand."""

    byline = forms.ChoiceField(
        label=_("By whom is what was published?"), widget=forms.RadioSelect, initial=WITHOUT_NAME, choices=()
    )
    address = forms.CharField(
        label=_("Type the e-mail address of the account, so that nothing happens by mistake"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if asks_name:
            self.fields["byline"].choices = [(WITHOUT_NAME, _("a former member")), (WITH_NAME, user.name)]  # type: ignore[attr-defined]
        else:
            del self.fields["byline"]

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"]
        try:
            is_theirs = normalise(typed) == normalise(self.user.email)
        except (ValueError, UnicodeError):
            is_theirs = False
        if not is_theirs:
            raise forms.ValidationError(_("This is not the address of this account."))
        return typed

    @property
    def keeps_name(self) -> bool:
        return self.cleaned_data.get("byline") == WITH_NAME
