"""What a viewer may not see of a member is nothing they can find or count them by."""

import pytest

from members.directory.models import Member
from members.directory.parts import Audience
from members.membership import services as membership
from portal.group.models import Topic
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db
WORD = "Quokkaherd"
# Part: what is told, and the parameters by which those who see it find the member.
TOLD = {
    "headline": ({"headline": f"Keeper of {WORD}"}, [{"q": WORD}, {"q": "Quokkahrd"}, {"q": "quokkaherds"}]),
    "organisation": ({"organisation": f"{WORD} Trust"}, [{"q": WORD}, {"q": "Quokkaehrd"}]),
    "bio": ({"bio": f"I kept a {WORD} once."}, [{"q": WORD}, {"q": "Quokkaehrd"}, {"q": f"Ada {WORD}"}]),
    "city": ({"city": WORD}, [{"q": WORD}, {"q": "Quokkahrd"}]),
    "topics": ({}, [{"q": "facilitation"}, {"q": "open space"}, {"topic": "facilitation"}]),
    "languages": ({"languages": ["es"]}, [{"language": "es"}, {"q": "Ada", "language": "es"}]),
    "country": ({}, [{"country": "KE"}, {"region": "africa"}, {"q": "Ada", "country": "KE"}]),
}  # fmt: skip


@pytest.fixture
def ada():
    """Makes a member who tells one part to an audience."""

    def make(part, audience, **more):
        country = factories.country("KE") if part == "country" else None
        member = factories.member("Ada Obi", country=country, **{f"{part}_shown_to": audience}, **TOLD[part][0], **more)
        if part == "topics":
            member.topics.set(Topic.objects.filter(slug="facilitation"))
        return member

    return make


def found(client, parameters):
    """How often each way of asking shows Ada."""
    empty_cache()
    return [client.get("/members/", one).text.count("Ada Obi</a>") for one in parameters]


def offered(client):
    """What the filters count, but for those whom one can ask."""
    choices = client.get("/members/").context["choices"]
    return {choice.filter.name: {option.value: option.count for option in choice.options} for choice in choices[:4]}


@pytest.mark.parametrize("part", TOLD)
def test_part_shown_to_an_audience_is_found_by_it_alone(client, signed_in, ada, part):
    member, asked = ada(part, Audience.MEMBERS), TOLD[part][1]
    other = signed_in(factories.member("Wren Moss").user)
    assert found(client, [*asked, {"q": "Ada"}]) == [0] * len(asked) + [1]
    assert found(other, asked) == [1] * len(asked)
    setattr(member, f"{part}_shown_to", Audience.COORDINATORS)
    member.save()
    assert (found(client, asked), found(other, asked)) == ([0] * len(asked), [0] * len(asked))
    setattr(member, f"{part}_shown_to", Audience.EVERYONE)
    member.save()
    assert (found(client, asked), found(other, asked)) == ([1] * len(asked), [1] * len(asked))


@pytest.mark.parametrize("part", ["topics", "languages", "country"])
def test_part_kept_from_visitors_is_not_counted_for_them(client, signed_in, ada, part):
    ada(part, Audience.MEMBERS)
    nothing = {"topic": {}, "region": {}, "country": {}, "language": {}}
    assert offered(client) == nothing
    assert offered(signed_in(factories.member("Wren Moss").user)) != nothing


def test_profile_for_members_is_found_by_no_visitor_whatever_its_parts_say(client, ada):
    ada("headline", Audience.EVERYONE, visibility="members")
    assert found(client, TOLD["headline"][1] + [{"q": "Ada"}]) == [0, 0, 0, 0]


# --- the listings stay true -----------------------------------------------------------------------------------------
def listed():
    """(level, name, topics, open to requests) of each row."""
    rows = Member.objects.order_by("listings__level").values_list(
        "listings__level", "listings__name", "listings__topics", "listings__takes_requests"
    )
    return [row for row in rows if row[0] is not None]


def test_listings_follow_members_accounts_and_topics(ada):
    member, topic = ada("topics", Audience.EVERYONE), Topic.objects.get(slug="facilitation").pk
    assert listed() == [(0, "ada obi", [topic], True), (1, "ada obi", [topic], True)]
    member.topics.clear()
    member.user.name = "Ádá Obi-Lund"
    member.user.save()
    Member.objects.update(takes_requests=False, visibility="members")
    assert listed() == [(1, "ada obi lund", [], False)]


@pytest.mark.parametrize("leave", [
    lambda member: membership.make_alumni(member),
    lambda member: type(member.user).objects.filter(pk=member.user_id).update(is_active=False),
    lambda member: member.delete(),
    lambda member: member.user.delete(),
])  # fmt: skip
def test_listings_end_with_the_membership(client, ada, leave):
    leave(ada("topics", Audience.EVERYONE))
    assert (listed(), found(client, [{"q": "Ada"}, {"topic": "facilitation"}])) == ([], [0, 0])


# --- those who can be asked -----------------------------------------------------------------------------------------
def test_filter_of_those_open_to_requests_is_a_box_with_its_count(client, ada):
    ada("headline", Audience.EVERYONE, takes_requests=False)
    factories.member("Wren Moss")
    text = client.get("/members/").text
    assert 'type="checkbox" name="open" value="1"' in text
    assert "Open to requests (1)" in text
    response = client.get("/members/?open=1")
    assert [member.user.name for member in response.context["page_obj"]] == ["Wren Moss"]
    assert 'value="1" checked' in response.text


# --- nonsense -------------------------------------------------------------------------------------------------------
GARBAGE = ["🦀" * 500, "\x01", "' & | ! <-> :*", "a' <-> 'b':*",
           "((", "\\", "\\'", "%%%s%(level)s{0}", "{narrowing}",
           "x" * 10_000, "ж " * 5000, "\u202e\u0301",
          "=ada", "~ada", "@ada", "#1", "NULL", "1e999", "a\tb"]  # fmt: skip


@pytest.mark.parametrize("parameter", ["q", "topic", "region", "country", "language", "open", "page", "view", "sort"])
def test_garbage_in_a_parameter_is_answered_in_order(client, ada, parameter):
    ada("headline", Audience.EVERYONE)
    answers = {one: client.get("/members/", {parameter: one}).status_code for one in GARBAGE}
    assert {one: code for one, code in answers.items() if code != 200} == {}
    assert client.get("/members/", {parameter: "a\0b"}).status_code in {200, 400}
