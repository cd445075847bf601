from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.directory.profile import Profile
from members.letters.models import WORDS_AT_MOST, Letter
from members.membership.forms import DayInput
from portal.group.models import Topic


def words_field(label: Any, *, rows: int = 8, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=WORDS_AT_MOST, widget=forms.Textarea({"rows": rows}), **options)


class LetterForm(forms.Form):
    """A request: what it asks for, what it is about, and the writer's own words."""

    kind = forms.ChoiceField(
        label=_("I would like to"), choices=Letter.Kind, widget=forms.RadioSelect, initial=Letter.Kind.QUESTION
    )
    topic = forms.ModelChoiceField(
        label=_("It is about"), queryset=Topic.objects.none(), required=False, empty_label=_("Something else")
    )
    words = words_field(
        _("In my words"),
        help_text=_("Who you are, what you would like to know or do, and how much of their time it takes."),
    )
    helps_until = forms.DateField(
        label=_("An answer helps me until"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty if there is no hurry."),
    )

    def __init__(self, *args: Any, profile: Profile, **options: Any) -> None:
        super().__init__(*args, **options)
        shown = profile.topics  # those alone that the writer may see
        if shown:
            self.fields["topic"].queryset = Topic.objects.filter(pk__in=[topic.pk for topic in shown])  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]

    def clean_helps_until(self) -> Any:
        day = self.cleaned_data["helps_until"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose one to come, or none."))
        return day


class StrangerForm(LetterForm):
    """The same for somebody without an account, who says who they are."""

    name = forms.CharField(label=_("My name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    address = forms.EmailField(
        label=_("My e-mail address"),
        max_length=200,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We write to it first, so that you can say that it is yours. The member does not see it."),
    )

    def clean_name(self) -> str:
        """On one line: it stands in mails."""
        return " ".join(self.cleaned_data["name"].split())


class AnswerForm(forms.Form):
    """A member's answer, and whether the two get each other's address by it."""

    words = words_field(_("My answer"))
    addresses = forms.ChoiceField(
        label=_("How do you go on from here?"),
        widget=forms.RadioSelect,
        choices=[
            ("show", _("Show us each other’s e-mail address, so that we can go on by mail")),
            ("hide", _("Send my words alone: no address is shown, and this answer is the last word here")),
        ],
    )


class DeclineForm(forms.Form):
    """A kind no, ready to be sent, to be changed at will."""

    words = words_field(_("My words"), rows=4)


class ReportForm(forms.Form):
    """What is wrong with a request, in the member's words."""

    reason = forms.CharField(label=_("What is wrong with it?"), max_length=1000, widget=forms.Textarea({"rows": 4}))
