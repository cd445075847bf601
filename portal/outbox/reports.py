"""What mail servers send back about our mails: bounces (RFC 3464) and complaints (RFC 5965), as they are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.parser import HeaderParser
from enum import Enum
from uuid import UUID

OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")


class Kind(Enum):
    BOUNCE = "bounce"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Report:
    """One server's word about one mail of ours, which it names by the Message-ID that nobody else can know."""

    kind: Kind
    mail: UUID
    words: str


def read(message: EmailMessage) -> Report | None:
    """The report that a message holds; None for anything else, for a delay, and where no mail of ours is named."""
    parts = list(message.walk())
    mail = next(_mails_named(parts), None)
    if mail is None:
        return None
    for part in parts:
        if part.get_content_type() == "message/delivery-status" and (words := _failure(part)):
            return Report(Kind.BOUNCE, mail, words)
        if part.get_content_type() == "message/feedback-report" and _is_complaint(part):
            return Report(Kind.COMPLAINT, mail, "")
    return None


def _failure(part: Message) -> str:
    """Why it failed for good, in the server's words: the first recipient with Action failed and a 5.x.x status."""
    for block in _blocks(part):
        failed = block.get("Action", "").strip().lower() == "failed"
        if failed and block.get("Status", "").strip().startswith("5"):
            said = block.get("Diagnostic-Code", "").partition(";")[2] or block["Status"]
            return " ".join(said.split())[:500]
    return ""


def _is_complaint(part: Message) -> bool:
    return any(block.get("Feedback-Type", "").strip().lower() == "abuse" for block in _blocks(part))


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _mails_named(parts: Sequence[Message]) -> Iterator[UUID]:
    """The mails whose returned headers stand in the report: the whole mail (message/rfc822), or its headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            returned = _blocks(part)
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            returned = [HeaderParser().parsestr(content.decode(errors="replace") if isinstance(content, bytes) else "")]
        else:
            continue
        for original in returned:
            if found := OURS.search(str(original.get("Message-ID", ""))):
                yield UUID(found[1])
