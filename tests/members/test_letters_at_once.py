"""Requests at the same moment: sent twice, answered twice, confirmed twice, and two workers with one clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from members.letters import services
from members.letters.models import Letter
from portal.outbox.models import OutgoingMail
from portal.refusal import Refusal
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call gave, or the refusal it raised, all begun at the same moment on connections of their own."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Refusal as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_letter_sent_twice_at_once_is_one():
    kofi, ada = factories.member("Kofi Mensah"), factories.member("Ada Obi").user
    one, two = at_once(*[lambda: services.write(kofi, by=ada, words="Hello?")] * 2)
    assert (one.pk, Letter.objects.count(), OutgoingMail.objects.count()) == (two.pk, 1, 1)


def test_letters_of_one_writer_at_once_keep_the_limit():
    ada, others = factories.member("Ada Obi").user, [factories.member() for _one in range(8)]
    results = at_once(*[lambda one=one: services.write(one, by=ada, words="Hello?") for one in others])
    assert (sum(isinstance(one, Refusal) for one in results), Letter.objects.count()) == (3, 5)


def test_letters_to_one_member_at_once_keep_the_limit():
    kofi, people = factories.member("Kofi Mensah"), [factories.user() for _one in range(6)]
    results = at_once(*[lambda by=by: services.write(kofi, by=by, words="Hello?") for by in people])
    assert (sum(isinstance(one, Refusal) for one in results), Letter.objects.count()) == (3, 3)


def test_two_who_write_to_each_other_at_once_do_not_wait_for_ever():
    kofi, ada = factories.member("Kofi Mensah"), factories.member("Ada Obi")
    at_once(
        lambda: services.write(kofi, by=ada.user, words="Hello?"),
        lambda: services.write(ada, by=kofi.user, words="Hello?"),
    )
    assert Letter.objects.count() == 2


def test_letter_answered_and_declined_at_once_is_one_of_them():
    letter = factories.letter()
    by = letter.recipient.user
    results = at_once(
        lambda: services.answer(letter, by=by, words="Gladly."), lambda: services.decline(letter, by=by, words="Sorry.")
    )
    assert sum(isinstance(one, Refusal) for one in results) == 1
    assert OutgoingMail.objects.filter(kind__in=["letter_answered", "letter_declined"]).count() == 1


def test_strangers_letter_confirmed_twice_at_once_reaches_the_member_once():
    letter = factories.strange_letter(confirmed=False)
    at_once(*[lambda: services.confirm(letter)] * 2)
    assert OutgoingMail.objects.filter(kind="letter").count() == 1


def test_two_workers_remind_and_close_once():
    factories.letter()
    for days in (8, 31):
        now = timezone.now() + timedelta(days=days)
        at_once(*[lambda now=now: services.sweep(now=now)] * 2)
    assert sorted(OutgoingMail.objects.values_list("kind", flat=True)) == ["letter", "letter_closed", "letter_reminder"]
