"""A file of rows as spreadsheets and other programs save it: which signs, which separator, which row is the first."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from portal.refusal import Refusal

MOST_ROWS = 100_000
LONGEST_LINE = 100_000  # signs; no list of people has such a line
DELIMITERS = ",;\t"
LOOKED_AT = 50  # rows, to tell how a file is made
CHUNK = 2**16
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
Record = tuple[int, list[str]]


class ListError(Refusal):
    """A list cannot be read as a whole; the message is safe to show."""


@dataclass(frozen=True)
class Form:
    """How a file is written: its encoding by Python's name, and what parts one cell from the next."""

    encoding: str
    delimiter: str


def form_of(file: IO[bytes]) -> Form:
    """How this file is written, by looking at it. Raises ListError for what is no list."""
    encoding = _encoding(file)
    first = _first_line(file, encoding)
    if first.lower().startswith("sep=") and len(first) == 5:
        return Form(encoding, first[4])
    return max((Form(encoding, delimiter) for delimiter in DELIMITERS), key=lambda form: _evenness(file, form))


def records(file: IO[bytes], form: Form) -> Iterator[Record]:
    """Each row with its number as a spreadsheet counts: empty rows count, line breaks inside a cell do not.

    Only one row is held at a time. Raises ListError, naming the row, where reading cannot go on.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, form.encoding, errors="replace", newline="")
    number = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(text), delimiter=form.delimiter), 1):
            if number > MOST_ROWS + 1:  # and the row of names
                raise ListError(_("This list has more than %(most)s rows. Part it in two.") % {"most": MOST_ROWS})
            yield number, cells
    except csv.Error:
        raise ListError(
            _("From row %(row)s on this list cannot be read: a quotation mark is opened there and never closed.")
            % {"row": number + 1}
        ) from None
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE), "")):
        if len(line) == LONGEST_LINE:
            raise ListError(_("This file has lines that are far too long for a list of people."))
        if number == 0 and line.lower().startswith("sep=") and len(line.strip("\r\n")) == 5:
            continue  # Excel's own mark, which it does not show
        yield line


def _encoding(file: IO[bytes]) -> str:
    """By the mark at the beginning (BOM); without one UTF-8, and where that does not fit cp1252, which Excel writes."""
    file.seek(0)
    head = file.read(CHUNK)
    if not head.strip():
        raise ListError(_("This file is empty."))
    if head.startswith(WORKBOOKS):
        raise ListError(
            _("This is a workbook, not a list. Open it, choose “Save as” and “CSV UTF-8”, and upload that file.")
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while head:
            decoder.decode(head)
            head = file.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _first_line(file: IO[bytes], encoding: str) -> str:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        return text.readline(LONGEST_LINE).strip("\r\n")
    finally:
        text.detach()


def _evenness(file: IO[bytes], form: Form) -> tuple[int, int]:
    """How many of the first rows have the same number of cells, more than one; then that number."""
    widths = Counter(len(cells) for _number, cells in islice(records(file, form), LOOKED_AT) if len(cells) > 1)
    width, rows = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
    return rows, width
