from django import forms
from django.utils.translation import gettext_lazy as _

from members.membership.models import RenewalRound


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LeaveForm(forms.Form):
    """A pause, with a day or without."""

    until = forms.DateField(
        label=_("Until when?"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty if you do not know yet. You can come back at any time."),
    )


class RoundForm(forms.ModelForm):
    """A renewal round's name and days. Once it is open, only what is still to come can change."""

    class Meta:
        model = RenewalRound
        fields = ["name", "opens_on", "first_reminder_on", "second_reminder_on", "closes_on"]
        widgets = {name: DayInput() for name in fields[1:]}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.opened_at is not None:
            self.fields["opens_on"].disabled = True
