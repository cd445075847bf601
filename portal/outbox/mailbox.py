"""The demo's mailbox: mails are kept as files and can be read at /mailbox/, since a demo has no mail server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FileMailbox(BaseEmailBackend):
    """An e-mail backend that writes each message, as it would leave, to a file `<moment>-<random>.eml`."""

    is_handing_over = False  # a file that could not be written is not there

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder: Path = settings.MAILBOX_DIR
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = datetime.now(tz=UTC).strftime("%Y%m%d-%H%M%S-%f")
            part = folder / f".{uuid4().hex}"
            part.write_bytes(message.message().as_bytes())
            part.rename(folder / f"{stamp}-{uuid4().hex[:6]}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Letter:
    """One mail in the mailbox."""

    name: str
    mail: ParsedMail

    @property
    def written_at(self) -> datetime:
        return datetime.strptime(self.name[:22], "%Y%m%d-%H%M%S-%f").replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        body = self.mail.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def html(self) -> str:
        body = self.mail.get_body(("html",))
        return body.get_content() if body else ""


def letters() -> list[Letter]:
    """Every mail, newest first."""
    names = sorted((path.stem for path in settings.MAILBOX_DIR.glob("*.eml")), reverse=True)
    return [found for name in names if (found := letter(name))]


def letter(name: str) -> Letter | None:
    """The mail with this name, or None."""
    path = settings.MAILBOX_DIR / f"{name}.eml"
    if path.parent != settings.MAILBOX_DIR or not path.is_file():
        return None
    return Letter(name, message_from_bytes(path.read_bytes(), policy=policy.default))
