"""Every address × every role: what is answered, who may read which private word, and how pages are made."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.http.cookie import SimpleCookie
from django.test import Client
from django.urls import resolve

from tests import addresses
from tests.conftest import BACKEND

pytestmark = pytest.mark.django_db
ALIASES = {"/accounts/login/": "login", "/admin/login/": "door", "/accounts/reauthenticate/": "sure"}


@dataclass(frozen=True)
class Answer:
    """What one role got at one address."""

    row: addresses.Row
    cell: str
    expected: str
    headers: dict
    body: str

    @property
    def is_mail(self):
        """A mail as it leaves, which brings its own styles and is shown in a sandbox."""
        return self.row.route.endswith("/preview/html/") and "sandbox" in self.headers["Content-Security-Policy"]

    @property
    def is_page(self):
        return self.headers.get("Content-Type", "").startswith("text/html") and self.body != ""


def ask(client, row, names):
    path = row.path.format(**names)
    if row.method == "GET":
        response = client.generic(row.method, path)
    elif "decision" in row.data:  # pressed on the page as it was read
        seen = (client.get(path).context or {}).get("seen", "")
        response = client.post(path, {**row.data, "seen": seen})
    else:
        response = client.post(path, row.data)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    leads = response.headers.get("Location", "").partition("?")[0]
    return ALIASES.get(leads, leads) or str(response.status_code), dict(response.headers), content


def answers_for(role):
    """Every address asked as one role; whatever a request changed is undone before the next one."""
    world, found = addresses.World(), []
    client = Client(raise_request_exception=False)
    if role != "visitor":
        client.force_login(world.people[role], backend=BACKEND)
    session = client.cookies.output(header="")
    for row in addresses.ROWS:
        client.cookies = SimpleCookie(session)
        with transaction.atomic():
            cell, headers, content = ask(client, row, world.names)
            transaction.set_rollback(True)
        body = unescape(content.decode(errors="replace"))
        found.append(Answer(row, cell, row.cell(role).format(**world.names), headers, body))
    return found


@pytest.mark.parametrize("role", addresses.ROLES)
def test_addresses_of_a_role(role, subtests):
    answers = answers_for(role)
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(role, answers)


def test_addresses_and_rows_are_the_same():
    assert {row.route for row in addresses.ROWS} == set(addresses.routes())


def test_addresses_of_rows_lead_to_their_routes():
    plain = [
        row for row in addresses.ROWS if not row.path.startswith(("/fr/", "/es/")) and "<reference:" not in row.route
    ]
    found = {row.path: addresses.plain(resolve(_numbered(row.path)).route) for row in plain}
    assert found == {row.path: row.route for row in plain}


def _numbered(path):
    return re.sub(r"\{\w+\}", "1", path).partition("?")[0]


def answers_are_those_of_the_table(_role, answers):
    wrong = {one.row.name: (one.cell, one.expected) for one in answers if one.cell != one.expected}
    assert wrong == {}


def private_words_are_shown_to_those_alone_who_may_see_them(role, answers):
    seen = {
        word: [one.row.name for one in answers if word in one.body or word in str(one.headers)]
        for word in addresses.CANARIES
    }
    leaks = {word: where for word, where in seen.items() if where and role not in addresses.CANARIES[word]}
    assert leaks == {}
    assert [word for word, roles in addresses.CANARIES.items() if role in roles and not seen[word]] == []


def headers_are_strict(_role, answers):
    for one in answers:
        assert one.headers["X-Content-Type-Options"] == "nosniff", one.row.name
        assert one.headers["Referrer-Policy"] == "same-origin", one.row.name
        assert "camera=()" in one.headers["Permissions-Policy"], one.row.name
        policy = one.headers["Content-Security-Policy"]
        assert "unsafe" not in policy or one.is_mail, one.row.name
        assert "default-src 'none'" in policy, one.row.name


def personal_pages_are_kept_by_nobody(role, answers):
    if role == "visitor":
        personal = [one for one in answers if one.row.route in {"accounts/login/", "accounts/signup/"}]
    else:
        personal = [one for one in answers if one.is_page and not one.row.route.startswith("media/")]
    assert len(personal) >= 2
    kept = {
        one.row.name: one.headers["Cache-Control"] for one in personal if "no-store" not in one.headers["Cache-Control"]
    }
    assert kept == {}


DATA_BLOCKS = {"application/ld+json", "application/json"}
LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("use", "href"), ("iframe", "src"), ("source", "srcset")}


class Markup(HTMLParser):
    """Collects what a strict content security policy would stop, and what is asked of third parties."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and not ({"src", "nonce"} & given.keys() or given.get("type") in DATA_BLOCKS):
            self.faults.append("<script> without src")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.faults.append(f"<{tag} {name}={value}>")
            if (tag, name) in LOADED and given.get("rel") not in {"canonical", "alternate"} and "//" in (value or ""):
                self.faults.append(f"<{tag} {name}={value}> of a third party")


def pages_hold_nothing_inline_and_ask_no_third_party(_role, answers):
    faults = {}
    for one in answers:
        if one.is_page and not one.is_mail:
            markup = Markup()
            markup.feed(one.body)
            if markup.faults:
                faults[one.row.name] = markup.faults
    assert faults == {}


def pages_have_one_heading_a_title_and_a_language(_role, answers):
    pages = [one for one in answers if one.is_page and not one.row.route.startswith("admin/")]
    assert [one.row.name for one in pages if one.body.count("<h1") != 1] == []
    assert [one.row.name for one in pages if "<title> |" in one.body or "<title>" not in one.body] == []
    languages = {one.row.name: one.row.path[1:3] if one.row.path[:4] in {"/fr/", "/es/"} else "en" for one in pages}
    assert {name for one in pages if f'<html lang="{languages[(name := one.row.name)]}"' not in one.body} == set()


CHECKS = [
    answers_are_those_of_the_table,
    private_words_are_shown_to_those_alone_who_may_see_them,
    headers_are_strict,
    personal_pages_are_kept_by_nobody,
    pages_hold_nothing_inline_and_ask_no_third_party,
    pages_have_one_heading_a_title_and_a_language,
]
