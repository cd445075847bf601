"""What comes back: bounces and complaints, from an IMAP server and from a provider's webhooks."""

import base64
import imaplib
import json
import socket
import subprocess
import sys
import time
from email import message_from_string, policy
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from portal.contacts.models import EVERYTHING, Contact
from portal.outbox import reports, returns, services, tasks
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
# The shape of RFC 3464's appendix E.1, with the headers of one of our mails returned.
BOUNCE = """\
Date: Thu, 7 Jul 2026 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@example.com>
To: <portal@example.org>
Message-Id: <199407072116.RAA14128@example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="RAA14128.773615765/EXAMPLE.COM"
Subject: Returned mail: Cannot send message for 5 days

--RAA14128.773615765/EXAMPLE.COM

The original message was received at Sat, 2 Jul 2026 17:10:28 -0400

--RAA14128.773615765/EXAMPLE.COM
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Original-Recipient: rfc822;ada@example.org
Final-Recipient: rfc822;ada@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>:
 Recipient address rejected: User unknown
Last-Attempt-Date: Thu, 7 Jul 2026 17:15:49 -0400

--RAA14128.773615765/EXAMPLE.COM
Content-Type: {returned}

From: portal@example.org
To: ada@example.org
Message-ID: {message_id}
Subject: News

--RAA14128.773615765/EXAMPLE.COM--
"""
# RFC 5965, appendix B.1.
COMPLAINT = """\
From: <abusedesk@example.com>
Date: Thu, 8 Mar 2026 17:40:36 EDT
Subject: FW: Earn money
To: <abuse@example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP 192.0.2.1 on Thu, 8 Mar 2026 14:00:00 EDT.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

Received: from mailserver.example.net (mailserver.example.net [192.0.2.1])
From: <portal@example.org>
To: <Undisclosed Recipients>
Subject: News
MIME-Version: 1.0
Message-ID: {message_id}

Hello there
--part1_13d.2e68ed54_boundary--
"""
WORDS = "550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown"


@pytest.fixture
def mail():
    made = services.write(factories.user(email="ada@example.org"), "members/email/welcome", {}, kind="welcome")
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    made.refresh_from_db()
    return made


def bounce(mail, *, action="failed", status="5.1.1", returned="text/rfc822-headers", message_id=None):
    given = {"action": action, "status": status, "returned": returned, "message_id": message_id or mail.message_id}
    return BOUNCE.format(**given)


def complaint(mail, kind="abuse"):
    return COMPLAINT.format(kind=kind, message_id=mail.message_id)


def read(text):
    return reports.read(message_from_string(text, policy=policy.default))


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_bounce_names_our_mail_and_says_why(mail, returned):
    assert read(bounce(mail, returned=returned)) == reports.Report(reports.Kind.BOUNCE, mail.pk, WORDS)


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.7"), ("failed", "4.4.7"), ("delivered", "2.0.0")])
def test_report_of_anything_but_a_lasting_failure_is_none(mail, action, status):
    assert read(bounce(mail, action=action, status=status)) is None


@pytest.mark.parametrize("message_id", ["<1@example.org>", "<not-ours>", "", "<../../x@y>"])
def test_bounce_of_a_mail_that_is_not_ours_is_none(mail, message_id):
    assert read(bounce(mail, message_id=message_id or " ")) is None


def test_complaint_names_our_mail(mail):
    assert read(complaint(mail)) == reports.Report(reports.Kind.COMPLAINT, mail.pk, "")


@pytest.mark.parametrize("kind", ["not-spam", "fraud", ""])
def test_report_that_is_no_complaint_is_none(mail, kind):
    assert read(complaint(mail, kind)) is None


@pytest.mark.parametrize("cut", range(0, 1200, 60))
def test_report_cut_off_anywhere_breaks_nothing(mail, cut):
    assert read(bounce(mail)[:cut]) in {None, reports.Report(reports.Kind.BOUNCE, mail.pk, WORDS)}


def test_bounce_recorded_marks_mail_and_address(mail):
    assert returns.record(read(bounce(mail))) is True
    mail.refresh_from_db()
    contact = Contact.objects.get(pk=mail.contact_id)
    assert (mail.status, mail.error, bool(mail.bounced_at)) == ("sent", WORDS, True)
    assert (contact.has_bounced, contact.bounce) == (True, WORDS)


def test_bounce_recorded_twice_changes_nothing(mail):
    report = read(bounce(mail))
    returns.record(report)
    before = [OutgoingMail.objects.values().get(), Contact.objects.values().get()]
    returns.record(report)
    assert [OutgoingMail.objects.values().get(), Contact.objects.values().get()] == before


def test_bounce_of_a_mail_that_nobody_knew_of_shows_that_it_left(mail):
    OutgoingMail.objects.update(status="unknown", sent_at=None)
    returns.record(read(bounce(mail)))
    assert OutgoingMail.objects.get().status == "sent"


@pytest.mark.parametrize("status", ["queued", "failed", "held"])
def test_bounce_of_a_mail_that_did_not_leave_is_not_believed(mail, status):
    OutgoingMail.objects.update(status=status, sent_at=None)
    assert returns.record(read(bounce(mail))) is False
    assert Contact.objects.get().has_bounced is False


def test_complaint_recorded_ends_what_was_not_asked_for(mail):
    returns.record(read(complaint(mail)))
    assert (mail.contact.refused_kinds, Contact.objects.get().has_bounced) == ({EVERYTHING}, False)


# --- over IMAP ------------------------------------------------------------------------------------------------------
@pytest.fixture
def mailbox(settings):
    """A real IMAP server on loopback, with an empty INBOX; a function that puts a message into it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("pymap"), "--port", str(port), "--host", "127.0.0.1", "dict"]
    server = subprocess.Popen([*command, "--demo-data"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    user = {"user": "demouser", "password": "demopass", "folder": "INBOX"}
    settings.BOUNCE_MAILBOX = {"host": "127.0.0.1", "port": port, "starttls": False, "ssl": False, **user}
    box = _connected(port)
    box.login("demouser", "demopass")
    box.select("INBOX")
    box.store("1:*", "+FLAGS", r"(\Deleted)")
    box.expunge()

    def put(text):
        box.append("INBOX", "", None, text.replace("\n", "\r\n").encode())

    yield put
    box.logout()
    server.terminate()
    server.wait()


def _connected(port):
    deadline = time.monotonic() + 20
    while True:
        try:
            return imaplib.IMAP4("127.0.0.1", port, timeout=10)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_bounces_are_read_from_the_mailbox_once(mailbox, mail):
    mailbox("From: a@b.org\nSubject: Out of office\n\nBack on Monday.\n")
    mailbox(bounce(mail))
    mailbox("Subject: =?broken\nContent-Type: multipart/report; boundary=\n\n--\n")
    assert tasks.read_bounces() == 1
    assert tasks.read_bounces() == 0
    assert Contact.objects.get().bounce == WORDS


def test_mailbox_that_refuses_the_password_says_so(mailbox, settings):
    settings.BOUNCE_MAILBOX = settings.BOUNCE_MAILBOX | {"password": "wrong"}
    with pytest.raises(imaplib.IMAP4.error):
        tasks.read_bounces()


def test_no_mailbox_is_no_error(settings):
    settings.BOUNCE_MAILBOX = None
    assert tasks.read_bounces() == 0


# --- a provider -----------------------------------------------------------------------------------------------------
SECRET = "portal:a-long-password-of-theirs"
# https://postmarkapp.com/developer/webhooks/bounce-webhook
POSTMARK_BOUNCE = {
    "RecordType": "Bounce", "MessageStream": "outbound", "ID": 4323372036854775807, "Type": "HardBounce",
    "TypeCode": 1, "Name": "Hard bounce", "Tag": "Test", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "ServerID": 23, "Description": "The server was unable to deliver your message (ex: unknown user).",
    "Details": "Test bounce details", "Email": "ada@example.org", "From": "portal@example.org",
    "BouncedAt": "2026-11-05T16:33:54.9070259Z", "DumpAvailable": True, "Inactive": True, "CanActivate": True,
    "Subject": "News",
}  # fmt: skip


@pytest.fixture
def _webhooks(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.ROOT_URLCONF = "tests.portal.provider_urls"


def told(event, secret=SECRET):
    client = Client(enforce_csrf_checks=True)
    authorization = "Basic " + base64.b64encode(secret.encode()).decode()
    return client.post(
        "/anymail/postmark/tracking/", json.dumps(event), "application/json", headers={"authorization": authorization}
    )


@pytest.mark.usefixtures("_webhooks")
def test_bounce_told_by_a_provider_is_recorded(mail):
    answer = told(POSTMARK_BOUNCE | {"Metadata": {"mail": str(mail.pk)}})
    assert (answer.status_code, Contact.objects.get().bounce) == (200, POSTMARK_BOUNCE["Details"])


@pytest.mark.usefixtures("_webhooks")
def test_complaint_told_by_a_provider_is_recorded(mail):
    told(POSTMARK_BOUNCE | {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Metadata": {"mail": str(mail.pk)}})
    assert mail.contact.refused_kinds == {EVERYTHING}


@pytest.mark.usefixtures("_webhooks")
@pytest.mark.parametrize("metadata", [{}, {"mail": "nonsense"}, {"mail": "00000000-0000-4000-8000-000000000000"}])
def test_bounce_told_of_no_mail_of_ours_changes_nothing(mail, metadata):
    assert told(POSTMARK_BOUNCE | {"Metadata": metadata}).status_code == 200
    assert Contact.objects.get().has_bounced is False


@pytest.mark.usefixtures("_webhooks")
def test_bounce_told_without_the_secret_is_refused(mail):
    assert told(POSTMARK_BOUNCE | {"Metadata": {"mail": str(mail.pk)}}, secret="portal:guess").status_code == 400
    assert Contact.objects.get().has_bounced is False
