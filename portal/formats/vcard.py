"""vCard 4.0, as address books read it (RFC 6350)."""

from collections.abc import Iterable

LONGEST = 75  # octets of a line, without its end (3.2)


def escaped(text: str) -> str:
    """A value of the type text: 3.4 and 4.1."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    return plain.replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which ends inside a character (3.2)."""
    pieces, room = [""], LONGEST
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append("")
            room = LONGEST - 1  # the space that the next piece begins with
        pieces[-1] += sign
        room -= size
    return "\r\n ".join(pieces)


class Card:
    """A card that is written property by property; what is empty is left out."""

    def __init__(self, name: str) -> None:
        self._lines = ["BEGIN:VCARD", "VERSION:4.0"]
        self.text("FN", name)

    def text(self, name: str, value: str) -> None:
        if value:
            self._lines.append(f"{name}:{escaped(value)}")

    def texts(self, name: str, values: Iterable[str]) -> None:
        """One property with a list of values."""
        found = ",".join(escaped(value) for value in values if value)
        if found:
            self._lines.append(f"{name}:{found}")

    def parts(self, name: str, values: Iterable[str]) -> None:
        """One property of several parts, each in its place (an address, an organisation and its units)."""
        found = list(values)
        if any(found):
            self._lines.append(f"{name}:{';'.join(map(escaped, found))}")

    def plain(self, name: str, value: str) -> None:
        """An address of the web, a language, a moment: what has no signs to be escaped."""
        if value:
            self._lines.append(f"{name}:{''.join(sign for sign in value if sign.isprintable())}")

    def __str__(self) -> str:
        return "".join(f"{folded(line)}\r\n" for line in [*map(_seen, self._lines), "END:VCARD"])


def _seen(line: str) -> str:
    """Without control characters, which no value may hold (3.3: VALUE-CHAR)."""
    return "".join(sign for sign in line if (sign >= " " and sign != "\x7f") or sign == "\t")
