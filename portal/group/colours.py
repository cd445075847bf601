"""The group's own colour, refused where it could not be read: WCAG 2.2, success criterion 1.4.3."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, such as #1d4a37."))
FOREST_ON_LIGHT, FOREST_ON_DARK = "#1d4a37", "#9fd0b2"
SHADE_LIGHT, SHADE_DARK = "#eee6d2", "#243029"  # the darkest light ground and the lightest dark one
LEAST_CONTRAST = 4.5


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), of `#rrggbb`, as WCAG 2.2 defines it."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def legible_on_light(colour: str) -> None:
    _check(colour, SHADE_LIGHT, _("This colour is too light to be read on the page. Take a darker one."))


def legible_on_dark(colour: str) -> None:
    _check(colour, SHADE_DARK, _("This colour is too dark to be read on a dark screen. Take a lighter one."))


def _check(colour: str, ground: str, words: object) -> None:
    COLOUR(colour)
    if contrast(colour, ground) < LEAST_CONTRAST:
        raise ValidationError(words)  # type: ignore[arg-type]
