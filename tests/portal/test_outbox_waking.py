"""The broker only wakes workers: the row is the truth, and what a lost wake-up missed is swept up."""

import json
import time

import pytest
import redis
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings

from portal.celery import app
from portal.outbox import tasks
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


def woken():
    """The tasks in the queue with their arguments, the oldest first."""
    client = redis.Redis.from_url(django_settings.CACHES["default"]["LOCATION"])  # one server is both
    found = [json.loads(message) for message in reversed(client.lrange("celery", 0, -1))]
    client.close()
    return [(message["headers"]["task"], message["headers"]["argsrepr"]) for message in found]


def test_mail_wakes_a_worker_once_it_is_committed(committed):
    with committed():
        factories.application()
        assert woken() == []
    assert woken() == [("portal.outbox.tasks.send", "()")]


def test_mail_with_the_broker_away_is_kept_and_swept_up_later(committed, broker_away, smtp, caplog):
    with committed():
        application = factories.application()
    assert [one.message for one in caplog.records if one.name == "portal.wake"] == [
        "broker down, the sweep will find it"
    ]
    assert (application.status, OutgoingMail.objects.get().status) == ("submitted", "queued")
    assert tasks.sweep() is True
    assert tasks.send() == 1
    assert [envelope.rcpt_tos for envelope in smtp.envelopes] == [[application.user.email]]


@pytest.mark.django_db(transaction=True)
def test_form_with_the_broker_away_is_saved_and_answered(signed_in, broker_away):
    client = signed_in(factories.user())
    response = client.post("/join/", {"country": factories.country().pk, "motivation": "I teach."})
    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert OutgoingMail.objects.get().status == "queued"


@pytest.mark.django_db(transaction=True)
def test_mail_is_sent_by_a_worker(smtp):
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=10):
        factories.application(factories.user(email="ada@example.org"))
        wait_for(lambda: OutgoingMail.objects.filter(status="sent").count() == 1)
    assert [envelope.rcpt_tos for envelope in smtp.envelopes] == [["ada@example.org"]]


def wait_for(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_every_task_of_the_schedule_is_known_to_workers():
    app.loader.import_default_modules()
    missing = {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks)
    assert missing == set()
