"""The outbox with real workers: separate processes, a real broker, a real mail server, and what befalls them."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection

from portal.contacts.models import Contact
from portal.environment import BASE_DIR
from portal.outbox import services
from portal.outbox.models import OutgoingMail
from tests import factories
from tests.portal.sink import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.stack]
MANY = 2000
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "portal.embedded.worker"]


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def start(sink, tmp_path):
    """Starts a group of processes: `start("worker")`, `start("beat")`. What still runs in the end is killed."""
    groups = []

    def begin(kind, number=0):
        words = {
            "worker": ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle"],
            "beat": ["beat", "--schedule", str(tmp_path / f"beat-{number}"), "--pidfile", ""],
        }[kind]
        log = (tmp_path / f"{kind}-{number}.log").open("ab")
        groups.append(
            subprocess.Popen([*CELERY, *words], env=environ(sink), stdout=log, stderr=log, start_new_session=True)
        )
        return groups[-1]

    yield begin
    for process in groups:
        kill(process)


def environ(sink):
    """What makes a worker of its own one of this test: its database, its broker, its mail server."""
    given = connection.get_connection_params()
    database = f"postgresql://{given['user']}:{given.get('password', '')}@/{given['dbname']}?host={given['host']}"
    if not str(given["host"]).startswith("/"):
        place = f"{given['host']}:{given['port']}"
        database = f"postgresql://{given['user']}:{given.get('password', '')}@{place}/{given['dbname']}"
    own = {
        "DATABASE_URL": database,
        "REDIS_URL": django_settings.CACHES["default"]["LOCATION"],
        "EMAIL_URL": sink.url,
        "MAIL_RATE": "1000000",
        "MAIL_DOMAIN_RATE": "1000000",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DATA_DIR": str(django_settings.DATA_DIR),
        "PYTHONPATH": str(BASE_DIR),
    }
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | own


def kill(process):
    """The whole group at once, as the kernel does when memory runs out."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def queue(number=MANY, lane=OutgoingMail.Lane.BULK):
    addresses = [f"p{place:05}@example.org" for place in range(number)]
    found = Contact.objects.of_many(addresses)
    services.queue_many(
        OutgoingMail(
            contact=contact, domain=contact.domain, lane=lane, kind="circular", subject="News",
            text="Hello there", html="<p>Hello there</p>", sender="Us <portal@example.org>",
        )
        for contact in found.values()
    )  # fmt: skip


def states():
    rows = OutgoingMail.objects.values_list("status", flat=True)
    return {status: list(rows).count(status) for status in set(rows)}


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not in {seconds} s: {states()}"
        time.sleep(0.1)


def broker():
    return redis.Redis.from_url(django_settings.CACHES["default"]["LOCATION"])


def nothing_waits():
    return not OutgoingMail.objects.filter(status__in=["queued", "leased", "sending"]).exists()


def test_workers_killed_half_way_leave_nobody_with_two_and_at_most_one_unknown_a_line(sink, start):
    queue()
    first = start("worker")
    sink.after = (700, lambda: os.killpg(first.pid, signal.SIGKILL))
    wait_for(lambda: sink.after[1] is None, 40)
    first.wait()
    lines = OutgoingMail.objects.filter(status="sending").count()

    start("worker", 1)
    start("beat")
    wait_for(lambda: not OutgoingMail.objects.filter(status__in=["queued", "leased"]).exists(), 60)

    assert max(sink.got.values()) == 1
    assert lines <= 2  # one for each process of the pool
    assert states() == {"sent": MANY - lines, **({"sending": lines} if lines else {})}
    assert MANY - lines <= sink.total <= MANY


def test_workers_asked_to_stop_lose_nothing(sink, start):
    queue()
    first = start("worker")
    sink.after = (500, lambda: os.kill(first.pid, signal.SIGTERM))
    assert first.wait(40) == 0
    assert set(states()) <= {"sent", "queued"}
    assert states()["sent"] == sink.total

    start("worker", 1)
    start("beat")
    wait_for(lambda: states() == {"sent": MANY}, 60)
    assert (len(sink.got), sink.total) == (MANY, MANY)


def test_drive_finishes_when_the_broker_lost_everything(sink, start):
    sink.after = (300, lambda: broker().flushdb())
    queue()
    start("worker")
    start("beat")
    wait_for(lambda: states() == {"sent": MANY}, 60)
    assert (len(sink.got), sink.total) == (MANY, MANY)


def test_two_beats_and_two_workers_send_each_mail_once(sink, start):
    for number in range(2):
        start("beat", number)
        start("worker", number)
    queue()
    services.wake(services.SEND)
    wait_for(lambda: states() == {"sent": MANY}, 60)
    assert (len(sink.got), sink.total) == (MANY, MANY)


def test_server_away_for_a_while_and_five_unknown_addresses(sink, start):
    sink.away_until = time.monotonic() + 30
    sink.unknown = {f"p{place:05}@example.org" for place in (1, 500, 501, 1200, 1999)}
    queue()
    start("worker")
    start("beat")
    wait_for(nothing_waits, 90)
    assert states() == {"sent": MANY - 5, "failed": 5}
    assert (len(sink.got), sink.total) == (MANY - 5, MANY - 5)
    assert set(OutgoingMail.objects.failed().values_list("error", flat=True)) == {"550 no such user"}


def test_welcome_passes_a_queue_of_many(sink, start):
    queue(4 * MANY)
    start("worker")
    wait_for(lambda: sink.total > 200, 40)
    before = time.monotonic()
    factories.application(factories.user(email="ada@example.net"))
    wait_for(lambda: "ada@example.net" in sink.got, 10)
    assert sink.total < 4 * MANY
    assert sink.at["ada@example.net"] - before < 5
