"""The ways out of the desk and the pages on which something is decided."""

import pytest
from django.apps import apps

from tests import factories
from tests.portal.test_imports import APPS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def test_desk_logout_signs_out_and_leads_home(desk):
    assert desk.post("/admin/logout/")["Location"] == "/"
    assert "_auth_user_id" not in desk.session


def test_desk_logout_by_get_asks_first(desk):
    assert desk.get("/admin/logout/")["Location"] == "/accounts/logout/"
    assert "_auth_user_id" in desk.session


@pytest.mark.parametrize("path", ["/admin/password_change/", "/admin/password_change/done/"])
def test_desk_password_is_changed_at_the_account(desk, path):
    assert desk.get(path)["Location"] == "/accounts/password/change/"


# --- decisions ------------------------------------------------------------------------------------------------------
def shown(desk, model, row):
    return desk.get(f"/admin/{model}/{row.pk}/change/")


def test_decision_page_says_what_it_is_about_and_leads_to_the_desk(desk):
    application, coverage = factories.application(), factories.submitted(headline="Mud on our boots")
    pages = [shown(desk, "members/membershipapplication", application), shown(desk, "reporters/coverage", coverage)]
    assert [(page.context["title"], page.context["subtitle"]) for page in pages] == [
        ("Application of Ada Obi", None),
        ("Coverage", "Mud on our boots"),
    ]
    assert ["historylink" in page.text for page in pages] == [False, False]
    assert ['<a href="/admin/">The desk</a>' in page.text for page in pages] == [True, True]


def test_decision_page_hides_what_is_empty_until_it_is_decided(desk):
    waiting, decided = factories.submitted(), factories.declined()
    names = ["decided_by", "decided_at", "reason"]
    pages = [shown(desk, "reporters/coverage", one).text for one in (waiting, decided)]
    assert [[f"field-{name}" in page for name in names] for page in pages] == [[False] * 3, [True] * 3]


def test_coverage_at_the_desk_is_read_as_it_will_stand(desk):
    coverage = factories.submitted(body="We sat outside.\n\n> The tables left\n\n<script>")
    text = shown(desk, "reporters/coverage", coverage).text
    assert "<blockquote><p>The tables left</p></blockquote>" in text
    assert "<p>&lt;script&gt;</p>" in text


def test_coverage_at_the_desk_tells_its_steps(desk):
    coverage = factories.approved(by=factories.moderator("Mina Reads"))
    text = shown(desk, "reporters/coverage", coverage).text
    steps = text.partition("field-past")[2].partition("</ul>")[0]
    assert 0 < steps.index("draft") < steps.index("handed in") < steps.index("published, Mina Reads")


def test_coverage_that_is_published_is_taken_off_the_site(desk):
    coverage = factories.approved()
    page = shown(desk, "reporters/coverage", coverage)
    assert [str(one.label) for one in page.context["decisions"]] == ["Take it off the site"]
    data = {"decision": "take-off", "reason": "Names a child.", "seen": page.context["seen"]}
    desk.post(f"/admin/reporters/coverage/{coverage.pk}/change/", data)
    coverage.refresh_from_db()
    assert (coverage.status, coverage.reason) == ("declined", "Names a child.")


def test_coverage_list_offers_no_drafts(desk):
    factories.submitted()
    (states, *_others) = desk.get("/admin/reporters/coverage/").context["cl"].filter_specs
    assert [one["display"] for one in states.choices(desk.get("/admin/reporters/coverage/").context["cl"])] == [
        "All", "handed in", "published", "not published",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "make"),
    [("members/membershipapplication", factories.application), ("reporters/coverage", factories.submitted)],
)
def test_decision_queue_begins_with_the_oldest_and_leads_on(desk, model, make):
    first, second = make(), make()
    queue = desk.get(f"/admin/{model}/?status__exact=submitted").context["cl"].result_list
    assert [one.pk for one in queue] == [first.pk, second.pk]
    data = {"decision": "approve", "seen": shown(desk, model, first).context["seen"]}
    assert desk.post(f"/admin/{model}/{first.pk}/change/", data)["Location"] == f"/admin/{model}/{second.pk}/change/"
    data["seen"] = shown(desk, model, second).context["seen"]
    assert desk.post(f"/admin/{model}/{second.pk}/change/", data)["Location"] == "/admin/"


def test_decision_that_breaks_is_no_refusal(desk, monkeypatch):
    application = factories.application()
    monkeypatch.setattr("members.joining.services._decide", lambda *_args, **_words: 1 / 0)
    data = {"decision": "approve", "seen": shown(desk, "members/membershipapplication", application).context["seen"]}
    with pytest.raises(ZeroDivisionError):
        desk.post(f"/admin/members/membershipapplication/{application.pk}/change/", data)


# --- the group's preview --------------------------------------------------------------------------------------------
PREVIEW = "/admin/portal/specialtygroup/preview/"


def test_group_preview_keeps_its_labels_in_the_coordinators_language(signed_in):
    coordinator = factories.coordinator()
    coordinator.language = "fr"
    coordinator.save()
    labels = [label for label, _now, _then in signed_in(coordinator).post(PREVIEW, {}).context["rows"]]
    assert len({label.partition(" (")[0] for label in labels}) == 7
    assert [label for label in labels if label.startswith("Full name")] == []


def test_group_preview_shows_the_foot_of_mails_and_both_colours(desk):
    text = desk.post(PREVIEW, {"postal_address": "1 Mud Lane\nNairobi", "colour": "#112233"}).text
    assert "1 Mud Lane<br>Nairobi</mark>" in text
    assert ('fill="#112233"' in text, 'fill="#9fd0b2"' in text, "style=" in text) == (True, True, False)


def test_group_preview_names_the_field_of_an_error(desk):
    text = desk.post(PREVIEW, {"colour": "red"}).text
    assert "<li>Colour on a light ground: Write a colour as # and six digits, such as #1d4a37.</li>" in text


def test_group_is_called_group_at_the_desk(desk):
    assert "the group" not in desk.get("/admin/portal/specialtygroup/1/change/").context["title"]


def test_desk_leads_to_no_address_that_holds_somebodys_secret():
    """Django's `/admin/r/…` takes anybody on the staff to the address of any row that has one."""
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]
    led_to = {model.__name__ for model in ours if hasattr(model, "get_absolute_url")}
    assert led_to == {"Coverage", "Event", "Letter", "Member", "Page", "SpecialtyGroup"}
    secrets = {model.__name__ for model in ours if hasattr(model, "personal_path")}
    assert secrets == {"Contact", "Invitation", "ProfileClaim", "Renewal"}
