"""Finding members: by words that may be mistyped, and by filters that say how many they leave."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.directory.models import Member
from members.directory.views import PER_PAGE
from portal.group.models import Topic
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db


NOTHING = {"topic": {}, "region": {}, "country": {}, "language": {}, "open": {}}


def names(response):
    return [member.user.name for member in response.context["page_obj"]]


def counts(response):
    """What each filter offers, as {"topic": {"facilitation": 2}}."""
    offered = response.context["choices"]
    return {choice.filter.name: {option.value: option.count for option in choice.options} for choice in offered}


@pytest.fixture
def found(client):
    """Whom a visitor finds, in order."""
    return lambda q, **filters: names(client.get("/members/", {"q": q, **filters}))


@pytest.fixture
def somebody():
    """A member who knows about topics, given by their address words."""

    def make(name, *topics, country=None, **profile):
        member = factories.member(name, country=country and factories.country(country), **profile)
        member.topics.set(Topic.objects.filter(slug__in=topics))
        return member

    return make


@pytest.fixture
def three(somebody):
    somebody("Ada Obi", "facilitation", "social-learning", country="KE", languages=["en", "fr"])
    somebody("Luz Ocampo", "facilitation", country="EC", languages=["es"])
    somebody("Wren Moss", "social-learning", country="KE", languages=["en"])


# --- words ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "q"),
    [
        *((field, q) for field in ("headline", "bio", "city") for q in ("mangroves", "MANGROVE", "mangr", "mangorve")),
        ("headline", "mangrobe"),
        ("city", "mangrobe"),  # in the long text letters may be swapped, not wrong
    ],
)
def test_search_finds_words_of_the_profile_begun_mistyped_and_in_other_forms(found, somebody, field, q):
    somebody("Ada Obi", **{field: "mangroves"})
    somebody("Wren Moss", **{field: "glaciers"})
    assert found(q) == ["Ada Obi"]


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("Małgorzata Świderek", "swiderek"),
        ("Zoë Ñandú", "zoe nandu"),
        ("Zoe Nandu", "Zoë Ñandú"),
        ("Wanjirũ Kamande", "wanjiru kmaande"),
        ("Wanjirũ Kamande", "Kamanda"),
        ("Ada Obi", "obi, ada"),
        ("Ada Obi", "Ada Oby"),
        ("Noor Al-Hadidi", "hadidi"),
        ("王小明", "小明"),
        ("नमिता देवी", "नमिता"),
        ("X", "x"),
    ],
)
def test_search_finds_names(found, somebody, name, q):
    somebody(name)
    somebody("Tevita Loloma")
    assert found(q) == [name]


@pytest.mark.parametrize(
    ("bio", "q"),
    [
        ("She trained teachers.", "training teacher"),
        ("J’anime des ateliers participatifs.", "atelier participatif"),
        ("Formation des éducatrices", "educatrice"),
        ("Nous avons formé des enseignants.", "former enseignant"),
        ("Facilitación de talleres", "taller facilitacion"),
        ("Enseñanza rural", "ensenanzas rurales"),
        ("Trabajo con niños", "niño"),
    ],
)
def test_search_forgives_word_forms_of_three_languages(found, somebody, bio, q):
    somebody("Ada Obi", bio=bio)
    somebody("Wren Moss", bio="Glaciers")
    assert found(q) == ["Ada Obi"]


@pytest.mark.parametrize("q", ["facilitation", "facilitación", "open space", "animation de groupe", "facilitaton"])
def test_search_finds_topics_by_their_names_and_synonyms_in_any_language(found, three, q):
    assert found(q) == ["Ada Obi", "Luz Ocampo"]


def test_search_takes_all_words_together_wherever_each_stands(found, three):
    assert (found("luz facilitation"), found("wren facilitation")) == (["Luz Ocampo"], [])


def test_search_leaves_out_little_words(found, somebody):
    somebody("Ada Obi", headline="Teacher in Kisumu")
    assert found("the teacher of Kisumu") == ["Ada Obi"]


def test_search_shows_the_best_match_first(found, somebody):
    somebody("Ana Bio", bio="Once I met a Rivera and a teacher.")
    somebody("Ana Head", headline="Rivera school")
    somebody("Ana Nearly Riveira")
    somebody("Zoe Rivera")
    assert found("Rivera") == ["Zoe Rivera", "Ana Nearly Riveira", "Ana Head", "Ana Bio"]


def test_search_follows_a_changed_profile(found, somebody):
    member = somebody("Ada Obi", bio="Glaciers")
    member.bio = "Mangroves"
    member.save()
    assert (found("glacier"), found("mangrove")) == ([], ["Ada Obi"])


# --- who is seen ----------------------------------------------------------------------------------------------------
def test_search_neither_finds_nor_counts_whom_the_reader_may_not_see(client, signed_in, somebody):
    hidden = somebody("Ada Obi", "facilitation", country="KE", languages=["fr"], visibility="members",
                      headline="Weaver", bio="Mangroves", city="Kisumu")  # fmt: skip
    somebody("Wren Moss")
    for q in ["Ada", "weaver", "mangrove", "Kisumu", "facilitation"]:
        response = client.get("/members/", {"q": q})
        assert (names(response), counts(response)) == ([], NOTHING)
    assert counts(client.get("/members/"))["topic"] == {}
    assert "Ada Obi" not in client.get("/members/?topic=facilitation&country=KE").text
    assert names(signed_in(hidden.user).get("/members/?q=weaver")) == ["Ada Obi"]


@pytest.mark.parametrize("status", ["unclaimed", "alumni"])
def test_search_finds_nobody_who_is_no_member_now(found, somebody, status):
    somebody("Ada Obi", status=status, left_at="2026-01-01T00:00Z" if status == "alumni" else None)
    assert found("Ada") == []


# --- filters --------------------------------------------------------------------------------------------------------
def test_filters_say_how_many_members_each_choice_would_leave(client, three):
    assert counts(client.get("/members/")) == {
        "topic": {"facilitation": 2, "social-learning": 2},
        "region": {"africa": 2, "meso-south-america": 1},
        "country": {"KE": 2, "EC": 1},
        "language": {"en": 2, "fr": 1, "es": 1},
        "open": {"1": 3},
    }


def test_filters_combine_and_each_counts_under_the_others(client, three):
    response = client.get("/members/?topic=facilitation&region=africa")
    assert names(response) == ["Ada Obi"]
    assert counts(response) == {
        "topic": {"facilitation": 1, "social-learning": 2},
        "region": {"africa": 1, "meso-south-america": 1},
        "country": {"KE": 1},
        "language": {"en": 1, "fr": 1},
        "open": {"1": 1},
    }


def test_filters_count_what_is_left_indeed(client, three):
    for name, options in counts(client.get("/members/?q=a")).items():
        for value, number in options.items():
            assert len(names(client.get("/members/", {"q": "a", name: value}))) == number


def test_filters_and_words_combine(found, three):
    assert found("social learning", language="fr", country="KE") == ["Ada Obi"]


def test_filter_that_leaves_nobody_is_still_offered_when_chosen(client, three):
    response = client.get("/members/?q=Wren&topic=facilitation")
    assert (names(response), counts(response)["topic"]) == ([], {"facilitation": 0, "social-learning": 1})
    assert "Show all members" in response.text


def test_filter_is_taken_back_by_a_link_that_keeps_the_rest(client, three):
    text = client.get("/members/?q=obi&topic=facilitation&language=fr").text
    assert 'href="?q=obi&amp;language=fr"' in text
    assert 'href="?topic=facilitation&amp;language=fr"' in text


def test_pages_keep_words_and_filters(client, somebody):
    for number in range(PER_PAGE + 1):
        somebody(f"Person {number:02}", country="KE")
    first = client.get("/members/?q=person&country=KE")
    assert 'href="?q=person&amp;country=KE&amp;page=2"' in first.text
    assert len(names(client.get("/members/?q=person&country=KE&page=2"))) == 1


# --- parts ----------------------------------------------------------------------------------------------------------
def test_list_gives_htmx_the_found_alone_and_the_address_of_the_state(client, three):
    asked = {"hx-request": "true", "hx-trigger-name": "topic"}
    part = client.get("/members/?q=&topic=facilitation&region=", headers=asked)
    assert ("<html" in part.text, 'id="q"' in part.text, names(part)) == (False, False, ["Ada Obi", "Luz Ocampo"])
    assert (part["HX-Push-Url"], "HX-Replace-Url" in part) == ("/members/?topic=facilitation", False)
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in client.get("/members/?topic=facilitation")["Vary"]


def test_list_while_somebody_types_takes_no_step_in_the_history(client, three):
    asked = {"hx-request": "true", "hx-trigger-name": "q"}
    part = client.get("/members/?q=", headers=asked)
    assert (part["HX-Replace-Url"], "HX-Push-Url" in part) == ("/members/", False)


# --- nonsense -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "parameters",
    [{"topic": "nothing"}, {"region": "%"}, {"country": "ke"}, {"language": "de"}, {"page": "-1"}, {"page": "9" * 5000},
     {"topic": "x" * 5000}, {"country": "'"}],
)  # fmt: skip
def test_parameters_that_mean_nothing_are_left_out(client, three, parameters):
    response = client.get("/members/", parameters)
    assert (response.status_code, names(response)) == (200, ["Ada Obi", "Luz Ocampo", "Wren Moss"])


@pytest.mark.parametrize(
    "q",
    ["%", "_", "%_'\"", "':*", "!!", "&", "\\", "(", "🦀", "…", "½", "（", "x" * 20_000, "mot " * 5000, "\u0301",
     "\ufffd", "<q>", "1' OR '1'='1", "\u202e", "9" * 99, "a' | z & !b:*", "zz\\m.*", "qqqq " * 50, "\ufdfa" * 100],
)  # fmt: skip
def test_search_for_nonsense_finds_nobody_in_order(client, three, q):
    response = client.get("/members/", {"q": q})
    assert (response.status_code, names(response)) == (200, [])


def test_search_with_nul_is_refused(client):
    assert client.get("/members/?q=a%00b").status_code == 400


# --- the database ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["?q=ada+facilitation", "?topic=facilitation&country=KE&language=en"])
def test_search_takes_as_many_queries_for_thirty_as_for_one(client, somebody, path):
    path = f"/members/{path}"

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert len(names(client.get(path))) == min(Member.objects.count(), PER_PAGE)
        return len(captured)

    somebody("Ada Obi", "facilitation", country="KE", languages=["en"])
    client.get(path)
    one = asked()
    for _number in range(29):
        somebody("Ada Obi", "facilitation", "social-learning", country="KE", languages=["en"])
    empty_cache()
    client.get(path)
    assert asked() == one
