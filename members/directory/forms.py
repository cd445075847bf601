from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.directory import services, zones
from members.directory.fields import ColleagueField, CutField, LinksField, NameField
from members.directory.models import HOURS_AT_MOST, Member
from members.directory.parts import PARTS, Audience, column
from portal import images
from portal.group.fields import CountryField, TopicsField
from portal.shared.version import raise_version

# The form as it stands on the page: what each section is called, and its fields.
SECTIONS = (
    ("who", _("Who sees it"), ("visibility",)),
    ("you", _("You"), ("new_portrait", "name", "headline", "organisation", "bio")),
    ("know", _("What you know"), ("topics", "languages")),
    ("where", _("Where you are"), ("city", "country", "time_zone")),
    ("elsewhere", _("Elsewhere on the web"), ("links",)),
    ("time", _("Time for others"), ("takes_requests", "hours_pledged", "away_until", "stand_in")),
    ("mails", _("Mails to you"), ("language",)),
)
# Fields of the form that belong to a part of another name.
PART_OF = {"new_portrait": "portrait", "away_until": "away"}


class ProfileForm(forms.ModelForm):
    """A member's own profile, with the name that belongs to the account."""

    hide_optional = True  # all but the name is
    name = NameField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    topics = TopicsField(
        label=_("What could somebody ask you about?"),
        required=False,
    )
    country = CountryField(label=_("Country"), required=False)
    links = LinksField(label=_("Where else you are found"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages you can answer in"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language of our mails to you"),
        choices=settings.LANGUAGES,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("So that others know when you are likely to be awake."),
    )
    new_portrait = forms.FileField(
        label=_("A picture of you"),
        help_text=_("From your phone or computer; we make it small and keep a square of it."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif"}),
    )
    cut = CutField()
    remove_portrait = forms.BooleanField(label=_("Remove my picture"), required=False)
    stand_in = ColleagueField(
        label=_("Who stands in for you"),
        required=False,
        help_text=_("The name of another member, who is shown while you are away."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Member
        fields = [
            "headline", "organisation", "bio", "city", "country", "time_zone", "visibility", "takes_requests",
            "hours_pledged", "away_until", "stand_in", *(column(part) for part in PARTS),
        ]  # fmt: skip
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 6}),
            "visibility": forms.RadioSelect,
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "hours_pledged": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "away_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "bio": _("What could somebody ask you? Write as you would say it to a colleague."),
            "visibility": _("Your e-mail address is never shown to anybody."),
        }

    field_order = [name for _key, _title, names in SECTIONS for name in names]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.instance
        self.initial = {
            **self.initial,
            "name": member.user.name,
            "language": member.user.language,
            "languages": member.languages,
            "topics": member.topics.all(),
            "links": [link.url for link in member.links.all()],
        }
        if not member.portrait:
            del self.fields["remove_portrait"]
        self._set_choices(member)

    def _set_choices(self, member: Member) -> None:
        fields: dict[str, Any] = self.fields
        fields["stand_in"].viewer, fields["stand_in"].current = member.user, member.stand_in
        fields["time_zone"].choices = [("", _("That of my country")), *zones.by_area()]
        most = MaxValueValidator(HOURS_AT_MOST, _("That is more hours than a month of work has."))
        fields["hours_pledged"].validators.append(most)
        for part in PARTS:
            self.fields[column(part)].required = False  # what a form does not say stays as it was
            self.fields[column(part)].label = _("Shown to")

    @property
    def sections(self) -> list[dict[str, Any]]:
        """For the page: each field with the select that says who sees it."""
        return [
            {
                "key": key,
                "title": title,
                "fields": [{"field": self[name], "shown_to": self._shown_to(name)} for name in names],
            }
            for key, title, names in SECTIONS
        ]

    def _shown_to(self, name: str) -> forms.BoundField | None:
        part = PART_OF.get(name, name)
        return self[column(part)] if part in PARTS else None

    def clean_new_portrait(self) -> Any:
        file = self.cleaned_data["new_portrait"]
        if file:
            try:
                images.check_size(file)
                images.opened(file)
                file.seek(0)
            except images.ImageError as error:
                raise forms.ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        """Who names no zone gets that of their country; shown to no more people than the country is."""
        cleaned = super().clean() or self.cleaned_data
        country = cleaned.get("country")
        if "time_zone" in self.fields and country and not cleaned.get("time_zone"):
            cleaned["time_zone"] = country.zone
            cleaned[column("time_zone")] = max(self._audience("time_zone"), self._audience("country"))
        return cleaned

    def _audience(self, part: str) -> int:
        """Who sees a part from now on."""
        told = self.cleaned_data.get(column(part))
        return told if isinstance(told, int) else getattr(self.instance, column(part))

    def save(self, commit: bool = True) -> Member:
        member: Member = super().save(commit=False)
        before = Member.objects.get(pk=member.pk).portrait_audience
        member.languages = self.cleaned_data["languages"]
        member.edited_at = timezone.now()
        member.user.name = self.cleaned_data["name"]
        member.user.language = self.cleaned_data["language"]
        member.user.save(update_fields=["name", "language"])
        member.save()
        member.topics.set(self.cleaned_data["topics"])
        services.set_links(member, self.cleaned_data["links"])
        if self.cleaned_data["new_portrait"] or self.cleaned_data.get("remove_portrait"):
            services.set_portrait(member, self.cleaned_data["new_portrait"], cut=self.cleaned_data.get("cut"))
        elif member.portrait_audience > before:
            services.move_portrait(member)
        raise_version()
        return member

    def keep_portrait(self) -> bool:
        """Where something else is wrong: a good picture is kept at once, since a browser does not send it twice.

        Returns whether there was one.
        """
        file = self.cleaned_data.get("new_portrait")
        audience = self.cleaned_data.get(column("portrait"))
        if not file:
            return False
        member = Member.objects.get(pk=self.instance.pk)
        if audience in Audience.values:
            Member.objects.filter(pk=member.pk).update(portrait_shown_to=audience)
            member.portrait_shown_to = audience
        services.set_portrait(member, file, cut=self.cleaned_data.get("cut"))
        self.instance.portrait = member.portrait.name
        return True
