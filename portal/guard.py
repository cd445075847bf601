"""Connections to the public internet alone, each over by one moment, for addresses that others choose.

Such an address may lead into our own network (OWASP, Server-Side Request Forgery). So a name is looked up once, what
is found is checked, and the connection goes to exactly that address; and nothing that the other side does or leaves
undone makes a connection last longer than until a moment of the monotonic clock, called `until`.
"""

import ipaddress
import socket
import ssl
import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import certifi
from django.conf import settings

TRIED = 4  # addresses of one name that are tried
UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA has given out of IPv6 for the public internet
# Public by the module ipaddress, or by one of its versions, and yet documentation or a way into somebody's network.
CLOSED = [
    ipaddress.ip_network(network)
    for network in [
        "2001::/32",  # Teredo holds an IPv4 address, RFC 4380
        "2002::/16",  # so does 6to4, RFC 3056
        "3fff::/20",  # documentation, RFC 9637
        "192.88.99.0/24",  # relays of 6to4, RFC 7526
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "168.63.129.16/32",  # the host of a virtual machine at Azure
    ]
]

Found = list[tuple[socket.AddressFamily, Any]]  # family, and the address with its port as `connect` takes them


class NotPublicError(OSError):
    """None of a name's addresses is on the public internet; no connection was tried."""


class NoHostError(OSError):
    """The name is not known. A name server that is away is a plain OSError."""


class _Timed:
    """A socket whose every read ends in time, however slowly the bytes drip in."""

    until: float

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(left(self.until))  # type: ignore[attr-defined]
        return super().recv_into(*args, **kwargs)  # type: ignore[misc]


class _Socket(_Timed, socket.socket):
    pass


class _SecureSocket(_Timed, ssl.SSLSocket):
    def send(self, *args: Any, **kwargs: Any) -> int:  # one of many to a sendall, which a plain socket ends in time
        self.settimeout(left(self.until))
        return super().send(*args, **kwargs)


def left(until: float) -> float:
    """Seconds, more than none; TimeoutError where none are left."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def connected(host: str, port: int, until: float) -> socket.socket:
    """A connection to the first public address of a host that takes one; each gets its share of the time left.

    Raises NotPublicError, NoHostError or another OSError.
    """
    found = [(family, target) for family, target in _looked_up(host, port, until) if is_open(target[0], port)][:TRIED]
    if not found:
        raise NotPublicError
    return _to_one_of(found, until)


def _to_one_of(found: Found, until: float) -> socket.socket:
    for number, (family, target) in enumerate(found):
        sock = _Socket(family, socket.SOCK_STREAM)
        sock.until = until
        sock.settimeout(left(until) / (len(found) - number))
        try:
            sock.connect(target)
        except OSError as error:
            sock.close()
            failure = error
        else:
            sock.settimeout(left(until))
            return sock
    raise failure


def secured(sock: socket.socket, name: str, until: float) -> socket.socket:
    """The same connection with TLS, its certificate checked for `name`; ssl.SSLError or TimeoutError otherwise."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:  # a machine without the package ca-certificates
        context.load_verify_locations(certifi.where())
    context.sslsocket_class = _SecureSocket
    try:
        secure = context.wrap_socket(sock, server_hostname=name)  # the handshake as a whole ends in time
    except BaseException:
        sock.close()
        raise
    secure.until = until  # type: ignore[attr-defined]
    return secure


def is_open(host: str, port: int) -> bool:
    """Whether an address is on the public internet, or allowed with this port by the setting FETCH_ALLOWED."""
    address = ipaddress.ip_address(host)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if (str(address), port) in settings.FETCH_ALLOWED:
        return True
    if address.version == 6 and address not in UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in CLOSED)


def _looked_up(host: str, port: int, until: float) -> Found:
    """In a thread, which may outlive us: getaddrinfo knows no end, and the name's owner may delay the answer."""
    answer: SimpleQueue[Found | OSError] = SimpleQueue()
    Thread(target=lambda: answer.put(_look_up(host, port)), daemon=True).start()
    try:
        found = answer.get(timeout=left(until))
    except Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


def _look_up(host: str, port: int) -> Found | OSError:
    try:
        return [(one[0], one[4]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError:  # a label is empty or too long
        return NoHostError()
    except OSError as error:
        return NoHostError() if error.errno in {socket.EAI_NONAME, socket.EAI_NODATA} else error
