"""How every form of the portal is drawn, and one form that shows every kind of field."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class PortalRenderer(TemplatesSetting):
    """`{{ form }}` gives a summary of what is wrong, then each field with label, hint, control and errors.

    A form whose fields are all optional, such as a filter, says `hide_optional = True` to leave the word out.
    """

    form_template_name = "portal/forms/form.html"
    formset_template_name = "portal/forms/formset.html"
    field_template_name = "portal/forms/field.html"


class ExampleForm(forms.Form):
    """Every kind of field, for the style guide. Nothing is done with what it gets."""

    headline = forms.CharField(max_length=120, help_text=_("A few words, as on a postcard."))
    story = forms.CharField(
        label=_("What happened, and what did people learn?"), widget=forms.Textarea(attrs={"rows": 4})
    )
    link = forms.URLField(label=_("Link"), required=False, assume_scheme="https")
    event = forms.ChoiceField(
        choices=[
            ("", _("Choose an event")),
            ("1", _("Facilitators’ circle")),
            ("2", _("Mangrove schools meeting")),
        ]
    )
    topics = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose up to six."),
        choices=[
            (_("Learning"), [("a", _("After-action review")), ("s", _("Social learning"))]),
            (_("Leadership"), [("f", _("Facilitation")), ("y", _("Youth leadership"))]),
        ],
    )
    audience = forms.ChoiceField(
        label=_("Who may see it"),
        widget=forms.RadioSelect,
        choices=[("all", _("Everyone")), ("members", _("Members only"))],
    )
    photo = forms.FileField(label=_("Photograph"), required=False, help_text=_("JPEG, PNG or HEIC."))
    wall = forms.BooleanField(
        label=_("Also on the wall"), required=False, help_text=_("The big screen that hangs at events.")
    )


def examples() -> dict[str, Any]:
    """What the style guide shows beside its own words: a form, the same with mistakes, the middle of a long list."""
    return {
        "form": ExampleForm(),
        "wrong_form": ExampleForm({"story": "The tables came out of the room."}, auto_id="wrong_%s"),
        "page_obj": Paginator(range(84), 8).page(2),
    }
