from django import forms
from django.utils.translation import gettext_lazy as _

from members.joining.models import MembershipApplication
from portal.group.fields import CountryField


class ApplicationForm(forms.ModelForm):
    country = CountryField(label=_("Where do you live?"))

    class Meta:
        model = MembershipApplication
        fields = ["country", "motivation"]
        labels = {"motivation": _("Why do you want to join?")}
        widgets = {"motivation": forms.Textarea(attrs={"rows": 6})}
