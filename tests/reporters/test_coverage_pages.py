"""Coverage as everybody reads it: the list, its own page, the wall; and the desk that decides."""

import pytest

from portal.group.models import SpecialtyGroup
from reporters.coverage import services
from reporters.coverage.models import Coverage
from reporters.coverage.views import PER_PAGE
from reporters.templatetags.coverage_text import opening, report
from tests import factories

pytestmark = pytest.mark.django_db


def headlines(response):
    return [coverage.headline for coverage in response.context["page_obj"]]


def test_coverage_list_shows_what_is_published_the_newest_first(client):
    for headline in ("One", "Two"):
        factories.approved(headline=headline)
    for make in (factories.draft, factories.submitted, factories.declined):
        make(headline="Not this")
    assert headlines(client.get("/coverage/")) == ["Two", "One"]


def test_coverage_list_of_an_event_shows_its_own(client):
    event = factories.event(slug="mangroves")
    factories.approved(of=event, headline="Ours")
    factories.approved(headline="Theirs")
    assert headlines(client.get("/coverage/?event=mangroves")) == ["Ours"]


@pytest.mark.parametrize("slug", ["nothing", "drafted"])
def test_coverage_list_of_an_event_that_is_not_public_is_not_found(client, slug):
    factories.event(slug="drafted", status="draft")
    assert client.get(f"/coverage/?event={slug}").status_code == 404


def test_coverage_list_is_paged(client):
    author, event, moderator = factories.member().user, factories.event(), factories.moderator()
    for _number in range(PER_PAGE + 1):
        factories.approved(author, of=event, by=moderator)
    assert [len(headlines(client.get(f"/coverage/?page={page}"))) for page in (1, 2)] == [PER_PAGE, 1]


@pytest.mark.parametrize("visibility", ["everyone", "members"])
def test_coverage_page_names_its_author_and_links_only_open_profiles(client, visibility):
    member = factories.member("Ada Obi", visibility=visibility)
    text = client.get(factories.approved(member.user).get_absolute_url()).text
    assert ("Ada Obi" in text, f'href="{member.get_absolute_url()}"' in text) == (True, visibility == "everyone")


def test_coverage_page_of_somebody_who_left_says_so(client):
    coverage = factories.approved()
    coverage.author.delete()
    assert "A former member" in client.get(coverage.get_absolute_url()).text


def test_coverage_page_shows_text_as_text(client):
    coverage = factories.approved(body="<script>alert(1)</script>\n\n> Said & done\n\nhttps://example.org/")
    text = client.get(coverage.get_absolute_url()).text
    wanted = ["&lt;script&gt;alert(1)", "<blockquote><p>Said &amp; done</p></blockquote>",
              '<a href="https://example.org/" rel="nofollow">']  # fmt: skip
    assert [word for word in wanted if word not in text] == []


def test_coverage_page_that_waits_is_kept_from_search_engines(signed_in):
    coverage = factories.submitted()
    text = signed_in(coverage.author).get(coverage.get_absolute_url()).text
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize("path", ["nothing/", "UPPERCASE1/", "0000000000/", "22222222222/"])
def test_coverage_page_of_a_reference_that_is_none_is_not_found(client, path):
    assert client.get(f"/coverage/{path}").status_code == 404


def test_report_makes_paragraphs_quotations_and_lines():
    assert report("One\ntwo\r\n\r\n> a\n> b") == "<p>One<br>two</p>\n<blockquote><p>a<br>b</p></blockquote>"


@pytest.mark.parametrize(("text", "first"), [("> Q\n\nOne", "One"), ("> Q", "Q"), ("", ""), ("\n\nOne\n\nTwo", "One")])
def test_opening_is_the_first_paragraph_that_is_no_quotation(text, first):
    assert opening(text) == first


# --- the wall -------------------------------------------------------------------------------------------------------
@pytest.fixture
def wall():
    SpecialtyGroup.objects.update(tag="newtag", former_tags=["iucncec"])
    event = factories.event(slug="mangroves")
    event.hashtags.add("MangroveSchools")
    factories.approved(of=event, headline="Of the event")
    factories.approved(headline="Of another")
    factories.approved(of=event, headline="Not for the wall", is_for_wall=False)
    factories.submitted(of=event, headline="Waiting")


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("newtag", {"Of the event", "Of another"}),
        ("NEWTAG", {"Of the event", "Of another"}),
        ("iucncec", {"Of the event", "Of another"}),
        ("MangroveSchools", {"Of the event"}),
        ("mangroveschools", {"Of the event"}),
    ],
)
def test_wall_of_a_tag_shows_what_belongs_to_it(client, wall, tag, shown):
    found = client.get(f"/wall/{tag}/").context["coverage"]
    assert {coverage.headline for coverage in found} == shown


@pytest.mark.parametrize("tag", ["nothing", "mangroves", "a b"])
def test_wall_of_a_tag_that_is_none_is_not_found(client, wall, tag):
    assert client.get(f"/wall/{tag}/").status_code == 404


def test_wall_of_a_draft_events_tag_is_not_found(client):
    factories.event(status="draft").hashtags.add("Secret")
    assert client.get("/wall/Secret/").status_code == 404


def test_wall_without_reports_says_so(client):
    assert "Nothing is on the wall yet" in client.get("/wall/iucncec/").text


# --- the desk -------------------------------------------------------------------------------------------------------
def decide(client, coverage, decision, **words):
    address = f"/admin/reporters/coverage/{coverage.pk}/change/"
    seen = client.get(address).context["seen"]
    return client.post(address, {"decision": decision, "seen": seen, **words})


def test_desk_decision_on_words_that_were_changed_meanwhile_is_refused(signed_in):
    coverage, desk = factories.submitted(), signed_in(factories.moderator())
    address = f"/admin/reporters/coverage/{coverage.pk}/change/"
    seen = desk.get(address).context["seen"]
    services.withdraw(coverage, by=coverage.author)
    services.save_draft(coverage, headline="Something else")
    services.hand_in(coverage, by=coverage.author)
    response = desk.post(address, {"decision": "approve", "seen": seen})
    assert (response.status_code, Coverage.objects.get().status) == (200, "submitted")
    assert "This has changed since you opened it." in response.text


def test_desk_approval_publishes_and_leads_to_the_next(signed_in):
    first, second = factories.submitted(), factories.submitted()
    response = decide(signed_in(factories.moderator()), first, "approve")
    assert response["Location"] == f"/admin/reporters/coverage/{second.pk}/change/"
    assert Coverage.objects.get(pk=first.pk).status == "approved"


def test_desk_decline_keeps_the_reason(signed_in):
    coverage = factories.submitted()
    decide(signed_in(factories.moderator()), coverage, "decline", reason=" Who spoke? ")
    coverage.refresh_from_db()
    assert (coverage.status, coverage.reason) == ("declined", "Who spoke?")


def test_desk_approval_of_ones_own_is_refused_on_the_page_and_keeps_the_typed_reason(signed_in):
    author = factories.coordinator()
    coverage = factories.submitted(author)
    response = decide(signed_in(author), coverage, "approve", reason="I typed this")
    assert (response.status_code, Coverage.objects.get().status) == (200, "submitted")
    assert "Nobody publishes their own coverage; ask another coordinator." in response.text
    assert "I typed this" in response.text


@pytest.mark.parametrize("decision", ["", "delete", "__class__"])
def test_desk_decision_that_is_none_changes_nothing(signed_in, decision):
    coverage = factories.submitted()
    decide(signed_in(factories.moderator()), coverage, decision)
    assert Coverage.objects.get().status == "submitted"


def test_desk_shows_only_the_buttons_that_are_open(signed_in):
    desk = signed_in(factories.moderator())
    shown = {}
    for state in ("submitted", "approved", "declined"):
        coverage = factories.IN_STATE[state]()
        decisions = desk.get(f"/admin/reporters/coverage/{coverage.pk}/change/").context["decisions"]
        shown[state] = [one.name for one in decisions]
    assert shown == {"submitted": ["approve", "decline"], "approved": ["take-off"], "declined": ["approve"]}


def test_desk_queue_shows_how_many_wait_and_hides_other_peoples_rooms(signed_in):
    factories.submitted(headline="Waits")
    factories.application()
    moderator = signed_in(factories.moderator()).get("/admin/").context["desk_queues"]
    coordinator = signed_in(factories.coordinator()).get("/admin/").context["desk_queues"]
    assert [(str(queue.title), queue.count) for queue in moderator] == [("Coverage to publish", 1)]
    assert {str(queue.title) for queue in coordinator} == {"Coverage to publish", "Applications to join"}
