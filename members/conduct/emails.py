"""What the two sides of a reported request hear of the coordinators' decision."""

from members.conduct.models import LetterReport
from members.letters.emails import to_member, to_writer


def warned(found: LetterReport) -> None:
    to_writer(found.letter, "letter_warned", words=found.words)


def banned(found: LetterReport) -> None:
    to_writer(found.letter, "letter_banned", words=found.words)


def settled(found: LetterReport) -> None:
    """To the member who reported it: it was looked at. What was decided is between the coordinators and the writer."""
    to_member(found.letter, "letter_report_settled")
