"""What an attempt to send has come to, told by the error that the mail backend raised."""

import smtplib
from dataclasses import dataclass
from enum import Enum

from anymail.exceptions import AnymailAPIError, AnymailConfigurationError, AnymailRecipientsRefused

# Our name, password or sender is refused, whoever the mail is for: it can leave once somebody has set that right.
REFUSES_US = smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError | smtplib.SMTPSenderRefused


# The way to the server is broken. Any other error is this one mail's, such as a header that no mail may have.
OF_THE_LINE = OSError | smtplib.SMTPException | AnymailAPIError | AnymailConfigurationError
NOT_OUR_MAIL = {401, 403, 408, 429}  # HTTP: our key is refused, or the provider has too much to do


class Outcome(Enum):
    LATER = "later"  # this mail was refused for now
    NEVER = "never"  # this mail was refused for good
    SERVER_AWAY = "server away"  # no mail can leave; this one did not
    UNKNOWN = "unknown"  # the line broke while the mail was being handed over


@dataclass(frozen=True)
class Failure:
    outcome: Outcome
    words: str
    is_bounce: bool = False  # the server says that nobody has this address


def failure(error: Exception, *, was_handing_over: bool) -> Failure:
    """5xx replies are final, 4xx are not, 421 speaks for the whole server (RFC 5321, 4.2.1, 3.8)."""
    words = _words(error)[:500]
    code = _code(error)
    if code == 421 or isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return Failure(Outcome.SERVER_AWAY, words)
    if isinstance(error, REFUSES_US):
        return Failure(Outcome.SERVER_AWAY, words)
    if code is not None:
        refused_address = isinstance(error, smtplib.SMTPRecipientsRefused)
        return Failure(Outcome.NEVER if code >= 500 else Outcome.LATER, words, refused_address and code >= 500)
    if isinstance(error, AnymailRecipientsRefused):
        return Failure(Outcome.NEVER, words, is_bounce=True)
    is_of_the_line = isinstance(error, OF_THE_LINE)
    if is_of_the_line and was_handing_over:
        return Failure(Outcome.UNKNOWN, words)
    return Failure(Outcome.SERVER_AWAY if is_of_the_line else Outcome.NEVER, words)  # else this mail cannot be made


def _code(error: Exception) -> int | None:
    """The server's reply code: of the one recipient, or of the command that it refused; an API's HTTP status."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code if error.smtp_code >= 400 else None  # smtplib gives -1 where the line broke
    status = getattr(error, "status_code", None)  # of anymail's errors: the HTTP status that the provider's API gave
    if status is None:
        return None
    return 421 if status in NOT_OUR_MAIL or status >= 500 else 550


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {said.decode(errors='replace')}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return f"{type(error).__name__}: {error}"
