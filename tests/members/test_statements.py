"""Statements: which version is in force, that it stays as it is, and that people accept it to join."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from members.joining import services as joining
from members.statements import services
from members.statements.models import Acceptance, Statement, Version
from tests import factories

pytestmark = pytest.mark.django_db


def test_statement_version_in_force_is_the_one_whose_day_came_last():
    statement = factories.statement()
    for days in (-9, -2, 3, None):
        factories.version(statement, in_force_in_days=days)
    today = timezone.localdate()
    found = [statement.in_force(on=today + timedelta(days=days)) for days in (-10, -5, 0, 3)]
    assert [one and one.number for one in found] == [None, 1, 2, 3]
    assert statement.in_force().number == 2


@pytest.mark.parametrize(("language", "text"), [("en", "One week."), ("fr", "Une semaine."), ("es", "One week.")])
def test_statement_text_is_in_the_readers_language_else_in_english(language, text):
    version = factories.version(text="One week.", text_fr="Une semaine.")
    with override(language):
        assert version.text == text


def test_statement_second_one_for_joining_is_refused():
    factories.statement()
    with pytest.raises(ValidationError) as refusal:
        Statement(name_en="Another", slug="another", is_for_joining=True).full_clean()
    assert refusal.value.messages == ["Another statement is asked of whoever joins. Take the tick off there first."]


def test_statement_version_number_is_given_once():
    version = factories.version()
    with pytest.raises(ValidationError) as refusal:
        Version(statement=version.statement, number=version.number, text_en="Other.").full_clean()
    assert refusal.value.messages == ["This statement already has a version with this number."]


@pytest.mark.parametrize("change", [{"text_en": "Other."}, {"in_force_from": None}, {"number": 7}])
def test_statement_version_in_force_is_not_changed_by_the_database(change):
    version = factories.version()
    with pytest.raises(IntegrityError, match="in force"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)
    version.refresh_from_db()
    assert (version.text_en, version.number) == ("We answer within a week.", 1)


@pytest.mark.parametrize("days", [None, 1])
def test_statement_version_not_in_force_yet_may_change(days):
    version = factories.version(in_force_in_days=days)
    version.text_en = "Other."
    version.full_clean()
    version.save()
    assert Version.objects.get().text_en == "Other."


def test_statement_accepted_twice_counts_once():
    person, version = factories.user(), factories.version()
    first, second = services.accept(person, version), services.accept(person, version)
    assert (first.pk, first.accepted_at) == (second.pk, second.accepted_at)


def test_statement_not_in_force_is_accepted_by_nobody():
    with pytest.raises(services.StatementError) as refusal:
        services.accept(factories.user(), factories.version(in_force_in_days=1))
    assert str(refusal.value) == "Nobody can accept a version that is not in force yet."


# --- at the desk ----------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def typed(version, **changes):
    return {"statement": version.statement_id, "number": version.number, "text_en": version.text_en, **changes}


def test_version_at_the_desk_is_changed_while_it_is_written(desk):
    version = factories.version(in_force_in_days=None)
    response = desk.post(f"/admin/members/version/{version.pk}/change/", typed(version, text_en="<b>Soon</b>."))
    assert (response.status_code, Version.objects.get().text_en) == (302, "<b>Soon</b>.")


def test_version_at_the_desk_is_only_looked_at_once_in_force(desk):
    version = factories.version()
    path = f"/admin/members/version/{version.pk}/"
    assert (desk.get(f"{path}change/").status_code, 'name="text_en"' in desk.get(f"{path}change/").text) == (200, False)
    answers = [desk.post(f"{path}{act}/", typed(version, text_en="Other.", post="yes")) for act in ("change", "delete")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert Version.objects.get().text_en == "We answer within a week."


def test_version_new_at_the_desk_begins_with_the_words_of_the_last(desk):
    version = factories.version()
    form = desk.get(f"/admin/members/version/add/?statement={version.statement_id}").context["adminform"].form
    assert (form["number"].value(), form["text_en"].value()) == (2, "We answer within a week.")


def test_statement_page_leads_to_its_versions_and_a_new_one(desk):
    version = factories.version()
    text = desk.get(f"/admin/members/statement/{version.statement_id}/change/").text
    links = [
        f"/admin/members/version/{version.pk}/change/",
        f"/admin/members/version/add/?statement={version.statement_id}",
    ]
    assert [f'href="{link}"' in text for link in links] == [True, True]


# --- to join --------------------------------------------------------------------------------------------------------
def post(client, **changes):
    return client.post("/join/", {"country": factories.country().pk, "motivation": "I teach.", **changes})


def test_join_form_asks_to_accept_the_version_in_force_and_writes_it_down(signed_in):
    version, person = factories.version(text="<b>Week</b>"), factories.user()
    client = signed_in(person)
    page = client.get("/join/").text
    assert ("I have read “What we expect of each other”" in page, "&lt;b&gt;Week&lt;/b&gt;" in page) == (True, True)
    assert post(client, accepts=version.pk)["Location"] == "/me/"
    assert list(Acceptance.objects.values_list("user", "version")) == [(person.pk, version.pk)]


def test_join_form_without_accepting_is_answered_at_the_field_and_keeps_what_was_typed(signed_in):
    factories.version()
    response = post(signed_in(factories.user()), motivation="I teach in a park.")
    assert list(response.context["form"].errors) == ["accepts"]
    assert "I teach in a park." in response.text
    assert Acceptance.objects.count() == 0


def test_join_form_accepting_an_older_version_is_asked_to_read_again(signed_in):
    old = factories.version()
    client = signed_in(factories.user())
    factories.version(old.statement, in_force_in_days=0)
    response = post(client, accepts=old.pk)
    assert response.context["form"].errors["accepts"] == [
        "The text has changed since you opened this page. Please read it again."
    ]


@pytest.mark.parametrize("days", [None, 2])
def test_join_form_asks_nothing_where_no_version_is_in_force(signed_in, days):
    factories.version(in_force_in_days=days)
    factories.version(factories.statement("Another", is_for_joining=False))
    client = signed_in(factories.user())
    assert "accepts" not in client.get("/join/").context["form"].fields
    assert post(client)["Location"] == "/me/"


def test_join_form_asks_once(signed_in):
    person, version = factories.user(), factories.version()
    services.accept(person, version)
    assert "accepts" not in signed_in(person).get("/join/").context["form"].fields


def test_application_without_the_acceptance_asked_for_is_refused():
    factories.version()
    with pytest.raises(joining.JoiningError) as refusal:
        factories.application()
    assert str(refusal.value) == "To join, accept “What we expect of each other” first."
