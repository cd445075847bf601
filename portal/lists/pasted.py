"""A list that somebody pastes: one person a line, or parted by commas or semicolons as in a mail program's "To"."""

from collections.abc import Iterator

from portal.lists.columns import EMAIL, NAME, PEOPLE
from portal.lists.rows import Checker, Row

SEPARATORS = ";,\t"
CLOSING = {'"': '"', "<": ">"}


def read(text: str) -> Iterator[Row]:
    """Each person with the number of the line they stand in."""
    checker = Checker(PEOPLE)
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        for name, cell in _people(line):
            yield checker.row(number, {NAME.name: name, EMAIL.name: cell})


def _people(line: str) -> Iterator[tuple[str, str]]:
    """Name and address of each person in a line. A part without an address is the name of the next, or of the last."""
    waiting: list[str] = []
    found: list[tuple[str, str]] = []
    for part in filter(None, (part.strip() for part in _parts(line))):
        if "@" in part:
            found.append((_in_order(waiting, part), part))
            waiting = []
        else:
            waiting.append(part)
    if len(found) == 1 and waiting and not found[0][0] and "<" not in found[0][1]:
        found = [(" ".join(waiting), found[0][1])]
    elif waiting:
        found.append(("", " ".join(waiting)))
    yield from found


def _parts(line: str) -> Iterator[str]:
    """The line at each separator that stands outside quotation marks and angle brackets."""
    part, closing = "", ""
    for sign in line:
        if not closing and sign in SEPARATORS:
            yield part
            part = ""
            continue
        closing = ("" if sign == closing else closing) if closing else CLOSING.get(sign, "")
        part += sign
    yield part


def _in_order(waiting: list[str], part: str) -> str:
    """ "Obi, Ada <ada@example.org>" is Ada Obi."""
    own = part.partition("<")[0].strip() if "<" in part and waiting else ""
    return " ".join(filter(None, [own, *waiting]))
