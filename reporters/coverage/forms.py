from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from events.calendar.models import Event
from reporters.coverage.models import PHOTOS_AT_MOST, Coverage, Photo

IN_PLAIN_TEXT = _("Plain text. A line of its own that starts with “>” becomes a quotation.")


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files; what they are is checked one by one when they are kept, so that one bad file loses none."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class CoverageForm(forms.ModelForm):
    """What a reporter writes. `is_final` asks for everything; else it is a draft, in which anything may be missing."""

    hide_optional = True
    photos = PhotosField(
        label=_("Add photographs"),
        help_text=format_lazy(
            _("Up to {most}. We make them small, turn them upright and remove the place where you stood."),
            most=PHOTOS_AT_MOST,
        ),
        required=False,
        widget=PhotosInput(attrs={"accept": "image/*"}),
    )

    class Meta:
        model = Coverage
        fields = ["event", "headline", "body", "link", "language", "is_for_wall"]
        labels = {
            "event": _("Which event?"),
            "headline": _("Headline"),
            "body": _("What happened, and what did people learn?"),
            "link": _("Link, if it stands elsewhere too"),
            "language": _("Written in"),
            "is_for_wall": _("Also on the wall in the hall"),
        }
        help_texts = {
            "body": IN_PLAIN_TEXT,
            "link": _("A post, a video, your blog: one piece of work counts once."),
        }
        widgets = {
            "headline": forms.TextInput(attrs={"autocomplete": "off"}),
            "body": forms.Textarea(attrs={"rows": 9}),
            "link": forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
        }

    def __init__(self, *args: Any, is_final: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = Event.objects.reportable(timezone.now())
        if self.instance.event_id:
            events = events | Event.objects.filter(pk=self.instance.event_id)
        self.fields["event"].queryset = events  # type: ignore[attr-defined]
        self.fields["event"].empty_label = _("Choose the event")  # type: ignore[attr-defined]
        for name in ("event", "headline", "body"):
            self.fields[name].required = is_final
        self.fields["link"].assume_scheme = "https"  # type: ignore[attr-defined]


class PhotoForm(forms.ModelForm):
    hide_optional = True

    class Meta:
        model = Photo
        fields = ["alt"]
        labels = {"alt": _("What is in the picture?")}

    def __init__(self, *args: Any, number: int, is_final: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["alt"].required = is_final
        self.fields["alt"].label = _("What is in picture %(number)s?") % {"number": number}
        self.fields["alt"].error_messages["required"] = _(
            "Say in a few words what the picture shows, for people who cannot see it."
        )
