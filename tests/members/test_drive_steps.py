"""A drive from state to state: every act from every state, what it leads to, and what becomes of its mails."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.recruitment import services, writing
from members.recruitment.models import Drive, DriveMail
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

STARTED = "This drive has been started already."
NOT_WAITING = "This drive does not wait for its time."
NOT_RUNNING = "Only a running drive can be paused."
NOT_PAUSED = "Only a paused drive can go on."
NOT_UNDER_WAY = "This drive is not under way."
IN_USE = "People were written to by this drive, or will be. It can be cancelled."
STATES = ["draft", "scheduled", "held", "running", "paused", "done", "cancelled"]
STEPS = {
    "start": services.start,
    "unschedule": services.unschedule,
    "pause": services.pause,
    "resume": services.resume,
    "cancel": services.cancel,
    "discard": services.discard,
}
# Each act from each state, in the order of STATES: the state it leads to, or the words it is refused with.
TRANSITIONS = {
    "start": ["running", STARTED, "running", STARTED, STARTED, STARTED, STARTED],
    "unschedule": [NOT_WAITING, "draft", *[NOT_WAITING] * 5],
    "pause": [*[NOT_RUNNING] * 3, "paused", *[NOT_RUNNING] * 3],
    "resume": [*[NOT_PAUSED] * 4, "running", *[NOT_PAUSED] * 2],
    "cancel": [NOT_UNDER_WAY, *["cancelled"] * 4, *[NOT_UNDER_WAY] * 2],
    "discard": ["gone", *[IN_USE] * 6],
}
EVERY = [(act, state, end) for act, ends in TRANSITIONS.items() for state, end in zip(STATES, ends, strict=True)]
ALLOWED = [one for one in EVERY if one[2] in [*STATES, "gone"]]
REFUSED = [one for one in EVERY if one not in ALLOWED]


def in_state(state):
    """A drive to two people in this state, reached as people reach it."""
    made, by, later = factories.drive("Ada <ada@example.org>", "Ben <ben@example.org>"), factories.coordinator(), None
    if state in {"scheduled", "held"}:
        later = timezone.now() + timedelta(hours=1)
    if state == "held":
        made = services.start(made, by=by, at=later)
        writing.sweep(now=later + timedelta(days=1))
    elif state != "draft":
        made = services.start(made, by=by, at=later)
        writing.sweep()
    if state == "done":
        OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
        writing.sweep()
    if state in {"paused", "cancelled"}:
        made = {"paused": services.pause, "cancelled": services.cancel}[state](made, by=by)
    made = Drive.objects.get(pk=made.pk)
    assert made.status == state
    return made


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Drive, DriveMail, OutgoingMail)]


def mails():
    return sorted(OutgoingMail.objects.values_list("contact__address", "status"))


@pytest.mark.parametrize(("act", "state", "end"), ALLOWED)
def test_drive_step_leads_on(act, state, end):
    drive = in_state(state)
    STEPS[act](drive, by=factories.coordinator())
    found = Drive.objects.filter(pk=drive.pk).first()
    assert (found.status if found else "gone") == end


@pytest.mark.parametrize(("act", "state", "words"), REFUSED)
def test_drive_step_from_a_wrong_state_is_refused_and_changes_nothing(act, state, words):
    drive = in_state(state)
    before = everything()
    with pytest.raises(services.DriveError) as refusal:
        STEPS[act](drive, by=factories.coordinator())
    assert (str(refusal.value), everything() == before) == (words, True)


@pytest.mark.parametrize("state", STATES)
def test_drive_advanced_again_writes_nothing_twice(state):
    drive = in_state(state)
    before = everything()[1:]
    writing.sweep()
    writing.advance()
    assert everything()[1:] == before
    assert Drive.objects.get(pk=drive.pk).status == state


def test_drive_paused_holds_what_waits_and_lets_it_go_again():
    drive, by = in_state("running"), factories.coordinator()
    OutgoingMail.objects.filter(contact__address="ben@example.org").update(status="sent", sent_at=timezone.now())
    services.pause(drive, by=by)
    assert mails() == [("ada@example.org", "held"), ("ben@example.org", "sent")]
    services.resume(drive, by=by)
    assert mails() == [("ada@example.org", "queued"), ("ben@example.org", "sent")]


def test_drive_paused_holds_what_came_back_from_a_server_meanwhile():
    in_state("paused")
    OutgoingMail.objects.update(status="queued")  # its server was busy as the drive was paused
    writing.sweep()
    assert {status for _address, status in mails()} == {"held"}


def test_drive_cancelled_drops_what_waits_and_keeps_what_left():
    drive = in_state("running")
    OutgoingMail.objects.filter(contact__address="ben@example.org").update(status="sent", sent_at=timezone.now())
    services.cancel(drive, by=factories.coordinator())
    assert mails() == [("ada@example.org", "suppressed"), ("ben@example.org", "sent")]
    assert OutgoingMail.objects.get(status="suppressed").error == "The drive was cancelled."


def test_drive_is_done_when_nothing_is_to_come():
    drive = factories.running("Ada <ada@example.org>", days=(0, 7))
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    writing.sweep()
    assert Drive.objects.get(pk=drive.pk).status == "running"  # a follow-up is to come
    writing.sweep(now=timezone.now() + timedelta(days=7, minutes=1))
    OutgoingMail.objects.filter(status="queued").update(status="failed")
    writing.sweep(now=timezone.now() + timedelta(days=8))
    found = Drive.objects.get(pk=drive.pk)
    assert (found.status, found.ended_at is None) == ("done", False)


def test_drive_that_takes_colleagues_goes_on_until_it_takes_none():
    drive = factories.running("Ada <ada@example.org>", takes_colleagues=True)
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    writing.sweep()
    assert Drive.objects.get(pk=drive.pk).status == "running"
    Drive.objects.update(takes_colleagues=False)
    writing.sweep()
    assert Drive.objects.get(pk=drive.pk).status == "done"
