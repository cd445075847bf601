from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.directory import services
from members.directory.fields import LinksField
from members.directory.models import Member
from portal import images
from portal.group.fields import CountryField, TopicsField
from portal.shared.version import raise_version


class ProfileForm(forms.ModelForm):
    """A member's own profile, with the name that belongs to the account."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
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
    new_portrait = forms.FileField(
        label=_("A picture of you"),
        help_text=_("From your phone or computer; we make it small and keep a square of it."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    remove_portrait = forms.BooleanField(label=_("Remove my picture"), required=False)

    class Meta:
        model = Member
        fields = ["headline", "bio", "city", "country", "visibility"]
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 6}),
            "visibility": forms.RadioSelect,
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
        }
        help_texts = {
            "bio": _("What could somebody ask you? Write as you would say it to a colleague."),
            "visibility": _("Your e-mail address is never shown to anybody."),
        }

    field_order = [
        "name", "headline", "bio", "topics", "languages", "city", "country", "links", "new_portrait", "remove_portrait",
        "visibility", "language",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            **self.initial,
            "name": self.instance.user.name,
            "language": self.instance.user.language,
            "languages": self.instance.languages,
            "topics": self.instance.topics.all(),
            "links": [link.url for link in self.instance.links.all()],
        }
        if not self.instance.portrait:
            del self.fields["remove_portrait"]

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

    def save(self, commit: bool = True) -> Member:
        member: Member = super().save(commit=False)
        member.languages = self.cleaned_data["languages"]
        member.edited_at = timezone.now()
        member.user.name = " ".join(self.cleaned_data["name"].split())
        member.user.language = self.cleaned_data["language"]
        member.user.save(update_fields=["name", "language"])
        member.save()
        member.topics.set(self.cleaned_data["topics"])
        services.set_links(member, self.cleaned_data["links"])
        if self.cleaned_data["new_portrait"] or self.cleaned_data.get("remove_portrait"):
            services.set_portrait(member, self.cleaned_data["new_portrait"])
        raise_version()
        return member
