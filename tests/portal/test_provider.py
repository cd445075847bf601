"""Mails handed to a provider's HTTP interface, here Postmark's as it is documented, on a server of our own.

https://postmarkapp.com/developer/api/email-api and https://postmarkapp.com/developer/api/overview#error-codes
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.addresses import provider
from portal.outbox import sending, services
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
TAKEN = (200, {"To": "ada@example.org", "SubmittedAt": "2026-02-17T07:25:01.4178645-05:00",
               "MessageID": "0a129aee-e1cd-480d-b08d-4f48548ff48d", "ErrorCode": 0, "Message": "OK"})  # fmt: skip
INACTIVE = (422, {"ErrorCode": 406, "Message": (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: ada@example.org. "
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)})  # fmt: skip
WRONG_KEY = (401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied"})
BUSY = (429, {"ErrorCode": 0, "Message": "Rate limit exceeded"})
BROKEN = (500, {"ErrorCode": 0, "Message": "Internal server error"})


class Postmark(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, words = self.server.answer
        content = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def postmark(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Postmark)
    server.answer, server.asked = TAKEN, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = provider(f"postmark://a-token@?api=http://127.0.0.1:{server.server_port}/")
    settings.EMAIL_BACKEND, settings.ANYMAIL = found["backend"], found["settings"]
    yield server
    server.shutdown()
    server.server_close()


def sent_with(postmark, answer):
    postmark.answer = answer
    services.write(factories.user("Ada Obi", "ada@example.org"), "members/email/welcome", {}, kind="welcome")
    sending.send_waiting()
    mail = OutgoingMail.objects.get()
    return mail.status, mail.attempts, mail.contact.has_bounced


def test_mail_taken_by_a_provider_is_sent_and_named(postmark):
    assert sent_with(postmark, TAKEN) == ("sent", 1, False)
    (asked,) = postmark.asked
    assert (asked["To"], asked["Metadata"]) == ("ada@example.org", {"mail": str(OutgoingMail.objects.get().pk)})


def test_mail_to_an_address_that_the_provider_gave_up_fails_and_is_a_bounce(postmark):
    assert sent_with(postmark, INACTIVE) == ("failed", 1, True)


@pytest.mark.parametrize("answer", [WRONG_KEY, BUSY, BROKEN])
def test_mail_that_the_provider_cannot_take_now_waits_and_is_not_to_blame(postmark, answer):
    assert sent_with(postmark, answer) == ("queued", 0, False)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postmark://", "must hold the provider's key, as in postmark://KEY@"),
        ("mailgun://key@", "must name the sending domain, as in mailgun://KEY@mg.example.org"),
        (
            "postmark://k@?webhook=short",
            "must give ?webhook= as a name, a colon and a password of 16 characters or more",
        ),
    ],
)
def test_provider_that_makes_no_sense_is_refused(url, words):
    with pytest.raises(ValueError) as refusal:
        provider(url)
    assert str(refusal.value) == words


def test_provider_is_what_anymail_wants():
    found = provider("mailgun://key@mg.example.org?webhook=portal:a-long-password-of-theirs")
    assert found == {
        "name": "mailgun",
        "backend": "anymail.backends.mailgun.EmailBackend",
        "settings": {
            "MAILGUN_API_KEY": "key",
            "MAILGUN_SENDER_DOMAIN": "mg.example.org",
            "WEBHOOK_SECRET": "portal:a-long-password-of-theirs",
        },
    }
