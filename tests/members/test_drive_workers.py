"""Drives with real workers: separate processes, a real broker, a real mail server, and what befalls them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection

from members.recruitment import services
from members.recruitment.models import Drive
from portal.embedded import processes
from portal.embedded.broker import Broker
from portal.environment import BASE_DIR
from portal.outbox.models import OutgoingMail
from tests import factories
from tests.conftest import forget_connections
from tests.sink import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.stack]
MANY, FEWER = 2000, 800
STILL = 90  # seconds in which something must happen, however busy the machine is
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "portal.embedded.worker"]


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


class Queue:
    """A broker of one test, which can be stopped and started again."""

    def __init__(self, folder):
        folder.chmod(0o711)  # the broker of root runs as nobody
        self.broker = Broker(folder, durable=False)
        self.url = self.broker.url
        self.start()

    def start(self):
        self.process = processes.start(self.broker.program())
        wait_for(self.broker.is_ready, 20)

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def queue():
    folder = Path(tempfile.mkdtemp(prefix="portal-queue-"))
    queue = Queue(folder)
    before = current_app.conf.broker_url
    forget_connections()
    current_app.conf.broker_url = queue.url.replace("unix://", "redis+socket://").replace("?db=0", "?virtual_host=0")
    yield queue
    forget_connections()
    current_app.conf.broker_url = before
    queue.stop()
    shutil.rmtree(folder)


@pytest.fixture
def start(sink, queue, tmp_path):
    """Starts a group of processes: `start("worker")`, `start("beat")`. What still runs in the end is killed."""
    groups = []

    def begin(kind, number=0):
        words = {
            "worker": ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle"],
            "beat": ["beat", "--pidfile", ""],
        }[kind]
        log = (tmp_path / f"{kind}-{number}.log").open("ab")
        groups.append(
            subprocess.Popen(
                [*CELERY, *words], env=environ(sink, queue), stdout=log, stderr=log, start_new_session=True
            )
        )
        return groups[-1]

    yield begin
    for process in groups:
        kill(process)
    for log in tmp_path.glob("*.log"):
        print(log.name, log.read_text()[-2000:])  # shown where the test fails


def environ(sink, queue):
    """What makes a worker of its own one of this test: its database, its broker, its mail server."""
    given = connection.get_connection_params()
    database = f"postgresql://{given['user']}:{given.get('password', '')}@/{given['dbname']}?host={given['host']}"
    if not str(given["host"]).startswith("/"):
        place = f"{given['host']}:{given['port']}"
        database = f"postgresql://{given['user']}:{given.get('password', '')}@{place}/{given['dbname']}"
    own = {
        "DATABASE_URL": database,
        "REDIS_URL": queue.url,
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


def people(number):
    return [f"Person {place} <p{place:05}@example.org>" for place in range(number)]


def started(number):
    """A drive to so many that a coordinator has just started."""
    return services.start(factories.drive(*people(number)), by=factories.coordinator())


def states():
    rows = list(OutgoingMail.objects.filter(lane=OutgoingMail.Lane.BULK).values_list("status", flat=True))
    return {status: rows.count(status) for status in set(rows)}


def all_sent():
    return states() == {"sent": FEWER}


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not in {seconds} s: {condition}"
        time.sleep(0.1)


def wait_while_it_goes_on(condition):
    """Until the condition holds: as long as mails change their state from time to time."""
    before, end = states(), time.monotonic() + STILL
    while not condition():
        assert time.monotonic() < end, f"nothing happened for {STILL} s: {before}"
        time.sleep(0.2)
        if (now := states()) != before:
            before, end = now, time.monotonic() + STILL


def each_got_one(sink, number):
    return (len(sink.got), sink.total) == (number, number)


def test_workers_killed_half_way_leave_nobody_with_two_and_at_most_one_unknown_a_line(sink, start):
    started(MANY)
    begun = time.monotonic()
    first = start("worker")
    start("beat")
    sink.after = (700, lambda: os.killpg(first.pid, signal.SIGKILL))
    wait_while_it_goes_on(lambda: sink.after[1] is None)
    first.wait()
    took, killed = time.monotonic() - begun, time.monotonic()

    start("worker", 1)
    wait_while_it_goes_on(
        lambda: states().get("sent", 0) + states().get("sending", 0) == MANY and states().get("sending", 0) <= 2
    )
    lines = states().get("sending", 0)

    assert max(sink.got.values()) == 1
    assert lines <= 2  # one for each process of the pool
    assert MANY - lines <= sink.total <= MANY
    # 60 s on a machine that is free; on a busy one as much longer as the first 700 took, which take 7 s
    assert max(sink.at.values()) - killed < max(60, 60 * took / 7)


def test_workers_asked_to_stop_lose_nothing(sink, start):
    started(FEWER)
    first = start("worker")
    sink.after = (300, lambda: os.kill(first.pid, signal.SIGTERM))
    assert first.wait(STILL) == 0
    assert set(states()) <= {"sent", "queued"}
    assert states()["sent"] == sink.total

    start("worker", 1)
    start("beat")
    wait_while_it_goes_on(all_sent)
    assert each_got_one(sink, FEWER)


def test_drive_finishes_when_the_broker_lost_everything(sink, queue, start):
    sink.after = (300, lambda: redis.Redis.from_url(queue.url).flushdb())
    drive = started(FEWER)
    start("worker")
    start("beat")
    wait_while_it_goes_on(all_sent)
    assert each_got_one(sink, FEWER)
    wait_for(lambda: Drive.objects.get(pk=drive.pk).status == "done", STILL)


def test_drive_finishes_when_the_broker_was_away(sink, queue, start):
    sink.after, sink.pause = (300, queue.stop), 0.01  # longer than a task goes on by itself
    started(FEWER)
    start("worker")
    start("beat")
    wait_while_it_goes_on(lambda: sink.after[1] is None)
    time.sleep(8)
    assert sink.total < FEWER
    queue.start()
    wait_while_it_goes_on(all_sent)
    assert each_got_one(sink, FEWER)


def test_drive_started_twice_at_once_by_two_beats_and_workers_writes_to_each_person_once(sink, start):
    for number in range(2):
        start("beat", number)
        start("worker", number)
    drive, coordinator = factories.drive(*people(FEWER)), factories.coordinator()

    def press():
        try:
            return services.start(drive, by=coordinator).status
        except services.DriveError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        said = sorted(hands.map(lambda _hand: press(), range(2)))
    assert said == ["This drive has been started already.", "running"]
    wait_while_it_goes_on(all_sent)
    assert each_got_one(sink, FEWER)


def test_drive_paused_stands_still_and_resumed_writes_to_nobody_twice(sink, start):
    drive, coordinator = started(FEWER), factories.coordinator()
    start("worker")
    start("beat")
    wait_while_it_goes_on(lambda: sink.total > 300)
    services.pause(drive, by=coordinator)
    wait_for(lambda: "sending" not in states(), STILL)
    sent = sink.total
    time.sleep(4)
    assert sink.total == sent < FEWER
    services.resume(drive, by=coordinator)
    wait_while_it_goes_on(all_sent)
    assert each_got_one(sink, FEWER)


def test_server_away_for_a_while_and_five_unknown_addresses(sink, start):
    sink.away_until = time.monotonic() + 30
    sink.unknown = {f"p{place:05}@example.org" for place in (1, 500, 501, 1200, 1999)}
    started(MANY)
    start("worker")
    start("beat")
    wait_while_it_goes_on(lambda: states() == {"sent": MANY - 5, "failed": 5})
    assert each_got_one(sink, MANY - 5)
    assert set(OutgoingMail.objects.failed().values_list("error", flat=True)) == {"550 no such user"}


def test_welcome_passes_a_drive_to_many(sink, start):
    started(2 * MANY)
    start("worker")
    wait_while_it_goes_on(lambda: sink.total > 200)
    before = time.monotonic()
    factories.application(factories.user(email="ada@example.net"))
    wait_for(lambda: "ada@example.net" in sink.got, STILL)
    meanwhile = [moment for moment in sink.at.values() if before < moment < sink.at["ada@example.net"]]
    assert sink.total < 2 * MANY
    assert len(meanwhile) < MANY / 2  # what workers had taken before; `make bench` measures the time
