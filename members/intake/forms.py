from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from members.directory.forms import ProfileForm
from members.intake import claims
from members.statements import services as statements
from portal.lists.forms import ListField


class UploadForm(forms.Form):
    """A list of people, as a file."""

    file = ListField(
        label=_("List of members"),
        help_text=_(
            "A table saved as CSV, with a row for each person and a column of e-mail addresses. Nobody is imported and"
            " no mail is sent before you have seen what would happen."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        help_text=_("For everybody whose language the list does not tell."),
    )


ASKED = {"name", "headline", "bio", "topics", "languages", "city", "country", "links", "visibility", "language",
         "password"}  # fmt: skip


class ClaimForm(ProfileForm):
    """A profile that was made from a list, before its person: to correct, to open to others or not, and to accept."""

    hide_optional = False
    password = forms.CharField(
        label=_("A password for your account"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("Ten signs or more. Once you are in you can add a passkey and never type it again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.user
        for name in set(self.fields) - ASKED:  # the rest may follow once they are in
            del self.fields[name]
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
