"""What machines ask for: health, robots, sitemap, uploads; and what is said when something is wrong."""

import json
import logging
import xml.etree.ElementTree as ET

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from portal.health import tasks
from portal.health.logs import JsonFormatter, masked
from portal.health.middleware import TrustedProxyMiddleware
from portal.outbox.models import OutgoingMail
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests import factories

pytestmark = pytest.mark.django_db


# --- health ---------------------------------------------------------------------------------------------------------
def test_healthz_asks_nobody(client, cache_away, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"web": "ok"})


def test_readyz_with_everything_there_is_ready(client):
    tasks.beat()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "ok", "worker": "ok"})


def test_readyz_without_a_worker_says_so(client):
    cache.delete(tasks.HEARTBEAT)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (503, "away")


def test_readyz_without_the_broker_says_so(client, cache_away):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "away", "worker": "away"}


def test_readyz_without_the_database_says_so(client):
    tasks.beat()

    def away(*_query):
        raise DatabaseError("away")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "away")


def test_health_is_never_kept(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]


# --- robots, sitemap ------------------------------------------------------------------------------------------------
def test_robots_keeps_private_rooms_out(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert {"Disallow: /admin/", "Disallow: /accounts/", "Disallow: /me/"} < set(response.text.splitlines())
    assert "Sitemap: http://localhost:8000/sitemap.xml" in response.text


SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def test_sitemap_lists_public_pages_in_each_language_and_no_others(client):
    event = factories.event(slug="mangroves")
    coverage = factories.approved(factories.member("Ada Obi").user, of=event)
    factories.page("about")
    for hidden in (factories.event(slug="hid-event", status="draft"), factories.page("hid-page", is_published=False),
                   factories.member("Hid Person", visibility="members"), factories.submitted()):  # fmt: skip
        assert hidden.pk
    tree = ET.fromstring(client.get("/sitemap.xml").content)
    found = {one.text.removeprefix("http://localhost:8000") for one in tree.iter(f"{SITEMAP}loc")}
    rows = ["/pages/about/", "/events/mangroves/", "/members/ada-obi/", f"/coverage/{coverage.reference}/"]
    lists = ["/", "/members/", "/events/", "/coverage/", "/join/"]
    assert {path for path in found if not path.startswith(("/fr/", "/es/"))} >= {*rows, *lists}
    assert [path for path in found if "hid-" in path] == []
    assert {link.get("hreflang") for link in tree.iter(LINK)} >= {"en", "fr", "es"}


def test_sitemap_addresses_all_answer(client):
    factories.approved()
    tree = ET.fromstring(client.get("/sitemap.xml").content)
    paths = [one.text.removeprefix("http://localhost:8000") for one in tree.iter(f"{SITEMAP}loc")]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


# --- uploads --------------------------------------------------------------------------------------------------------
def uploaded(name, content=b"x"):
    return "/media/" + default_storage.save(name, ContentFile(content))


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.jpg"])
def test_media_picture_is_shown_and_kept_for_ever(client, name):
    response = client.get(uploaded(name))
    assert not response.get("Content-Disposition", "").startswith("attachment")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.js", "a.xhtml", "a.pdf", "a.unknown", "noending"])
def test_media_that_could_run_is_only_downloaded(client, name):
    response = client.get(uploaded(name, b"<script>alert(1)</script>"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "name",
    [
        "../secret-key",
        "..%2fsecret-key",
        "%2e%2e/secret-key",
        "/etc/passwd",
        "//etc/passwd",
        "",
        ".",
        "b/..",
        "x" * 3000,
    ],
)
def test_media_outside_the_folder_is_not_found(client, name):
    uploaded("b/c.webp")
    assert client.get(f"/media/{name}").status_code == 404


def test_media_folder_is_not_listed(client):
    uploaded("folder/a.webp")
    assert [client.get(path).status_code for path in ("/media/folder", "/media/folder/")] == [404, 404]


# --- errors ---------------------------------------------------------------------------------------------------------
@login_not_required
def broken(_request):
    raise RuntimeError("broken for ada@example.org")


class Broken:
    """The portal's addresses, and one that breaks."""

    urlpatterns = [path("broken/", broken), *urlpatterns]
    handler400, handler403, handler404, handler500 = handler400, handler403, handler404, handler500


@pytest.mark.parametrize(
    ("path", "language"), [("/nothing/", "en"), ("/fr/nothing/", "fr"), ("/es/events/nothing/", "es")]
)
def test_page_that_is_not_there_says_so_in_the_language_of_its_address(client, path, language):
    response = client.get(path)
    assert (response.status_code, f'<html lang="{language}"' in response.text) == (404, True)
    assert response.text.count("<h1") == 1


def test_page_that_is_forbidden_says_so(signed_in):
    response = signed_in(factories.user()).get("/styleguide/")
    assert (response.status_code, response.text.count("<h1")) == (403, 1)


def test_page_that_breaks_says_so_without_asking_the_database(settings, django_assert_num_queries):
    settings.ROOT_URLCONF = Broken
    client = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        response = client.get("/broken/")
    assert (response.status_code, "RuntimeError" in response.text, "ada@" in response.text) == (500, False, False)


def test_form_without_its_token_is_refused_kindly():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "a@b.org", "password": "x"})
    assert (response.status_code, response.text.count("<h1")) == (403, 1)


@pytest.mark.parametrize("path", ["/wall/%00/", "/coverage/?event=%00", "/events/%00/", "/media/%00"])
def test_address_with_a_nul_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_host_that_is_not_ours_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_mailbox_without_a_demo_is_not_there(client, settings):
    assert client.get("/mailbox/").status_code == 404
    settings.DEMO = True  # a demo with a mail server of its own
    assert client.get("/mailbox/").status_code == 404


# --- proxies --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ([], "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ([], "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ([], "203.0.113.5", "198.51.100.1", "203.0.113.5"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (["10.0.0.0/8"], "127.0.0.1", "198.51.100.1", "127.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "10.0.0.7", "10.0.0.1"),
        ([], "::1", "2001:db8::9", "2001:db8::9"),
        ([], "", "198.51.100.1", ""),
    ],
)
def test_client_behind_proxies_is_the_last_that_is_no_trusted_proxy(settings, trusted, peer, forwarded, client):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded})
    TrustedProxyMiddleware(lambda _request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == client


def test_scheme_told_by_a_stranger_is_not_believed(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    found = []
    for peer in ("203.0.113.5", "127.0.0.1"):
        request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-proto": "https"})
        TrustedProxyMiddleware(lambda asked: found.append(asked.is_secure()) or HttpResponse())(request)
    assert found == [False, True]


# --- logs -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail to Ada.Obi+x@example.org failed", "mail to [address] failed"),
        ("/accounts/confirm-email/NTM:1xVNEr:3R1uh5MvjBTpWwz5gv4k2qDT1B4Wr4J/", "/accounts/confirm-email/[token]/"),
        ("Not Found: /events/mangroves/", "Not Found: /events/mangroves/"),
    ],
)
def test_log_lines_hold_no_addresses_and_no_tokens(text, kept):
    assert masked(text) == kept


def test_log_line_is_one_json_object_with_what_was_said():
    record = logging.LogRecord("portal", logging.WARNING, "", 0, "mail to %s\nfailed", ("ada@example.org",), None)
    record.kind = "welcome"
    line = JsonFormatter().format(record)
    said = json.loads(line)
    assert "\n" not in line
    assert {name: said[name] for name in ("level", "logger", "message", "kind")} == {
        "level": "warning", "logger": "portal", "message": "mail to [address]\nfailed", "kind": "welcome",
    }  # fmt: skip


def test_log_of_what_broke_is_masked_and_names_the_route(settings, caplog):
    settings.ROOT_URLCONF = Broken
    Client(raise_request_exception=False).get("/broken/?token=secret")
    (record,) = [one for one in caplog.records if one.name == "portal.request"]
    assert (record.route, record.status) == ("broken/", 500)
    lines = [JsonFormatter().format(one) for one in caplog.records]
    assert [line for line in lines if "ada@example.org" in line or "token=secret" in line] == []


# --- the outbox at the desk -----------------------------------------------------------------------------------------
def test_mail_at_the_desk_can_be_sent_again_when_it_failed(signed_in):
    factories.application()
    mail = OutgoingMail.objects.get()
    type(mail).objects.update(status="failed")
    desk, address = signed_in(factories.coordinator()), f"/admin/portal/outgoingmail/{mail.pk}/change/"
    desk.post(address, {"decision": "send-again", "seen": desk.get(address).context["seen"]})
    mail.refresh_from_db()
    assert mail.status == "queued"
