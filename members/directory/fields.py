"""Form fields of the directory."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from members.directory.models import LINK_LENGTH, LINKS_AT_MOST

is_web_address = URLValidator(["http", "https"])


class LinksField(forms.CharField):
    """Web addresses, one a line; https:// is added where it is left out, and each is kept once."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        options.setdefault("help_text", _("A blog, a profile, a channel: one address a line, up to twelve."))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or not isinstance(value, Sequence) else "\n".join(value)

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        links = list(dict.fromkeys(line if "://" in line else f"https://{line}" for line in lines if line))
        wrong = [error for link in links if (error := _fault(link))]
        if len(links) > LINKS_AT_MOST:
            wrong.append(ValidationError(_("Twelve addresses at most: keep those that say most about you.")))
        if wrong:
            raise ValidationError(wrong)
        return links


def _fault(link: str) -> ValidationError | None:
    """What is wrong with an address, in words that name it."""
    shown = link if len(link) <= 60 else f"{link[:60]}…"
    if len(link) > LINK_LENGTH:
        return ValidationError(_("“%(link)s” is too long for us to keep."), params={"link": shown})
    try:
        is_web_address(link)
    except ValidationError:
        return ValidationError(
            _("“%(link)s” is no web address. It should look like https://example.org/blog."), params={"link": shown}
        )
    return None
