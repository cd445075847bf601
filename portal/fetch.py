"""The guarded client: the only way in which the portal asks an address that a person typed or another site gave.

`portal.guard` opens its connections. Each redirect is a new address; all of them together have one bound in time, and
a body has one in size, counted while it is unpacked. No proxy is asked, no cookie is kept.
"""

import http.client
import ssl
import string
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urljoin

import urllib3
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from portal import guard
from portal.refusal import Refusal

SECONDS = 10.0  # from the look-up of the name to the last byte, redirects included
LIMIT = 2 * 2**20  # bytes of a body, unpacked
HOPS = 3  # redirects followed
PORTS = {"http": 80, "https": 443}
LEADS_ON = {301, 302, 303, 307, 308}
REFUSES_HEAD = {403, 405, 501}
# What of a caller's headers another site may see; the rest, which may hold a key, stays with the first.
CARRIED = {"accept", "accept-language", "if-none-match", "if-modified-since"}

Method = Literal["GET", "HEAD"]


class Kind(models.TextChoices):
    """Why there is no reply. `AWAY`, `INSECURE` and `GARBLED` may pass, and the others will hardly."""

    AWAY = "away", gettext_lazy("The site does not answer.")
    INSECURE = "insecure", gettext_lazy("No secure connection to the site could be made.")
    GARBLED = "garbled", gettext_lazy("What the site answered could not be read.")
    NO_HOST = "no_host", gettext_lazy("There is no site of this name.")
    TOO_LARGE = "too_large", gettext_lazy("What the site answered is too large.")
    TOO_MANY_REDIRECTS = "too_many_redirects", gettext_lazy("The address leads on to others too many times.")
    NOT_PUBLIC = "not_public", gettext_lazy("The address is not on the public internet.")
    NOT_HTTP = "not_http", gettext_lazy("This is no address that begins with https:// or http://.")
    CREDENTIALS = "credentials", gettext_lazy("The address holds a user name or a password.")


class FetchError(Refusal):
    """There is no reply, for the reason in `kind`; the words are safe to show and name no address."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class Reply:
    """What a site answered, whatever its status. `url` is where redirects led; names in `headers` have no case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


def get(
    url: str, *, headers: Mapping[str, str] | None = None, method: Method = "GET", seconds: float = SECONDS
) -> Reply:
    """Asks an address and reads its answer: at most `LIMIT` bytes, within `seconds`, which never exceed `SECONDS`.

    304 and errors of the site are replies. Raises FetchError where there is none. Another site than that of `url`
    gets only the headers in `CARRIED`.
    """
    with _told(), _asked(url, method, headers or {}, _end(seconds)) as (response, where):
        return Reply(response.status, where, response.headers, _body(response))


def answers(url: str, *, seconds: float = SECONDS) -> str:
    """Why an address is a dead link, in a sentence that is safe to show; empty where it answers."""
    return in_words(fault_of(url, seconds=seconds))


def fault_of(url: str, *, seconds: float = SECONDS) -> str:
    """What is wrong with an address, to be kept and put `in_words` later: a `Kind`, the status of an answer of 400
    or more, or nothing."""
    until = _end(seconds)
    try:
        status = _status(url, "HEAD", until)
        if status in REFUSES_HEAD:
            status = _status(url, "GET", until)
    except FetchError as error:
        return str(error.kind.value)
    return str(status) if status >= 400 else ""


def in_words(fault: str) -> str:
    """The sentence for a fault, in the language of whoever reads it."""
    if fault in Kind.values:
        return str(Kind(fault).label)
    if fault in {"404", "410"}:
        return _("There is no page at this address.")
    return _("The site answers with an error (%(status)s).") % {"status": fault} if fault else ""


def _status(url: str, method: Method, until: float) -> int:
    with _told(), _asked(url, method, {}, until) as (response, _where):
        return response.status


def _end(seconds: float) -> float:
    return time.monotonic() + min(seconds, SECONDS)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong on the way becomes a FetchError."""
    try:
        yield
    except guard.NotPublicError as error:
        raise FetchError(Kind.NOT_PUBLIC) from error
    except guard.NoHostError as error:
        raise FetchError(Kind.NO_HOST) from error
    except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
        raise FetchError(Kind.INSECURE) from error
    except (OSError, urllib3.exceptions.TimeoutError) as error:
        raise FetchError(Kind.AWAY) from error
    except (http.client.HTTPException, HTTPError) as error:
        raise FetchError(Kind.GARBLED) from error


@contextmanager
def _asked(
    url: str, method: Method, headers: Mapping[str, str], until: float
) -> Iterator[tuple[urllib3.BaseHTTPResponse, str]]:
    """The last answer, its body unread, and the address that gave it."""
    here = _parsed(url)
    for _hop in range(HOPS + 1):
        with closing(_Line(here, until)) as line:
            line.request(method, here.request_uri, headers={**headers, **_own_headers()}, preload_content=False)
            with closing(line.getresponse()) as response:
                location = response.headers.get("location")
                if response.status not in LEADS_ON or not location:
                    yield response, here.url
                    return
        there = _parsed(_joined(here, location))
        if _origin(there) != _origin(here):
            headers = {name: value for name, value in headers.items() if name.lower() in CARRIED}
        here = there
    raise FetchError(Kind.TOO_MANY_REDIRECTS)


def _parsed(url: str) -> Url:
    """The address in its parts, percent-encoded, in lower case where case means nothing, without its fragment."""
    try:
        found = parse_url(url.strip())
    except LocationParseError:
        raise FetchError(Kind.NOT_HTTP) from None
    if found.scheme not in PORTS or not found.host:
        raise FetchError(Kind.NOT_HTTP)
    if found.auth is not None:
        raise FetchError(Kind.CREDENTIALS)
    return found._replace(fragment=None)


def _joined(here: Url, location: str) -> str:
    """http.client reads headers as Latin-1: what is not ASCII goes back to the site in the bytes that it sent."""
    try:
        return urljoin(here.url, quote(location.encode("latin-1"), safe=string.punctuation))
    except ValueError:
        raise FetchError(Kind.NOT_HTTP) from None


def _origin(url: Url) -> tuple[str | None, str | None, int]:
    return url.scheme, url.host, _port(url)


def _port(url: Url) -> int:
    return PORTS[url.scheme or ""] if url.port is None else url.port


def _own_headers() -> dict[str, str]:
    return {
        "User-Agent": f"learning-portal (+{settings.BASE_URL})",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _body(response: urllib3.BaseHTTPResponse) -> bytes:
    """Unpacked piece by piece, so that a small file that becomes a huge one is stopped on the way."""
    body = bytearray()
    for piece in response.stream(2**16, decode_content=True):
        body += piece
        if len(body) > LIMIT:
            raise FetchError(Kind.TOO_LARGE)
    return bytes(body)


class _Line(HTTPConnection):
    """urllib3's connection over what the guard opens: there is no other way out."""

    def __init__(self, url: Url, until: float) -> None:
        super().__init__((url.host or "").strip("[]"), _port(url), timeout=guard.left(until))
        self.is_secure = url.scheme == "https"
        self.default_port = PORTS[url.scheme or ""]  # type: ignore[misc]  # is left out of the header Host
        self.until = until

    def connect(self) -> None:
        self.sock = guard.connected(self._dns_host, self.port, self.until)
        if self.is_secure:
            self.sock = guard.secured(self.sock, self.host, self.until)
