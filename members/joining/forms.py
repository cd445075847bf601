from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.joining.models import MembershipApplication
from portal.group.models import Country


class ApplicationForm(forms.ModelForm):
    class Meta:
        model = MembershipApplication
        fields = ["country", "motivation"]
        labels = {"country": _("Where do you live?"), "motivation": _("Why do you want to join?")}
        widgets = {"motivation": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = sorted(Country.objects.all(), key=lambda country: country.name)
        self.fields["country"].choices = [
            ("", _("Choose a country")),
            *((one.pk, one.name) for one in countries),
        ]  # type: ignore[attr-defined]
