"""The life of coverage: every action from every state, by whom, and what a refusal leaves behind."""

import pytest

from portal.outbox.models import OutgoingMail
from reporters.coverage import services
from reporters.coverage.models import Coverage
from tests import factories

pytestmark = pytest.mark.django_db

DRAFT_ONLY = "Only your own draft can be handed in."
WAITING_ONLY = "Only what waits or was declined can be taken back, by its author."
DISCARD_ONLY = "Only your own draft can be thrown away."
APPROVABLE = "Only what was handed in can be published."
DECLINABLE = "Only what was handed in or published can be declined."
STEPS = {
    "hand_in": lambda coverage, by: services.hand_in(coverage, by=by),
    "withdraw": lambda coverage, by: services.withdraw(coverage, by=by),
    "discard": lambda coverage, by: services.discard(coverage, by=by),
    "approve": lambda coverage, by: services.approve(coverage, by=by),
    "decline": lambda coverage, by: services.decline(coverage, by=by, reason="Who spoke?"),
}
AUTHORS = {"hand_in", "withdraw", "discard"}
# action: from draft, submitted, approved, declined; a state is where it leads, a sentence is the refusal
TABLE = {
    "hand_in": ("submitted", DRAFT_ONLY, DRAFT_ONLY, DRAFT_ONLY),
    "withdraw": (WAITING_ONLY, "draft", WAITING_ONLY, "draft"),
    "discard": ("gone", DISCARD_ONLY, DISCARD_ONLY, DISCARD_ONLY),
    "approve": (APPROVABLE, "approved", APPROVABLE, "approved"),
    "decline": (DECLINABLE, "declined", "declined", DECLINABLE),
}
ROWS = [
    (action, state, result)
    for action, results in TABLE.items()
    for state, result in zip(factories.IN_STATE, results, strict=True)
]
STATES = {*factories.IN_STATE, "gone"}


def everything():
    """All that a step could change."""
    coverage = list(Coverage.objects.values().order_by("pk"))
    past = list(Coverage.history.values_list("history_id", flat=True).order_by("history_id"))
    return coverage, past, OutgoingMail.objects.count()


@pytest.mark.parametrize(("action", "state", "result"), [row for row in ROWS if row[2] in STATES])
def test_coverage_step_that_is_open_leads_on(action, state, result):
    coverage = factories.IN_STATE[state]()
    STEPS[action](coverage, coverage.author if action in AUTHORS else factories.moderator())
    now = Coverage.objects.filter(pk=coverage.pk).values_list("status", flat=True)
    assert list(now) == ([] if result == "gone" else [result])


@pytest.mark.parametrize(("action", "state", "result"), [row for row in ROWS if row[2] not in STATES])
def test_coverage_step_that_is_closed_is_refused_and_writes_nothing(action, state, result):
    coverage = factories.IN_STATE[state]()
    by = coverage.author if action in AUTHORS else factories.moderator()
    before = everything()
    with pytest.raises(services.CoverageError) as refusal:
        STEPS[action](coverage, by)
    assert str(refusal.value) == result
    assert everything() == before


@pytest.mark.parametrize(
    ("action", "state", "words"),
    [("hand_in", "draft", DRAFT_ONLY), ("withdraw", "submitted", WAITING_ONLY), ("discard", "draft", DISCARD_ONLY)],
)
def test_coverage_step_of_somebody_else_is_refused_and_writes_nothing(action, state, words):
    coverage, stranger = factories.IN_STATE[state](), factories.member().user
    before = everything()
    with pytest.raises(services.CoverageError) as refusal:
        STEPS[action](coverage, stranger)
    assert str(refusal.value) == words
    assert everything() == before


def test_coverage_approve_own_is_refused_and_writes_nothing():
    author = factories.coordinator()
    coverage = factories.submitted(author)
    before = everything()
    with pytest.raises(services.CoverageError) as refusal:
        services.approve(coverage, by=author)
    assert str(refusal.value) == "Nobody publishes their own coverage; ask another coordinator."
    assert everything() == before


def test_coverage_decline_without_reason_is_refused_and_writes_nothing():
    coverage = factories.submitted()
    before = everything()
    with pytest.raises(services.CoverageError) as refusal:
        services.decline(coverage, by=factories.moderator(), reason="")
    assert str(refusal.value) == "Write a reason: the author will read it."
    assert everything()[0] == before[0]


@pytest.mark.parametrize("action", ["hand_in", "withdraw", "approve", "decline"])
def test_coverage_step_is_recorded_with_who_did_it(action):
    coverage = factories.IN_STATE["draft" if action == "hand_in" else "submitted"]()
    by = coverage.author if action in AUTHORS else factories.moderator()
    after = STEPS[action](coverage, by)
    last = coverage.past.first()
    assert (last.status, last.history_user) == (after.status, by)


@pytest.mark.parametrize(("action", "kind"), [("approve", "coverage_approved"), ("decline", "coverage_declined")])
def test_coverage_decision_writes_one_mail_to_the_author(action, kind):
    coverage = factories.submitted()
    STEPS[action](coverage, factories.moderator())
    mails = OutgoingMail.objects.values_list("kind", "contact__address", "status")
    assert list(mails) == [(kind, coverage.author.email, "queued")]


@pytest.mark.parametrize("action", ["approve", "decline"])
def test_coverage_decision_without_author_writes_no_mail(action):
    coverage = factories.submitted()
    coverage.author.delete()
    STEPS[action](coverage, factories.moderator())
    assert OutgoingMail.objects.count() == 0


def test_coverage_decision_keeps_who_when_and_why():
    coverage, by = factories.submitted(), factories.moderator()
    after = services.decline(coverage, by=by, reason="Who spoke?")
    assert (after.decided_by, after.reason, after.decided_at is None) == (by, "Who spoke?", False)


def test_coverage_approved_after_decline_forgets_the_reason():
    after = services.approve(factories.declined(reason="Who spoke?"), by=factories.moderator())
    assert after.reason == ""


@pytest.mark.parametrize("field", ["event", "headline", "body"])
def test_coverage_hand_in_with_missing_field_is_refused(field):
    coverage = factories.draft()
    setattr(coverage, field, None if field == "event" else "")
    coverage.save()
    with pytest.raises(services.CoverageError) as refusal:
        services.hand_in(coverage, by=coverage.author)
    assert str(refusal.value) == "Something is missing before it can be handed in."
    assert Coverage.objects.get().status == "draft"


def test_coverage_hand_in_with_undescribed_photo_is_refused():
    coverage = factories.draft(photos=2)
    coverage.photos.filter(position=2).update(alt="")
    with pytest.raises(services.CoverageError) as refusal:
        services.hand_in(coverage, by=coverage.author)
    assert str(refusal.value) == "Something is missing before it can be handed in."


def test_coverage_draft_with_known_key_is_found_again():
    first = factories.draft(headline="Once")
    again = services.draft(first.author, client_key=first.client_key)
    assert (again.pk, again.headline, Coverage.objects.count()) == (first.pk, "Once", 1)


def test_coverage_draft_with_another_persons_key_is_a_new_one():
    first = factories.draft()
    other = services.draft(factories.user(), client_key=first.client_key)
    assert other.pk != first.pk
