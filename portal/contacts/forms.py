from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import registry
from portal.contacts.models import EVERYTHING, Contact


class PreferencesForm(forms.Form):
    """Which kinds of mail are welcome. What a person asked for (answers, decisions, sign-in) always comes."""

    wanted = forms.MultipleChoiceField(
        label=_("Write to me about"), widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )
    hide_optional = True

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {kind.name: f"{kind.title}: {kind.description}" for kind in registry.mail_kinds}
        self.fields["wanted"].choices = list(kinds.items())  # type: ignore[attr-defined]
        refused = contact.refused_kinds
        self.initial.setdefault("wanted", [] if EVERYTHING in refused else [one for one in kinds if one not in refused])
        self.kinds = set(kinds)
        self.gets_nothing = EVERYTHING in refused

    @property
    def refused(self) -> set[str]:
        """The kinds left unticked; all of them is everything, and kinds to come."""
        left = self.kinds - set(self.cleaned_data["wanted"])
        return {EVERYTHING} if self.kinds and left == self.kinds else left
