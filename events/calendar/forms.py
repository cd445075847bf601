from typing import Any, ClassVar

from django import forms

from events.calendar.models import Event, zones


class ZoneInput(forms.TextInput):
    """A text field that offers the names of the time zones while one types."""

    template_name = "events/zone_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "zones"
        return {**context, "zones": zones()}


class EventForm(forms.ModelForm):
    """Entering an event at the desk."""

    class Meta:
        model = Event
        exclude: ClassVar[list[str]] = []
        widgets = {"zone": ZoneInput, "summary": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def clean(self) -> dict:
        """Without a zone of its own, an event takes the zone of its country."""
        cleaned = super().clean() or {}
        country = cleaned.get("country")
        if country and cleaned.get("zone") == "UTC" and not self.instance.pk:
            cleaned["zone"] = country.zone
        if not cleaned.get("ends_on") and cleaned.get("starts_on"):
            cleaned["ends_on"] = cleaned["starts_on"]
        return cleaned
