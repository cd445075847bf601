"""Two people, or one person twice, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from members.joining import services as joining
from members.joining.models import MembershipApplication
from portal.outbox.models import OutgoingMail
from reporters.coverage import services
from reporters.coverage.models import Coverage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call gave, or the error it raised, all begun at the same moment on connections of their own."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except (services.CoverageError, joining.JoiningError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_coverage_two_approvals_at_once_one_wins():
    coverage, one, two = factories.submitted(), factories.moderator(), factories.moderator()
    results = at_once(*(lambda by=by: services.approve(coverage, by=by) for by in (one, two)))
    refused = [str(result) for result in results if isinstance(result, Exception)]
    assert refused == ["Only what was handed in can be published."]
    assert OutgoingMail.objects.count() == 1


def test_coverage_approval_and_withdrawal_at_once_one_wins():
    coverage, moderator = factories.submitted(), factories.moderator()
    at_once(lambda: services.approve(coverage, by=moderator), lambda: services.withdraw(coverage, by=coverage.author))
    coverage.refresh_from_db()
    assert (coverage.status, OutgoingMail.objects.count()) in {("approved", 1), ("draft", 0)}


def test_coverage_form_sent_twice_at_once_makes_one_draft():
    author, key = factories.member().user, uuid4()
    one, two = at_once(*[lambda: services.draft(author, client_key=key)] * 2)
    assert (one.pk, Coverage.objects.count()) == (two.pk, 1)


def test_coverage_same_link_at_once_counts_once():
    drafts = [factories.draft(link="https://example.org/a"), factories.draft(link="https://example.org/a")]
    results = at_once(*(lambda it=it: services.hand_in(it, by=it.author) for it in drafts))
    assert sorted(type(result).__name__ for result in results) == ["Coverage", "LinkKnownError"]
    assert Coverage.objects.waiting().count() == 1


def test_application_two_at_once_one_is_kept():
    person, country = factories.user(), factories.country()
    results = at_once(*[lambda: joining.apply(person, country=country, motivation="I teach.")] * 2)
    refused = [str(result) for result in results if isinstance(result, Exception)]
    assert refused == ["Your application is already with the coordinators."]
    assert (MembershipApplication.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_application_two_decisions_at_once_one_wins():
    application, one, two = factories.application(), factories.coordinator(), factories.coordinator()
    results = at_once(
        lambda: joining.approve(application, by=one), lambda: joining.decline(application, by=two, reason="No")
    )
    refused = [str(result) for result in results if isinstance(result, Exception)]
    assert refused == ["This application has been decided already."]
    assert OutgoingMail.objects.count() == 2  # the receipt, and one decision
