"""What every test may ask for. The database, the cache and the mail server are real."""

import socket

import pytest
import redis
from aiosmtpd.controller import Controller
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import translation
from kombu import pools

from portal.shared import version

CLOSED = "redis://127.0.0.1:1/0"  # nobody listens there
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that commits, each table holds again what the migrations left in it.

    Django would truncate all of them, which takes seconds a test, and leave the portal without group and countries.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        names = [connection.ops.quote_name(table) for table in tables]
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        filled = [name for name in names if _holds_rows(cursor, name)]
        for name in filled:
            cursor.execute(f"CREATE TABLE kept.{name} AS TABLE {name}")

    def restore(_test_case):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(";".join(f"DELETE FROM {name}" for name in names))
            cursor.execute(";".join(f"INSERT INTO {name} TABLE kept.{name}" for name in filled))

    TransactionTestCase._fixture_teardown = restore


def _holds_rows(cursor, table):
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
    return cursor.fetchone()[0]


def empty_cache():
    """No page, no queue, no limit on attempts; and a content version that never was before."""
    client = redis.Redis.from_url(django_settings.CACHES["default"]["LOCATION"])
    client.flushdb()
    client.close()
    version._reader.forget()


@pytest.fixture(autouse=True)
def _as_new():
    """Nothing is left of the test before: no kept page, and not the language of its last request."""
    empty_cache()
    translation.activate("en")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """`with committed():` does on leaving what waits for the commit: waking workers, raising the version."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def signed_in():
    """Makes a client whose session belongs to a user."""

    def sign_in(user):
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


class Letterbox:
    """A mail server that keeps what it gets, or answers the next recipients with the replies it is told."""

    def __init__(self):
        self.envelopes = []
        self.replies = []
        self.refused_senders = set()
        self.on_data = "250 kept"
        self.breaks_on_data = False
        self.lines = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.lines += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused_senders:
            return "550 not you"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.replies and (reply := self.replies.pop(0)) is not None:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.breaks_on_data:
            server.transport.abort()
        elif self.on_data.startswith("250"):
            self.envelopes.append(envelope)
        return self.on_data


@pytest.fixture
def smtp(settings):
    letterbox = Letterbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "portal.outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield letterbox
    controller.stop()


@pytest.fixture
def cache_away(settings, monkeypatch):
    """The cache's server cannot be reached."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": CLOSED}}
    monkeypatch.setattr(version, "_reader", version._Reader())


def forget_connections():
    pools.reset()
    current_app._pool = current_app.amqp._producer_pool = None


@pytest.fixture
def broker_away():
    """Celery's broker cannot be reached."""
    before = current_app.conf.broker_url
    forget_connections()
    current_app.conf.broker_url = CLOSED
    yield
    forget_connections()
    current_app.conf.broker_url = before
