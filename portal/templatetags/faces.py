"""What stands where somebody has no picture."""

from django import template

register = template.Library()

TONES = ["", "face-b", "face-c", "face-d"]


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word: "Luz Ocampo Rentería" gives "LR"."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.filter
def tone(name: str) -> str:
    """One of four grounds, always the same for one name."""
    return TONES[sum(map(ord, str(name))) % len(TONES)]
