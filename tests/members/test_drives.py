"""A drive from its draft to its end: who is written to, who is not and why, and that nobody gets anything twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from members.recruitment import audience, services, writing
from members.recruitment.models import Drive, DriveMail
from portal.contacts import services as contacts
from portal.contacts.models import Contact
from portal.group.models import SpecialtyGroup
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
ADA, BEN = "Ada Obi <ada@example.org>", "Ben Ito <ben@example.org>"


def now_in(days=0, hours=0):
    return timezone.now() + timedelta(days=days, hours=hours)


def written(drive):
    rows = DriveMail.objects.filter(step__drive=drive).order_by("step__days", "invitation__contact__address")
    return [
        (one.step.days, one.invitation.contact.address) for one in rows.select_related("step", "invitation__contact")
    ]


def state(drive):
    return Drive.objects.get(pk=drive.pk).status


def reasons(drive):
    return {one.contact.address: one.excluded_because for one in drive.invitations.select_related("contact")}


# --- starting -------------------------------------------------------------------------------------------------------
def test_drive_started_writes_to_each_person_once():
    drive = factories.running(ADA, BEN)
    writing.sweep()
    assert written(drive) == [(0, "ada@example.org"), (0, "ben@example.org")]
    assert OutgoingMail.objects.filter(lane=3, kind="invitation", status="queued").count() == 2


def test_drive_started_twice_is_refused():
    drive = factories.drive(ADA)
    services.start(drive, by=factories.coordinator())
    with pytest.raises(services.DriveError, match="started already"):
        services.start(drive, by=factories.coordinator())


def test_drive_for_a_later_moment_waits_for_it():
    drive = services.start(factories.drive(ADA), by=factories.coordinator(), at=now_in(hours=5))
    writing.sweep()
    assert (state(drive), written(drive)) == ("scheduled", [])
    writing.sweep(now=now_in(hours=6))
    assert (state(drive), written(drive)) == ("running", [(0, "ada@example.org")])


def test_drive_overdue_by_more_than_the_window_is_held_until_somebody_looks():
    drive = services.start(factories.drive(ADA), by=factories.coordinator(), at=now_in(hours=5))
    writing.sweep(now=now_in(hours=5) + writing.WINDOW + timedelta(minutes=1))
    assert (state(drive), written(drive)) == ("held", [])
    drive = services.start(drive, by=factories.coordinator())
    writing.sweep()
    assert (state(drive), written(drive)) == ("running", [(0, "ada@example.org")])


def test_drive_whose_audience_went_meanwhile_is_held():
    drive = services.start(factories.drive(ADA), by=factories.coordinator(), at=now_in(hours=5))
    drive.invitations.all().delete()
    writing.sweep(now=now_in(hours=5))
    assert state(drive) == "held"


# --- who is left out ------------------------------------------------------------------------------------------------
def test_recruitment_leaves_out_whoever_does_not_want_it_and_says_why():
    week = [f"Person {number} <{word}@example.org>" for number, word in enumerate(("ok", "no", "back", "full"))]
    factories.member("Mem Ber", email="member@example.org")
    factories.application(factories.user(email="applied@example.org"))
    factories.running("Once Asked <once@example.org>")
    drive = factories.drive(*week, *(f"X <{word}@example.org>" for word in ("member", "applied", "once")))
    contacts.opt_out(Contact.objects.get(address="no@example.org"), "invitation", source="page")
    Contact.objects.filter(address="back@example.org").update(bounced_at=timezone.now())
    fill_week(Contact.objects.get(address="full@example.org"))
    expected = {
        "ok": "", "no": "opted_out", "back": "bounced", "full": "capped", "member": "member", "applied": "applied",
        "once": "invited",
    }  # fmt: skip
    found = audience.reasoned(drive).select_related("contact")
    assert {one.contact.address.partition("@")[0]: one.why_not for one in found} == expected
    services.start(drive, by=factories.coordinator())
    writing.sweep()
    assert written(drive) == [(0, "ok@example.org")]
    assert reasons(drive) == {f"{word}@example.org": reason for word, reason in expected.items()}
    assert {reason: count for reason, _words, count in audience.left_out(drive)} == {
        reason: 1 for reason in expected.values() if reason
    }


def fill_week(contact):
    cap = SpecialtyGroup.objects.current().weekly_cap
    for _number in range(cap):
        OutgoingMail.objects.create(
            contact=contact, domain=contact.domain, lane=3, kind="circular", subject="News", sender="us@example.org",
            status="sent", sent_at=timezone.now(), taken_at=timezone.now(), lease=uuid4(),
            leased_until=timezone.now(),
        )  # fmt: skip
