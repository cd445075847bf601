from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.directory.fields import LinksField
from members.joining.models import MembershipApplication
from members.statements import services as statements
from portal.group.fields import CountryField, TopicsField
from portal.users.models import User


class ApplicationForm(forms.ModelForm):
    """An application of `person`. Where a statement is in force that they have not accepted, it asks for that."""

    country = CountryField(label=_("Where do you live?"))
    topics = TopicsField(label=_("What would you like to learn or share about?"), required=False)
    links = LinksField(label=_("Where can we read or see something of yours?"), required=False)

    class Meta:
        model = MembershipApplication
        fields = ["country", "motivation", "topics", "heard_of", "heard_of_words"]
        labels = {
            "motivation": _("Why do you want to join?"),
            "heard_of": _("How did you hear of us?"),
            "heard_of_words": _("Who or what was it?"),
        }
        widgets = {"motivation": forms.Textarea(attrs={"rows": 6})}

    field_order = ["country", "motivation", "topics", "links", "heard_of", "heard_of_words"]

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["links"] = self.instance.links
        self.fields["heard_of"].choices = [("", _("Choose an answer")), *self.Meta.model.HeardOf.choices]  # type: ignore[attr-defined]
        self.version = statements.asked_of(person)
        if self.version is not None:
            self.fields["accepts"] = forms.BooleanField(
                label=gettext("I have read “%(name)s” and accept it.") % {"name": self.version.statement.name},
                widget=forms.CheckboxInput(attrs={"value": self.version.pk}),
                error_messages={"required": _("Nobody joins without accepting it. Ask the coordinators if in doubt.")},
            )

    def clean_heard_of_words(self) -> str:
        return " ".join(self.cleaned_data["heard_of_words"].split())

    def clean_accepts(self) -> Any:
        """The version itself; where another came into force meanwhile, the person has not read it yet."""
        if self.version is None or self.data.get(self.add_prefix("accepts")) != str(self.version.pk):
            raise forms.ValidationError(_("The text has changed since you opened this page. Please read it again."))
        return self.version
