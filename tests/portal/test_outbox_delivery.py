"""Mails over a real SMTP server: what leaves, what is tried again, what is given up."""

import smtplib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier, Event, Timer

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from portal.contacts.models import Contact
from portal.group.models import SpecialtyGroup
from portal.outbox import claiming, outcomes, sending, services
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
Status = OutgoingMail.Status


def queued(person=None, **fields):
    mail = services.write(person or ada(), "members/email/welcome", {"application": None}, kind="welcome")
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
    mail.refresh_from_db()
    return mail


def ada():
    return User.objects.filter(email="ada@example.org").first() or factories.user("Ada Obi", "ada@example.org")


def letter(envelope):
    return message_from_bytes(envelope.content, policy=policy.default)


def body(message, kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n").strip()


def state(mail):
    mail.refresh_from_db()
    return mail.status, mail.attempts, mail.error


def make_due():
    OutgoingMail.objects.update(send_after=timezone.now())


def with_a_worker(status, *, since, lease=None):
    """A mail that a worker took so long ago."""
    now = timezone.now()
    fields = {"lease": lease or uuid.uuid4(), "taken_at": now - since, "leased_until": now - since + claiming.LEASE}
    return queued(factories.user(), status=status, **fields)


def test_mail_delivered_says_who_to_whom_and_that_a_machine_wrote_it(smtp):
    mail = queued()
    assert sending.send_waiting() == 1
    (envelope,) = smtp.envelopes
    sent = letter(envelope)
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert (sent["From"], sent["To"]) == ("Learning & Leadership <portal@example.org>", "ada@example.org")
    assert (sent["Auto-Submitted"], sent["Message-ID"]) == ("auto-generated", f"<{mail.pk}@example.org>")
    assert (sent["Subject"], sent["List-Unsubscribe"]) == (mail.subject, None)


def test_mail_delivered_has_text_and_html(smtp):
    mail = queued()
    sending.send_waiting()
    sent = letter(smtp.envelopes[0])
    assert sent.get_content_type() == "multipart/alternative"
    assert (body(sent, "plain"), body(sent, "html")) == (mail.text.strip(), mail.html.strip())


def test_mail_delivered_is_marked_and_keeps_its_text(smtp):
    mail = queued()
    sending.send_waiting()
    assert state(mail) == ("sent", 1, "")
    assert [bool(mail.sent_at), bool(mail.text), bool(mail.html), mail.lease] == [True, True, True, None]


def test_mails_delivered_together_share_a_line(smtp):
    for _number in range(5):
        queued(factories.user())
    assert sending.send_waiting() == 5
    assert (len(smtp.envelopes), smtp.lines) == (5, 1)


def test_mail_with_a_secret_is_erased_once_it_was_sent(smtp):
    mail = queued(is_secret=True)
    sending.send_waiting()
    mail.refresh_from_db()
    assert (mail.text, mail.html, len(smtp.envelopes)) == ("", "", 1)


def test_mail_with_a_secret_keeps_its_text_until_it_was_sent(smtp):
    smtp.replies = ["451 later"]
    mail = queued(is_secret=True)
    sending.send_waiting()
    mail.refresh_from_db()
    assert (bool(mail.text), mail.status) == (True, "queued")


def test_mail_with_replies_to_the_group_says_so(smtp):
    SpecialtyGroup.objects.update(reply_to="group@example.org")
    queued()
    sending.send_waiting()
    assert letter(smtp.envelopes[0])["Reply-To"] == "group@example.org"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_mail_is_written_in_the_persons_language(language):
    mail = queued(factories.user(language=language))
    assert f'lang="{language}"' in mail.html


def test_mail_subject_never_spans_lines(smtp):
    message = EmailMessage("One\r\nBcc: x@y.org", "t", "a@b.org", ["c@d.org"])
    services.queue_message(message, kind="x")
    sending.send_waiting()
    sent = letter(smtp.envelopes[0])
    assert (sent["Subject"], sent["Bcc"]) == ("One Bcc: x@y.org", None)


def test_mail_subject_keeps_its_narrow_spaces():
    message = EmailMessage("Bienvenue\N{NARROW NO-BREAK SPACE}!", "t", "a@b.org", ["c@d.org"])
    assert services.queue_message(message, kind="x").subject == "Bienvenue\N{NARROW NO-BREAK SPACE}!"


def test_mail_temporarily_refused_waits_longer_each_time(smtp):
    mail, pauses = queued(), []
    for _attempt in range(3):
        smtp.replies = ["451 greylisted"]
        make_due()
        now = timezone.now()
        assert sending.send_waiting() == 0
        mail.refresh_from_db()
        pauses.append(round((mail.send_after - now).total_seconds() / 60))
    assert pauses == [1, 2, 4]
    assert state(mail) == ("queued", 3, "451 greylisted")


def test_mail_refused_for_now_is_not_tried_before_its_time(smtp):
    smtp.replies = ["451 greylisted"]
    queued()
    assert [sending.send_waiting(), sending.send_waiting()] == [0, 0]
    make_due()
    assert sending.send_waiting() == 1


def test_mail_refused_for_now_keeps_its_message_id(smtp):
    smtp.on_data = "451 busy"
    mail = queued()
    sending.send_waiting()
    smtp.on_data = "250 kept"
    make_due()
    sending.send_waiting()
    assert [letter(envelope)["Message-ID"] for envelope in smtp.envelopes] == [mail.message_id]


@pytest.mark.parametrize("reply", ["550 no such user", "552 mailbox full"])
def test_mail_refused_for_good_fails_with_the_servers_words(smtp, reply):
    smtp.replies = [reply]
    mail = queued()
    assert sending.send_waiting() == 0
    assert state(mail) == ("failed", 1, reply)


def test_mail_refused_for_good_says_that_nobody_is_there(smtp):
    smtp.replies = ["550 no such user"]
    mail = queued()
    sending.send_waiting()
    contact = Contact.objects.get(pk=mail.contact_id)
    assert (contact.has_bounced, contact.bounce) == (True, "550 no such user")


def test_mail_refused_for_good_after_its_text_fails_and_is_no_bounce(smtp):
    smtp.on_data = "554 spam"
    mail = queued()
    sending.send_waiting()
    assert (state(mail), Contact.objects.get(pk=mail.contact_id).has_bounced) == (("failed", 1, "554 spam"), False)


def test_mail_refused_does_not_hold_up_the_next(smtp):
    smtp.replies = [None, "550 no such user", "451 later", None]
    for _number in range(4):
        queued(factories.user())
    assert sending.send_waiting() == 2
    assert sorted(OutgoingMail.objects.values_list("status", flat=True)) == ["failed", "queued", "sent", "sent"]


def test_mail_refused_for_now_too_often_fails(smtp):
    smtp.replies = ["451 later"]
    mail = queued(attempts=sending.ATTEMPTS - 1)
    sending.send_waiting()
    assert state(mail) == ("failed", sending.ATTEMPTS, "451 later")


def test_mails_without_a_server_stay_queued_and_are_not_to_blame(smtp, settings):
    settings.EMAIL_PORT = 1
    mails = [queued(factories.user()), queued(factories.user())]
    assert sending.send_waiting() == 0
    first, second = [state(mail) for mail in mails]
    assert (first[:2], first[2].split(":")[0]) == (("queued", 0), "ConnectionRefusedError")
    assert second == ("queued", 0, "")


def test_mails_stay_queued_while_the_server_says_that_it_closes(smtp):
    smtp.replies = [None, "421 closing"]
    mails = [queued(factories.user()) for _number in range(4)]
    assert sending.send_waiting() == 1
    assert sorted(state(mail)[:2] for mail in mails) == [("queued", 0)] * 3 + [("sent", 1)]


def test_mails_stay_queued_while_the_server_refuses_our_sender(smtp):
    smtp.refused_senders = {"portal@example.org"}
    mail = queued()
    sending.send_waiting()
    assert state(mail) == ("queued", 0, "550 not you")


def test_mail_with_a_sender_that_is_refused_lets_the_others_go_first(smtp):
    smtp.refused_senders = {"former@example.org"}
    stuck, other = queued(factories.user(), sender="Us <former@example.org>"), queued(factories.user())
    assert [sending.send_waiting(), sending.send_waiting()] == [0, 1]
    assert (state(stuck)[:2], state(other)[0]) == (("queued", 0), "sent")


@pytest.mark.parametrize("was_handing_over", [True, False])
def test_error_of_one_mail_is_never_taken_for_the_servers(was_handing_over):
    found = outcomes.failure(TypeError("no text"), was_handing_over=was_handing_over)
    assert found.outcome == outcomes.Outcome.NEVER


def test_mail_whose_line_broke_before_the_answer_is_unknown_and_not_sent_again(smtp):
    smtp.breaks_on_data = True
    mail = queued()
    sending.send_waiting()
    assert state(mail)[0] == "unknown"
    assert sending.send_waiting() == 0


def test_mail_with_a_malformed_header_fails_for_good_and_keeps_no_secret(smtp):
    mail = queued(sender='"A\nB" <portal@example.org>', is_secret=True)
    assert sending.send_waiting() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.text, smtp.envelopes) == ("failed", "", [])


@pytest.mark.parametrize("status", ["sent", "failed", "held", "suppressed", "unknown"])
def test_mail_that_is_not_queued_is_not_delivered(smtp, status):
    mail = queued(status=status, sent_at=timezone.now() if status == "sent" else None)
    assert sending.send_waiting() == 0
    assert (state(mail)[0], smtp.envelopes) == (status, [])


@pytest.mark.parametrize("status", ["leased", "sending"])
def test_mail_with_another_worker_is_not_delivered(smtp, status):
    mail = with_a_worker(status, since=timedelta(seconds=1))
    assert sending.send_waiting() == 0
    assert (state(mail)[0], smtp.envelopes) == (status, [])


@pytest.mark.django_db(transaction=True)
def test_mails_delivered_by_six_at_once_leave_once(smtp):
    mails = [queued(factories.user()) for _number in range(30)]
    barrier = Barrier(6)

    def deliver(_number):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return sending.send_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(deliver, range(6))) == 30
    got = sorted(envelope.rcpt_tos[0] for envelope in smtp.envelopes)
    assert got == sorted(mail.contact.address for mail in mails)


@pytest.mark.django_db(transaction=True)
def test_hold_and_a_worker_that_gives_back_do_not_wait_for_each_other(smtp):
    """The worker has locked one mail and wants the other, which is being held: neither stands in the other's way."""
    lease = uuid.uuid4()
    for _number in range(2):
        with_a_worker(Status.LEASED, since=timedelta(seconds=1), lease=lease)
    first, second = OutgoingMail.objects.order_by("pk")
    has_locked, may_go_on = Event(), Event()

    def give_back():
        try:
            with transaction.atomic():
                OutgoingMail.objects.select_for_update().get(pk=first.pk)
                has_locked.set()
                may_go_on.wait(timeout=10)
                return claiming.give_back(claiming.leased(lease))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        given = worker.submit(give_back)
        assert has_locked.wait(timeout=10)
        Timer(0.3, may_go_on.set).start()
        with transaction.atomic():
            assert services.hold(OutgoingMail.objects.all()) == 2
        assert given.result() == 1
    assert {state(first)[0], state(second)[0]} == {"held"}


def test_words_of_a_refusal_are_the_servers():
    refused = smtplib.SMTPRecipientsRefused({"a@b.org": (450, b"later")})
    found = outcomes.failure(refused, was_handing_over=False)
    assert (found.words, found.outcome, found.is_bounce) == ("450 later", outcomes.Outcome.LATER, False)


def test_sweep_looks_for_what_is_due_and_nothing_else():
    queued(send_after=timezone.now() + timedelta(minutes=5))
    queued(factories.user(), status=Status.FAILED)
    assert sending.sweep() is False
    queued(factories.user())
    assert sending.sweep() is True


def test_sweep_gives_back_what_a_dead_worker_had_not_begun(smtp):
    mail = with_a_worker(Status.LEASED, since=timedelta(seconds=11))
    fresh = with_a_worker(Status.LEASED, since=timedelta(seconds=9))
    sending.sweep()
    assert (state(mail)[:2], state(fresh)[0]) == (("queued", 0), "leased")
    assert sending.send_waiting() == 1


def test_sweep_shows_a_mail_left_half_way_as_unknown_and_never_sends_it_again(smtp):
    stuck = with_a_worker(Status.SENDING, since=timedelta(minutes=6))
    busy = with_a_worker(Status.SENDING, since=timedelta(minutes=4))
    sending.sweep()
    words = "The worker stopped while it was sending; nobody knows whether this mail left."
    assert (state(stuck)[::2], state(busy)[::2]) == (("unknown", words), ("sending", ""))
    assert sending.send_waiting() == 0


def test_sweep_erases_the_secret_of_a_mail_left_half_way():
    stuck = with_a_worker(Status.SENDING, since=timedelta(minutes=6))
    OutgoingMail.objects.update(is_secret=True)
    sending.sweep()
    stuck.refresh_from_db()
    assert (stuck.text, stuck.html, stuck.can_be_sent_again) == ("", "", False)


def test_slow_worker_that_was_given_up_still_says_that_the_mail_left():
    mail = with_a_worker(Status.SENDING, since=timedelta(minutes=6))
    sending.sweep()
    assert claiming.finish(mail, Status.SENT, sent_at=timezone.now(), error="") is True
    assert state(mail) == ("sent", 0, "")


def test_worker_whose_lease_ran_out_does_not_send():
    mail = with_a_worker(Status.LEASED, since=timedelta(seconds=11))
    assert claiming.start(mail, now=timezone.now()) is False
    assert state(mail)[0] == "leased"


# --- what coordinators decide ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["failed", "unknown"])
def test_send_again_queues_a_mail_anew(smtp, status):
    mail = queued(status=status, attempts=8, error="550 no")
    services.send_again(mail)
    assert state(mail) == ("queued", 0, "")
    assert sending.send_waiting() == 1


ALL_STATES = [
    {"status": "queued"},
    {"status": "held"},
    {"status": "sent", "sent_at": timezone.now()},
    {"status": "failed"},
    {"status": "suppressed"},
    {"status": "unknown"},
]
ACTIONS = {  # the states in which each is allowed
    services.send_again: {"failed", "unknown"},
    services.take_as_sent: {"unknown"},
    services.hold_one: {"queued"},
    services.let_one_go: {"held"},
}


@pytest.mark.parametrize("fields", ALL_STATES, ids=lambda fields: fields["status"])
@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_decision_in_the_wrong_state_is_refused_and_changes_nothing(action, fields):
    if fields["status"] in ACTIONS[action]:
        return
    mail = queued(**fields)
    before = OutgoingMail.objects.values().get()
    with pytest.raises(services.OutboxError):
        action(mail)
    assert OutgoingMail.objects.values().get() == before


def test_send_again_without_a_text_is_refused():
    mail = queued(status=Status.FAILED, text="", html="")
    with pytest.raises(services.OutboxError) as refusal:
        services.send_again(mail)
    assert str(refusal.value) == "Only a failed or unknown mail whose text is still here can be sent again."


def test_unknown_mail_that_arrived_counts_as_sent():
    mail = queued(status=Status.UNKNOWN, error="?")
    services.take_as_sent(mail)
    assert (state(mail)[::2], bool(mail.sent_at)) == (("sent", ""), True)


def test_mail_held_waits_until_it_is_let_go(smtp):
    mail = queued()
    services.hold_one(mail)
    assert sending.send_waiting() == 0
    services.let_one_go(mail)
    assert sending.send_waiting() == 1


def test_hold_keeps_back_what_a_worker_has_and_has_not_begun(smtp):
    leased = with_a_worker(Status.LEASED, since=timedelta(seconds=1))
    begun = with_a_worker(Status.SENDING, since=timedelta(seconds=1))
    assert services.hold(OutgoingMail.objects.all()) == 1
    assert (state(leased)[0], state(begun)[0]) == ("held", "sending")


def test_mail_held_by_hand_stays_when_others_are_let_go():
    by_hand, with_others = queued(), queued(factories.user())
    services.hold_one(by_hand)
    services.hold(OutgoingMail.objects.all())
    assert services.let_go(OutgoingMail.objects.all()) == 1
    assert (state(by_hand)[0], state(with_others)[0]) == ("held", "queued")
    services.let_one_go(by_hand)
    assert state(by_hand)[0] == "queued"


def test_drop_ends_what_has_not_begun():
    for status in (Status.QUEUED, Status.HELD, Status.SENT):
        queued(factories.user(), status=status, sent_at=timezone.now() if status == Status.SENT else None)
    assert services.drop(OutgoingMail.objects.all(), "Cancelled.") == 2
    assert sorted(OutgoingMail.objects.values_list("status", "error")) == [
        ("sent", ""), ("suppressed", "Cancelled."), ("suppressed", "Cancelled."),
    ]  # fmt: skip
