"""Mails over a real SMTP server: what leaves, what is tried again, what is given up."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from portal.group.models import SpecialtyGroup
from portal.outbox import services
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
Status = OutgoingMail.Status


def queued(person=None, *, is_secret=False, **fields):
    person = person or factories.user("Ada Obi", "ada@example.org")
    mail = services.write(person, "members/email/welcome", {"application": None}, kind="welcome")
    OutgoingMail.objects.filter(pk=mail.pk).update(is_secret=is_secret, **fields)
    mail.refresh_from_db()
    return mail


def letter(envelope):
    return message_from_bytes(envelope.content, policy=policy.default)


def body(message, kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n").strip()


def state(mail):
    mail.refresh_from_db()
    return mail.status, mail.attempts, mail.error


def test_mail_delivered_says_who_to_whom_and_that_a_machine_wrote_it(smtp):
    mail = queued()
    assert services.deliver(mail.pk) is True
    (envelope,) = smtp.envelopes
    sent = letter(envelope)
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert (sent["From"], sent["To"]) == ("Learning & Leadership <portal@example.org>", "ada@example.org")
    assert (sent["Auto-Submitted"], sent["Message-ID"]) == ("auto-generated", f"<{mail.pk}@example.org>")
    assert sent["Subject"] == mail.subject


def test_mail_delivered_has_text_and_html(smtp):
    mail = queued()
    services.deliver(mail.pk)
    sent = letter(smtp.envelopes[0])
    assert sent.get_content_type() == "multipart/alternative"
    assert (body(sent, "plain"), body(sent, "html")) == (mail.text.strip(), mail.html.strip())


def test_mail_delivered_is_marked_and_keeps_its_text(smtp):
    mail = queued()
    services.deliver(mail.pk)
    assert state(mail) == ("sent", 1, "")
    assert [bool(mail.sent_at), bool(mail.text), bool(mail.html)] == [True, True, True]


def test_mail_with_a_secret_is_erased_once_it_was_sent(smtp):
    mail = queued(is_secret=True)
    services.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.text, mail.html, len(smtp.envelopes)) == ("", "", 1)


def test_mail_with_a_secret_keeps_its_text_until_it_was_sent(smtp):
    smtp.replies = ["451 later"]
    mail = queued(is_secret=True)
    services.deliver(mail.pk)
    mail.refresh_from_db()
    assert (bool(mail.text), mail.status) == (True, "queued")


def test_mail_with_replies_to_the_group_says_so(smtp):
    SpecialtyGroup.objects.update(reply_to="group@example.org")
    services.deliver(queued().pk)
    assert letter(smtp.envelopes[0])["Reply-To"] == "group@example.org"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_mail_is_written_in_the_persons_language(language):
    mail = queued(factories.user(language=language))
    assert f'lang="{language}"' in mail.html


def test_mail_subject_never_spans_lines(smtp):
    mail = services._queue(services.Contact.objects.of("a@b.org"), subject="One\r\nBcc: x@y.org", kind="x", text="t")
    OutgoingMail.objects.filter(pk=mail.pk).update(sender="a@b.org")
    services.deliver(mail.pk)
    sent = letter(smtp.envelopes[0])
    assert (sent["Subject"], sent["Bcc"]) == ("One Bcc: x@y.org", None)


def test_mail_temporarily_refused_waits_longer_each_time(smtp):
    mail, now = queued(), timezone.now()
    pauses = []
    for _attempt in range(3):
        smtp.replies = ["451 greylisted"]
        assert services.deliver(mail.pk, now=now) is False
        mail.refresh_from_db()
        pauses.append((mail.send_after - now).total_seconds() / 60)
        now = mail.send_after
    assert pauses == [1, 2, 4]
    assert state(mail) == ("queued", 3, "451 greylisted")


def test_mail_refused_for_now_is_not_tried_before_its_time(smtp):
    smtp.replies = ["451 greylisted"]
    mail, now = queued(), timezone.now()
    services.deliver(mail.pk, now=now)
    assert services.deliver(mail.pk, now=now + timedelta(seconds=59)) is False
    assert services.deliver(mail.pk, now=now + timedelta(seconds=61)) is True


def test_mail_refused_for_now_keeps_its_message_id(smtp):
    smtp.on_data = "451 busy"
    mail, now = queued(), timezone.now()
    services.deliver(mail.pk, now=now)
    smtp.on_data = "250 kept"
    services.deliver(mail.pk, now=now + timedelta(hours=1))
    assert [letter(envelope)["Message-ID"] for envelope in smtp.envelopes] == [mail.message_id]


@pytest.mark.parametrize("reply", ["550 no such user", "552 mailbox full"])
def test_mail_refused_for_good_fails_with_the_servers_words(smtp, reply):
    smtp.replies = [reply]
    mail = queued()
    assert services.deliver(mail.pk) is False
    assert state(mail) == ("failed", 1, reply)


def test_mail_refused_for_good_after_its_text_fails(smtp):
    smtp.on_data = "554 spam"
    mail = queued()
    services.deliver(mail.pk)
    assert state(mail) == ("failed", 1, "554 spam")


def test_mail_refused_for_now_too_often_fails(smtp):
    smtp.replies = ["451 later"]
    mail = queued(attempts=services.ATTEMPTS - 1)
    services.deliver(mail.pk)
    assert state(mail) == ("failed", services.ATTEMPTS, "451 later")


def test_mail_without_a_server_stays_queued(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail = queued()
    assert services.deliver(mail.pk) is False
    status, attempts, error = state(mail)
    assert (status, attempts, error.split(":")[0]) == ("queued", 1, "ConnectionRefusedError")


@pytest.mark.parametrize("status", ["sending", "sent", "failed"])
def test_mail_that_is_not_queued_is_not_delivered(smtp, status):
    moments = {"taken_at": timezone.now(), "sent_at": timezone.now() if status == "sent" else None}
    mail = queued(status=status, **moments)
    assert services.deliver(mail.pk) is False
    assert (mail.status, len(smtp.envelopes)) == (status, 0)


@pytest.mark.django_db(transaction=True)
def test_mail_delivered_by_six_at_once_leaves_once(smtp):
    mail, barrier = queued(), Barrier(6)

    def deliver(_number):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return services.deliver(mail.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        results = sorted(pool.map(deliver, range(6)))
    assert (results, len(smtp.envelopes)) == ([False] * 5 + [True], 1)


def test_mail_whose_server_breaks_unexpectedly_is_not_lost(smtp):
    smtp.on_data = "421 closing"
    mail = queued()
    services.deliver(mail.pk)
    assert state(mail)[:2] == ("queued", 1)


def test_words_of_a_refusal_are_the_servers():
    refused = smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"unknown"), "c@d.org": (450, b"later")})
    assert services._words(refused) == "550 unknown; 450 later"
    assert services._is_permanent(refused) is False


def test_sweep_wakes_what_is_due_and_nothing_else():
    queued()
    now = timezone.now()
    queued(factories.user(), send_after=now + timedelta(minutes=5))
    queued(factories.user(), status=Status.FAILED)
    assert services.sweep(now=now) == 1


def test_sweep_shows_a_mail_left_half_way_as_failed_and_never_sends_it_again(smtp):
    now = timezone.now()
    stuck = queued(status=Status.SENDING, taken_at=now - timedelta(minutes=11))
    busy = queued(factories.user(), status=Status.SENDING, taken_at=now - timedelta(minutes=9))
    services.sweep(now=now)
    words = "The worker stopped while it was sending; nobody knows whether this mail left."
    assert (state(stuck)[::2], state(busy)[::2]) == (("failed", words), ("sending", ""))
    assert services.deliver(stuck.pk) is False


def test_send_again_queues_a_failed_mail_anew(smtp):
    mail = queued(status=Status.FAILED, attempts=8, error="550 no")
    services.send_again(mail)
    assert state(mail) == ("queued", 0, "")
    assert services.deliver(mail.pk) is True


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "queued"},
        {"status": "sending", "taken_at": timezone.now()},
        {"status": "sent", "sent_at": timezone.now()},
        {"status": "failed", "text": "", "html": ""},
    ],
)
def test_send_again_of_what_did_not_fail_is_refused_and_changes_nothing(fields):
    mail = queued(**fields)
    before = OutgoingMail.objects.values().get()
    with pytest.raises(services.OutboxError) as refusal:
        services.send_again(mail)
    assert str(refusal.value) == "Only a failed mail whose text is still here can be sent again."
    assert OutgoingMail.objects.values().get() == before


def test_mail_with_a_malformed_header_fails_for_good_and_keeps_no_secret(smtp):
    mail = queued(sender='"A\nB" <portal@example.org>', is_secret=True)
    assert services.deliver(mail.pk) is False
    mail.refresh_from_db()
    assert (mail.status, mail.text, smtp.envelopes) == ("failed", "", [])
