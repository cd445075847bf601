"""Addresses of services, from URLs into what Django and Celery want; ValueError gives the reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, parse_qsl, quote, unquote, urlsplit

MAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtp+ssl": (465, False, True)}
MAIL_PROVIDERS = {  # anymail's backend, and its name for the key
    "brevo": ("brevo", "BREVO_API_KEY"),
    "mailersend": ("mailersend", "MAILERSEND_API_TOKEN"),
    "mailgun": ("mailgun", "MAILGUN_API_KEY"),
    "postmark": ("postmark", "POSTMARK_SERVER_TOKEN"),
    "resend": ("resend", "RESEND_API_KEY"),
    "sendgrid": ("sendgrid", "SENDGRID_API_KEY"),
}
IMAP_SCHEMES = {"imap": (143, False, False), "imap+tls": (143, True, False), "imaps": (993, False, True)}
BROKER_SCHEMES = {"redis", "rediss", "unix", "redis+socket", "sentinel", "amqp", "amqps"}


@dataclass(frozen=True)
class Broker:
    """Where Celery's queue lives, and what its transport must be told besides."""

    url: str
    options: Mapping[str, str]


def _split(url: str, schemes: set[str]) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in sorted(schemes))}")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("has a port that is no number up to 65535") from None
    return parts


def _host(parts: SplitResult) -> str:
    """The host as written: `SplitResult.hostname` would lower a socket's path."""
    host = parts.netloc.rpartition("@")[2]
    if parts.port is not None:
        host = host.rpartition(":")[0]
    return unquote(host.strip("[]").removesuffix(":"))


def database(url: str) -> dict[str, Any]:
    """One entry of Django's DATABASES. A socket's folder is the host, percent-encoded, as in libpq."""
    parts = _split(url, {"postgres", "postgresql"})
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise ValueError("must end with the name of one database, as in postgresql://user:password@host/name")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", _host(parts)),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,  # seconds
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def database_url(*, user: str, password: str, host: str, name: str) -> str:
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{quote(host, safe='')}/{name}"


def redis(url: str) -> str:
    """The address as redis-py takes it, checked."""
    parts = _split(url, {"redis", "rediss", "unix"})
    if parts.scheme == "unix" and not parts.path.strip("/"):
        raise ValueError("must name the socket, as in unix:///run/valkey.sock?db=0")
    if parts.scheme != "unix" and not parts.hostname:
        raise ValueError("must name a host")
    number = parts.path.strip("/") if parts.scheme != "unix" else dict(parse_qsl(parts.query)).get("db", "0")
    if number and not number.isdecimal():
        raise ValueError("must name a database by its number")
    return url


def broker(url: str) -> Broker:
    """The address as Celery takes it. Sentinels are parted by `;` and need `?master_name=`."""
    parts = _split(url, BROKER_SCHEMES)
    if parts.scheme == "sentinel":
        return _sentinels(url)
    if parts.scheme == "unix":
        redis(url)
        return Broker(_socket(parts), {})
    if parts.scheme == "rediss" and "ssl_cert_reqs" not in parts.query:
        return Broker(f"{url}{'&' if parts.query else '?'}ssl_cert_reqs=required", {})
    return Broker(url, {})


def _socket(parts: SplitResult) -> str:
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{login}{parts.path}?virtual_host={number}"


def _sentinels(url: str) -> Broker:
    hosts = [_split(one.strip(), {"sentinel"}) for one in url.split(";") if one.strip()]
    masters = {value for host in hosts for key, value in parse_qsl(host.query) if key == "master_name"}
    if len(masters) != 1:
        raise ValueError("must name its master once, as in sentinel://a:26379/0;sentinel://b:26379/0?master_name=main")
    return Broker(";".join(host._replace(query="").geturl() for host in hosts), {"master_name": masters.pop()})


def mail(url: str) -> dict[str, Any]:
    """Django's EMAIL_… settings: smtp+tls is STARTTLS (port 587), smtp+ssl TLS from the start (465)."""
    parts = _split(url, {*MAIL_SCHEMES, *MAIL_PROVIDERS})
    if not parts.hostname:
        raise ValueError("must name a host, as in smtp+tls://user:password@mail.example.org:587")
    port, use_tls, use_ssl = MAIL_SCHEMES[parts.scheme]
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": use_tls,
        "EMAIL_USE_SSL": use_ssl,
    }


def provider(url: str) -> dict[str, Any]:
    """Anymail's settings for a provider of mail: `postmark://TOKEN@`, `mailgun://KEY@mg.example.org`.

    `?webhook=NAME:PASSWORD` is what the provider shows when it tells of bounces; `?api=` names another address of
    its API, as for Mailgun in Europe.
    """
    parts = _split(url, set(MAIL_PROVIDERS))
    backend, key = MAIL_PROVIDERS[parts.scheme]
    if not parts.username:
        raise ValueError(f"must hold the provider's key, as in {parts.scheme}://KEY@")
    options = dict(parse_qsl(parts.query))
    found = {key: unquote(parts.username)}
    if parts.scheme == "mailgun":
        if not parts.hostname:
            raise ValueError("must name the sending domain, as in mailgun://KEY@mg.example.org")
        found["MAILGUN_SENDER_DOMAIN"] = parts.hostname
    if "webhook" in options:
        if not re.fullmatch(r"[^:]+:.{16,}", options["webhook"]):
            raise ValueError("must give ?webhook= as a name, a colon and a password of 16 characters or more")
        found["WEBHOOK_SECRET"] = options["webhook"]
    if "api" in options:
        found[f"{parts.scheme.upper()}_API_URL"] = options["api"]
    return {"name": parts.scheme, "backend": f"anymail.backends.{backend}.EmailBackend", "settings": found}


def imap(url: str) -> dict[str, Any] | None:
    """Where bounces are read: imap+tls is STARTTLS (port 143), imaps TLS from the start (993); None for no address."""
    if not url:
        return None
    parts = _split(url, set(IMAP_SCHEMES))
    if not parts.hostname or not parts.username:
        raise ValueError("must name a user and a host, as in imaps://bounces:password@mail.example.org/INBOX")
    port, starttls, use_ssl = IMAP_SCHEMES[parts.scheme]
    return {
        "host": parts.hostname,
        "port": parts.port or port,
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "folder": unquote(parts.path.strip("/")) or "INBOX",
        "starttls": starttls,
        "ssl": use_ssl,
    }


def openid_connect(url: str) -> dict[str, Any]:
    """A provider of identities as allauth takes it: `https://CLIENT_ID:SECRET@login.example.org/realm?name=IUCN`.

    The issuer is the address without client and options. `?name=` stands on the button, `?id=` in the portal's own
    addresses; `?login=`, as often as needed, is the origin of a page where people sign in, if that is another than
    the issuer's.
    """
    parts = _split(url, {"http", "https"})
    if not parts.username or not parts.password:
        raise ValueError("must hold the client's id and secret, as in https://CLIENT_ID:SECRET@login.example.org")
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.fragment or not options.keys() <= {"name", "id", "login"}:
        raise ValueError("may end with ?name=, ?id= and ?login=, and nothing else")
    host = _web_host(parts)
    name, slug = (options.get(key, [default])[-1] for key, default in (("name", host), ("id", _slug(host))))
    if not name or not re.fullmatch(r"[a-z0-9-]{1,50}", slug):
        raise ValueError("must give ?name= some words, and ?id= small letters, digits and hyphens")
    issuer = parts._replace(netloc=host, query="", fragment="").geturl().rstrip("/")
    origins = [f"{parts.scheme}://{host}", *(_origin(login) for login in options.get("login", []))]
    return {
        "provider_id": slug,
        "name": name,
        "client_id": unquote(parts.username),
        "secret": unquote(parts.password),
        "settings": {"server_url": f"{issuer}/.well-known/openid-configuration", "origins": origins},
    }


def _origin(url: str) -> str:
    parts = _split(url, {"http", "https"})
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must give ?login= as in https://login.example.org, without a path")
    return f"{parts.scheme}://{_web_host(parts)}"


def _web_host(parts: SplitResult) -> str:
    """Host and port; nothing that would end a directive of the content security policy."""
    host = parts.netloc.rpartition("@")[2].lower()
    if not re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?", host):
        raise ValueError("must name a host, as in https://CLIENT_ID:SECRET@login.example.org")
    return host


def _slug(host: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", host).strip("-")
