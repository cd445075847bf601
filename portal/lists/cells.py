"""One cell: what it says, what is wrong with it, and how to write one that no spreadsheet runs."""

import re
import unicodedata
from email.utils import parseaddr
from enum import Enum

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from portal.contacts.models import normalise

FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNSEEN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": None, "\ufeff": None, "\u00ad": None})
UNREADABLE = "\ufffd"
TURNS = re.compile("[\u2028\u2029\u202a-\u202e\u2066-\u2069]")  # breaks lines, or turns the direction of what follows
MARKUP = re.compile(
    r"[<>]|://|\bwww\.|\b[\w-]{2,}\.(?:com|net|org|info|biz|ru|cn|xyz|top|site|online|shop|io|co)\b", re.IGNORECASE
)
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_valid = EmailValidator()


class Kind(Enum):
    """What a cell holds: an e-mail address, a person's name, words on one line, or a text of several."""

    ADDRESS = "address"
    NAME = "name"
    WORDS = "words"
    TEXT = "text"


class CellError(ValueError):
    """A cell is refused; the message is one sentence for whoever made the list."""


def cleaned(cell: str) -> str:
    """The words of a cell: composed, without what nobody sees, and without the apostrophe of `safe_cell`."""
    words = cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
    return unicodedata.normalize("NFC", words).translate(UNSEEN).strip()


def safe_cell(value: str) -> str:
    """The words as a cell of CSV: an apostrophe keeps spreadsheets from running what looks like a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def check(value: str, kind: Kind, longest: int) -> None:
    """Raises CellError for what no such cell may hold."""
    if UNREADABLE in value:
        raise CellError(_("A sign in this cell cannot be read. Save the list as “CSV UTF-8” and upload it again."))
    allowed = "\n\r\t" if kind is Kind.TEXT else ""
    if any(unicodedata.category(sign) == "Cc" and sign not in allowed for sign in value) or TURNS.search(value):
        raise CellError(_("This cell holds a line break or another sign that cannot be seen. Write it on one line."))
    if kind is Kind.NAME and MARKUP.search(value):
        raise CellError(_("This looks like a link or a piece of a web page, not like somebody’s name."))
    if len(value) > longest:
        raise CellError(
            _("This cell has %(length)s signs; up to %(longest)s fit.") % {"length": len(value), "longest": longest}
        )


def address(cell: str) -> tuple[str, str]:
    """Name and address from `ada@example.org`, `Ada Obi <ada@example.org>` or `mailto:ada@example.org`.

    The address is as contacts are kept: lower case, an internationalised domain in its ASCII form. CellError else.
    """
    text = cell[7:] if cell[:7].lower() == "mailto:" else cell
    name, found = _parted(text)
    if found.count("@") > 1:
        raise CellError(_("There is more than one address in this cell. Give each person a row."))
    try:
        kept = normalise(found)
        _valid(kept)
    except (ValueError, ValidationError):
        raise CellError(_("“%(cell)s” is no e-mail address.") % {"cell": _short(cell)}) from None
    if len(kept) > LONGEST_ADDRESS:
        raise CellError(_("“%(cell)s” is too long for an e-mail address.") % {"cell": _short(cell)})
    return name, kept


def _parted(text: str) -> tuple[str, str]:
    """`Ada Obi <ada@example.org>` in two; by hand, since `parseaddr` gives up on names that are not quoted well."""
    if text.endswith(">") and "<" in text:
        name, _angle, found = text[:-1].rpartition("<")
        quoted = parseaddr(f"{name} <x@example.org>")[0] if name.strip().startswith('"') else name
        return (quoted or name).strip().strip("'\"").strip(), found.strip()
    return "", text


def _short(cell: str) -> str:
    return f"{cell[:60]}…" if len(cell) > 60 else cell
