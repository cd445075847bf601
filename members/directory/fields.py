"""Form fields of the directory."""

import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from members.directory.models import LINK_LENGTH, LINKS_AT_MOST, Member
from members.directory.words import Plain
from portal import guard, images
from portal.fetch import PORTS
from portal.users.models import User

is_web_address = URLValidator(["http", "https"])
INSIDE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid")  # names of no public site
JOINERS = "\u200c\u200d"
MANY = 6  # members of one name that are offered


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


def checked_link(typed: str) -> str:
    """One address that somebody typed, with https:// where it was left out. Raises ValidationError."""
    link = typed.strip()
    link = link if "://" in link else f"https://{link}"
    if error := _fault(link):
        raise error
    return link


def _fault(link: str) -> ValidationError | None:
    """What is wrong with an address, in words that name it."""
    shown = {"link": link if len(link) <= 60 else f"{link[:60]}…"}
    if len(link) > LINK_LENGTH:
        return ValidationError(_("“%(link)s” is too long for us to keep."), params=shown)
    try:
        is_web_address(link)
    except ValidationError:
        return ValidationError(
            _("“%(link)s” is no web address. It should look like https://example.org/blog."), params=shown
        )
    parts = urlsplit(link)
    if parts.username is not None or parts.password is not None:
        return ValidationError(_("“%(link)s” holds a user name or a password. Leave them out."), params=shown)
    if not _is_public(parts):
        return ValidationError(_("“%(link)s” is not on the public internet: nobody could open it."), params=shown)
    return None


def _is_public(parts: SplitResult) -> bool:
    """As far as the address alone tells; where a name leads is seen when it is fetched."""
    host = (parts.hostname or "").rstrip(".")
    try:
        return guard.is_open(host, parts.port or PORTS[parts.scheme])
    except ValueError:  # a name
        return "." in host and not host.endswith(INSIDE)


class NameField(forms.CharField):
    """The name of a person, in any script: one letter will do, or a picture; signs that nobody sees are left out."""

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        seen = "".join(" " if sign.isspace() else sign for sign in name if not _is_unseen(sign))
        if name and not any(unicodedata.category(sign)[0] in "LNSP" for sign in seen):
            raise ValidationError(_("Nobody could read this name."))
        return " ".join(seen.split())


def _is_unseen(sign: str) -> bool:
    """Control signs and those that turn the direction of what follows. Joiners stay: scripts and pictures need them."""
    return sign not in JOINERS and not sign.isspace() and unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn"}


class CutField(forms.CharField):
    """Which square of a new picture is kept, as "x y size"; a module fills it in. Anything else means the middle."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **options)

    def clean(self, value: Any) -> Any:
        try:
            x, y, size = (float(number) for number in str(value or "").split())
        except ValueError:
            return None
        return images.Cut(x, y, size) if 0 <= x <= 1 and 0 <= y <= 1 and 0 < size <= 1 else None


class ColleagueField(forms.CharField):
    """Another member whom `viewer` may see, by name or by the word in the address of the profile."""

    viewer: User
    current: Member | None = None  # whom the name already there means

    def prepare_value(self, value: Any) -> Any:
        return self.current.user.name if self.current and value == self.current.pk else value

    def clean(self, value: Any) -> Member | None:
        typed = " ".join(super().clean(value).split())
        if not typed:
            return None
        found = self._called(typed)
        if not found:
            raise ValidationError(_("No other member has this name. Write it as on their profile."))
        if len(found) > 1:
            words = ", ".join(one.slug for one in found)
            raise ValidationError(_("Several members have this name. Write one of: %(words)s"), params={"words": words})
        return found[0]

    def _called(self, typed: str) -> list[Member]:
        """The one with this word in the address, the one who was meant before, or all with this name."""
        others = Member.objects.visible_to(self.viewer).exclude(user=self.viewer).select_related("user")
        word = typed.rstrip("/").rpartition("/")[2]
        alike = Q(slug=word) | Q(user__sort_key=Plain(Value(typed)))
        found = list(others.filter(alike).by_name()[:MANY])
        sure = [one for one in found if one.slug == word] or [one for one in found if one == self.current]
        return sure or found
