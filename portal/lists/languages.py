"""The language of a person, as a list tells it: by its code, or by its name in English, French or Spanish."""

from portal.group.models import fold

NAMES = {
    "en": ("en", "english", "anglais", "inglés"),
    "fr": ("fr", "french", "français", "francés"),
    "es": ("es", "spanish", "espagnol", "español", "castellano"),
}


def language_of(word: str) -> str:
    """The code of a language that mails are written in; empty for any other, which is no mistake."""
    said = fold(word)
    return next((code for code, names in NAMES.items() if said in {fold(name) for name in names}), "")
