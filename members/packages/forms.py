from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.packages.models import Package


class PackageForm(forms.ModelForm):
    """The name of a package; its texts and documents stand below it."""

    class Meta:
        model = Package
        fields = ["name"]
        help_texts = {"name": _("For coordinators; nobody else reads it.")}

    def clean_name(self) -> Any:
        name = self.cleaned_data["name"]
        others = Package.objects.filter(name=name, version=self.instance.version).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(
                _("There is a package of this name already. Choose another name, or make a new version of that one.")
            )
        return name
