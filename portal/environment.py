"""What the portal is told by its environment, read once at start; docs/operations.md describes it."""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from portal import addresses
from portal.embedded import places

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
T = TypeVar("T")


class SettingError(Exception):
    """A variable holds nonsense; the message is one sentence that names it."""


@dataclass(frozen=True)
class Environment:
    """The portal's settings, checked; `database`, `email`, `s3` and `openid_connect` in the form Django takes."""

    debug: bool
    demo: bool
    data_dir: Path
    port: int
    base_url: str
    secret_key: str = field(repr=False)
    allowed_hosts: list[str]
    trusted_proxies: list[str]
    bind_address: str
    database: dict[str, Any] = field(repr=False)
    database_embedded: bool
    redis_url: str = field(repr=False)
    redis_embedded: bool
    cache_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    broker_options: dict[str, str]
    email: dict[str, Any] | None = field(repr=False)
    mail_provider: dict[str, Any] | None = field(repr=False)
    bounce_mailbox: dict[str, Any] | None = field(repr=False)
    bounce_address: str
    mail_rate: int
    mail_domain_rate: int
    openid_connect: list[dict[str, Any]] = field(repr=False)
    web_workers: int
    task_workers: int
    demo_password: str = field(repr=False)
    fetch_port: int | None
    sentry_dsn: str = field(repr=False)
    s3: dict[str, str] | None = field(repr=False)

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")


@dataclass(frozen=True)
class _Reader:
    environ: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def parsed(self, name: str, parse: Callable[[str], T], default: str = "") -> T:
        """The value through `parse`, whose ValueError becomes a sentence with the variable's name."""
        try:
            return parse(self.text(name, default))
        except ValueError as error:
            raise SettingError(f"{name} {error}.") from None

    def flag(self, name: str) -> bool:
        return self.parsed(name, _flag)

    def number(self, name: str, default: int, highest: int) -> int:
        return self.parsed(name, lambda text: _number(text, highest), str(default))

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]


def read(environ: Mapping[str, str] | None = None, base_dir: Path = BASE_DIR) -> Environment:
    """Everything the environment says; raises SettingError for the first variable that makes no sense.

    Creates the data folder with the kept secrets in it where those are needed; connects to nothing.
    """
    given = _Reader(os.environ if environ is None else environ)
    debug, demo = given.flag("DEBUG"), given.flag("DEMO")
    data_dir = _data_dir(given, base_dir)
    port = given.number("PORT", 8000, 65535)
    base_url = given.parsed("BASE_URL", _base_url, f"http://localhost:{port}")
    if demo and not _is_loopback(base_url):
        raise SettingError("BASE_URL must be an address of this machine while DEMO is on: its passwords are printed.")
    bind_address = given.parsed("BIND_ADDRESS", _address, "127.0.0.1")
    if (demo or debug) and not ipaddress.ip_address(bind_address).is_loopback:
        raise SettingError("BIND_ADDRESS must be an address of this machine alone while DEMO or DEBUG is on.")
    redis_url = given.parsed("REDIS_URL", addresses.redis, f"unix://{places.socket_dir(data_dir)}/valkey.sock?db=0")
    broker = given.parsed("BROKER_URL", addresses.broker, redis_url)
    return Environment(
        debug=debug,
        demo=demo,
        data_dir=data_dir,
        port=port,
        base_url=base_url,
        secret_key=_secret_key(given, data_dir),
        allowed_hosts=LOOPBACK if demo else _allowed_hosts(given, base_url),
        trusted_proxies=given.parsed("TRUSTED_PROXIES", _networks),
        bind_address=bind_address,
        database=_database(given, data_dir),
        database_embedded=not given.text("DATABASE_URL"),
        redis_url=redis_url,
        redis_embedded=not given.text("REDIS_URL"),
        cache_url=given.parsed("CACHE_URL", addresses.redis, redis_url),
        broker_url=broker.url,
        broker_options=dict(broker.options),
        email=_email(given, optional=debug or demo),
        mail_provider=_provider(given),
        bounce_mailbox=given.parsed("BOUNCE_MAILBOX_URL", addresses.imap),
        bounce_address=given.parsed("BOUNCE_ADDRESS", _mail_address_or_nothing),
        mail_rate=given.number("MAIL_RATE", 1200, 1_000_000),
        mail_domain_rate=given.number("MAIL_DOMAIN_RATE", 600, 1_000_000),
        openid_connect=given.parsed("OPENID_CONNECT_URL", lambda text: _openid_connect(text, plain=debug or demo)),
        web_workers=given.number("WEB_WORKERS", 2, 256),
        task_workers=given.number("TASK_WORKERS", 1, 256),
        demo_password=given.text("DEMO_PASSWORD"),
        fetch_port=given.parsed("FETCH_PORT", lambda text: _port_of_a_demo(text, demo=demo)),
        sentry_dsn=given.parsed("SENTRY_DSN", _web_address_or_nothing),
        s3=_s3(given),
    )


def _database(given: _Reader, data_dir: Path) -> dict[str, Any]:
    if given.text("DATABASE_URL"):
        return given.parsed("DATABASE_URL", addresses.database)
    return addresses.database(embedded_database_url(data_dir))


def embedded_database_url(data_dir: Path) -> str:
    """The address of the embedded database of one data folder."""
    password = places.kept_secret(data_dir, "database-password")
    host = str(places.socket_dir(data_dir))
    return addresses.database_url(user="portal", password=password, host=host, name="portal")


def _flag(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError("must be 1 or 0")
    return text.lower() in YES


def _number(text: str, highest: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= highest:
        raise ValueError(f"must be a whole number from 1 to {highest}")
    return int(text)


def _port_of_a_demo(text: str, *, demo: bool) -> int | None:
    if text and not demo:
        raise ValueError("must not be set unless DEMO=1: the portal asks no site on its own machine")
    return _number(text, 65535) if text else None


def _data_dir(given: _Reader, base_dir: Path) -> Path:
    path = Path(given.text("DATA_DIR", str(places.default_data_dir(base_dir)))).expanduser()
    path = path if path.is_absolute() else base_dir / path
    try:
        return places.make_data_dir(path).resolve()
    except OSError as error:
        raise SettingError(f"DATA_DIR names {path}, which cannot be used: {error.strerror}.") from None


def _secret_key(given: _Reader, data_dir: Path) -> str:
    key = given.text("SECRET_KEY")
    if key and (len(key) < 50 or len(set(key)) < 5):
        raise SettingError("SECRET_KEY must be random text of 50 characters or more.")
    return key or places.kept_secret(data_dir, "secret-key")


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or "@" in text
    ):
        raise ValueError("must be an address such as https://portal.example.org, without a path")
    _ = parts.port  # raises ValueError where it is no port
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _allowed_hosts(given: _Reader, base_url: str) -> list[str]:
    hosts = given.words("ALLOWED_HOSTS")
    if any(set(host) & set("/@ *") for host in hosts):
        raise SettingError("ALLOWED_HOSTS must be host names parted by commas, without schemes, paths or stars.")
    host = urlsplit(base_url).hostname or ""
    return hosts or list(dict.fromkeys([f"[{host}]" if ":" in host else host, "localhost", "127.0.0.1"]))


def _networks(text: str) -> list[str]:
    try:
        return [str(ipaddress.ip_network(word.strip())) for word in text.split(",") if word.strip()]
    except ValueError as error:
        raise ValueError(f"must be addresses or networks parted by commas: {error}") from None


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("must be one address of this machine, such as 127.0.0.1 or 0.0.0.0") from None


def _email(given: _Reader, *, optional: bool) -> dict[str, Any] | None:
    """Django's settings for an SMTP server; empty where a provider takes the mails instead, None for no mail."""
    if _names_provider(given):
        return {}
    if given.text("EMAIL_URL"):
        return given.parsed("EMAIL_URL", addresses.mail)
    if optional:
        return None
    raise SettingError(
        "EMAIL_URL must be set, as in smtp+tls://user:password@example.org:587, unless DEMO=1 or DEBUG=1."
    )


def _provider(given: _Reader) -> dict[str, Any] | None:
    return given.parsed("EMAIL_URL", addresses.provider) if _names_provider(given) else None


def _names_provider(given: _Reader) -> bool:
    return given.text("EMAIL_URL").partition(":")[0] in addresses.MAIL_PROVIDERS


def _mail_address_or_nothing(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", text):
        raise ValueError("must be an e-mail address, such as bounces@example.org")
    return text


def _openid_connect(text: str, *, plain: bool) -> list[dict[str, Any]]:
    """Providers of identities; those on other machines by https alone, unless it may be `plain`."""
    apps = [addresses.openid_connect(url) for url in text.split()]
    origins = [origin for app in apps for origin in app["settings"]["origins"]]
    if not plain and any(origin.startswith("http://") and not _is_loopback(origin) for origin in origins):
        raise ValueError("must name providers on other machines by https://")
    if len({app["provider_id"] for app in apps}) < len(apps):
        raise ValueError("must give each provider another ?id=")
    return apps


def _web_address_or_nothing(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError("must be an address that begins with https://")
    return text


def _s3(given: _Reader) -> dict[str, str] | None:
    """Options of django-storages' S3Storage."""
    if not given.text("S3_BUCKET"):
        return None
    options = {
        "bucket_name": given.text("S3_BUCKET"),
        "endpoint_url": given.parsed("S3_ENDPOINT", _web_address_or_nothing),
        "region_name": given.text("S3_REGION"),
        "access_key": given.text("S3_ACCESS_KEY"),
        "secret_key": given.text("S3_SECRET_KEY"),
    }
    if bool(options["access_key"]) != bool(options["secret_key"]):
        raise SettingError("S3_ACCESS_KEY and S3_SECRET_KEY must be set together.")
    return {name: value for name, value in options.items() if value}
