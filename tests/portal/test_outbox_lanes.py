"""Which mails leave first, how many a minute, and which bulk mails do not leave after all."""

import uuid
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from portal.contacts import services as contacts
from portal.contacts.models import EVERYTHING, Contact, OptOut
from portal.group.models import SpecialtyGroup
from portal.outbox import claiming, sending
from portal.outbox.claiming import Rates
from portal.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db
Status, Lane = OutgoingMail.Status, OutgoingMail.Lane
MANY = 10**6


def contact(address):
    return Contact.objects.of(address)


def queue(lane=Lane.BULK, address=None, *, ago=0, **fields):
    to = contact(address or f"{uuid.uuid4().hex}@example.org")
    moment = timezone.now() - timedelta(seconds=ago)
    made = {"subject": "News", "text": "Hello", "sender": "Us <portal@example.org>", "kind": "circular"} | fields
    return OutgoingMail.objects.create(contact=to, lane=lane, domain=to.domain, send_after=moment, **made)


def claim(size=100, *, in_all=MANY, to_a_domain=MANY, now=None):
    return claiming.claim(uuid.uuid4(), size, now=now or timezone.now(), rates=Rates(in_all, to_a_domain))


def test_claim_takes_the_first_lanes_first_and_the_oldest_within():
    bulk, old = queue(Lane.BULK, ago=90), queue(Lane.PERSONAL, ago=60)
    young, account = queue(Lane.PERSONAL, ago=30), queue(Lane.ACCOUNT, ago=1)
    assert [mail.pk for mail in claim()] == [account.pk, old.pk, young.pk, bulk.pk]


def test_claim_takes_no_more_than_asked_for():
    for _number in range(5):
        queue()
    assert (len(claim(3)), len(claim(3)), len(claim(3))) == (3, 2, 0)


def test_claim_leaves_what_is_not_due():
    queue(ago=-60)
    assert claim() == []


def test_claim_leaves_what_the_rate_in_all_has_no_room_for():
    for _number in range(5):
        queue()
    assert (len(claim(2, in_all=3)), len(claim(in_all=3)), len(claim(in_all=3))) == (2, 1, 0)


def test_claim_leaves_what_the_rate_of_a_domain_has_no_room_for():
    for number in range(4):
        queue(address=f"p{number}@big.example", ago=60)
    other = queue(address="q@small.example")
    assert sorted(mail.domain for mail in claim(to_a_domain=2)) == ["big.example"] * 2 + ["small.example"]
    assert (claim(to_a_domain=2), other.domain) == ([], "small.example")


def test_claim_finds_what_stands_behind_a_full_domain():
    for number in range(30):
        queue(address=f"p{number}@big.example", ago=60)
    claim(2, to_a_domain=2)
    behind = queue(address="q@small.example")
    assert [mail.pk for mail in claim(10, to_a_domain=2)] == [behind.pk]


def test_claim_has_room_again_after_a_minute():
    for _number in range(3):
        queue()
    now = timezone.now()
    assert len(claim(in_all=2, now=now)) == 2
    assert len(claim(in_all=2, now=now + timedelta(seconds=59))) == 0
    assert len(claim(in_all=2, now=now + timedelta(seconds=61))) == 1


def test_claim_lets_account_mails_through_whatever_the_rates_say():
    queue(Lane.BULK)
    claim(in_all=1, to_a_domain=1)
    queue(Lane.PERSONAL)
    mail = queue(Lane.ACCOUNT)
    assert [one.pk for one in claim(in_all=1, to_a_domain=1)] == [mail.pk]


def test_account_mails_take_no_room_from_the_others():
    queue(Lane.ACCOUNT)
    claim(in_all=1)
    mail = queue(Lane.PERSONAL)
    assert [one.pk for one in claim(in_all=1)] == [mail.pk]


def test_mails_given_back_take_no_room():
    queue()
    queue()
    claimed = claim(in_all=1)
    claiming.give_back(claiming.leased(claimed[0].lease))
    assert len(claim(in_all=1)) == 1


def why(mail):
    mail.refresh_from_db()
    return mail.status, mail.error


NO_WISH = "They do not want mails of this kind."
BACK = "Earlier mails to this address came back."
ENOUGH = "They have had as many mails this week as anybody gets."


@pytest.mark.parametrize("kind", ["circular", EVERYTHING])
def test_bulk_mail_to_somebody_who_opted_out_meanwhile_does_not_leave(smtp, kind):
    mail = queue(address="ada@example.org")
    contacts.opt_out(mail.contact, kind, source=OptOut.Source.PAGE)
    assert sending.send_waiting() == 0
    assert (why(mail), smtp.envelopes) == (("suppressed", NO_WISH), [])


def test_bulk_mail_of_another_kind_leaves(smtp):
    mail = queue(address="ada@example.org")
    contacts.opt_out(mail.contact, "invitation", source=OptOut.Source.PAGE)
    assert sending.send_waiting() == 1
    assert why(mail) == ("sent", "")


def test_bulk_mail_to_an_address_that_bounced_does_not_leave(smtp):
    mail = queue(address="ada@example.org")
    contacts.record_bounce(mail.contact, "550 gone")
    assert sending.send_waiting() == 0
    assert why(mail) == ("suppressed", BACK)


def test_bulk_mail_beyond_the_weekly_cap_does_not_leave(smtp):
    SpecialtyGroup.objects.update(weekly_cap=2)
    mails = [queue(address="ada@example.org", ago=ago) for ago in (30, 20, 10)]
    assert sending.send_waiting() == 2
    assert [why(mail) for mail in mails] == [("sent", ""), ("sent", ""), ("suppressed", ENOUGH)]


def test_bulk_mail_of_eight_days_ago_does_not_count(smtp):
    SpecialtyGroup.objects.update(weekly_cap=1)
    queue(address="ada@example.org")
    sending.send_waiting()
    OutgoingMail.objects.update(taken_at=timezone.now() - timedelta(days=8))
    queue(address="ada@example.org")
    assert sending.send_waiting() == 1


def test_personal_mail_leaves_whatever_was_opted_out_of(smtp):
    mail = queue(Lane.PERSONAL, address="ada@example.org", kind="welcome")
    contacts.opt_out(mail.contact, EVERYTHING, source=OptOut.Source.PAGE)
    contacts.record_bounce(mail.contact, "550 gone")
    assert sending.send_waiting() == 1


def test_bulk_mail_says_how_to_leave(smtp, settings):
    settings.BASE_URL = "https://portal.example.org"
    mail = queue(address="ada@example.org")
    sending.send_waiting()
    headers = message_from_bytes(smtp.envelopes[0].content, policy=policy.default)
    link = f"<https://portal.example.org/preferences/{mail.contact.key}/?kind=circular>"
    assert (headers["List-Unsubscribe"].strip(), headers["List-Unsubscribe-Post"]) == (
        link,
        "List-Unsubscribe=One-Click",
    )
    assert (headers["List-Id"], headers["Message-ID"]) == ("<circular.example.org>", mail.message_id)
