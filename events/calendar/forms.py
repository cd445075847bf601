from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from events.calendar.models import Event, zones
from portal.group.models import TAG


class ZoneInput(forms.TextInput):
    """A text field that offers the names of the time zones while one types."""

    template_name = "events/zone_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "zones"
        return {**context, "zones": zones()}


class HttpsField(forms.URLField):
    """An address written without its scheme is taken for https."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "assume_scheme": "https"})


class EventForm(forms.ModelForm):
    """Entering an event at the desk."""

    class Meta:
        model = Event
        exclude: ClassVar[list[str]] = []
        field_classes: ClassVar[dict[str, type]] = {"website": HttpsField}
        widgets = {"zone": ZoneInput, "summary": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "ends_on" in self.fields:
            self.fields["ends_on"].required = False
            self.fields["ends_on"].help_text = _("Empty: it lasts one day.")
        if "status" in self.fields:
            self.fields["status"].help_text = _("Published: everybody sees it as soon as you save it.")
        if "zone" in self.fields:
            self.fields["zone"].help_text = _(
                "Such as Africa/Nairobi. Left at UTC, it becomes the zone of the country."
            )

    def clean_hashtags(self) -> list[str]:
        """Each tag once and without its #, as the group's own tag."""
        tags = list(dict.fromkeys(tag.lstrip("#") for tag in self.cleaned_data["hashtags"]))
        for tag in tags:
            TAG(tag)
        return tags

    def clean(self) -> dict:
        """An event without a last day lasts one day; without a zone of its own it takes its country's."""
        cleaned = super().clean() or {}
        country = cleaned.get("country")
        if country and cleaned.get("zone") == "UTC" and not self.instance.pk:
            cleaned["zone"] = country.zone
        if not cleaned.get("ends_on") and cleaned.get("starts_on"):
            cleaned["ends_on"] = cleaned["starts_on"]
        self._check_order(cleaned)
        return cleaned

    def _check_order(self, cleaned: dict) -> None:
        """What the database's constraints refuse, said at the field that is to be changed."""
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        begins, ends = cleaned.get("start_time"), cleaned.get("end_time")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        if ends and not begins and "start_time" not in self.errors:
            self.add_error("start_time", _("Say when it begins, too."))
        if begins and ends and first and first == last and ends <= begins:
            self.add_error("end_time", _("The event ends before it begins."))
