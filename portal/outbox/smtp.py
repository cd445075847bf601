"""Django's SMTP backend, with one thing more: it knows whether a mail had been handed over when the line broke."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class HandingOver:
    """From DATA until the server's answer nobody can tell whether a mail was taken (RFC 5321, 4.5.3.2.6)."""

    is_handing_over = False

    def data(self, msg: Any) -> Any:
        self.is_handing_over = True
        try:
            answer = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPDataError:  # the server did not even want to hear it
            self.is_handing_over = False
            raise
        self.is_handing_over = False
        return answer


class PlainLine(HandingOver, smtplib.SMTP):
    pass


class TLSLine(HandingOver, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return TLSLine if self.use_ssl else PlainLine

    @property
    def is_handing_over(self) -> bool:
        return getattr(self.connection, "is_handing_over", False)
