"""The directory: who sees whom, and how members tell about themselves."""

import pytest
from django.core.files.storage import default_storage

from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.views import PER_PAGE
from portal.group.models import Topic
from tests import factories, pictures

pytestmark = pytest.mark.django_db


def names(response):
    return [member.user.name for member in response.context["page_obj"]]


@pytest.fixture
def people():
    factories.member("Öpen Person")
    factories.member("Hidden Person", visibility="members")
    gone = factories.member("Gone Person").user
    gone.is_active = False
    gone.save()


def test_member_list_shows_visitors_open_profiles(client, people):
    assert names(client.get("/members/")) == ["Öpen Person"]


def test_member_list_shows_applicants_what_visitors_see(signed_in, people):
    assert names(signed_in(factories.user()).get("/members/")) == ["Öpen Person"]


def test_member_list_shows_members_everybody_by_name_without_accents(signed_in, people):
    member = factories.member("ñandú zoë")
    assert names(signed_in(member.user).get("/members/")) == ["Hidden Person", "ñandú zoë", "Öpen Person"]


def test_member_list_shows_staff_everybody(signed_in, people):
    assert names(signed_in(factories.moderator()).get("/members/")) == ["Hidden Person", "Öpen Person"]


def test_member_list_tells_who_is_no_member_that_it_is_not_whole(client, signed_in, people):
    readers = [
        client,
        signed_in(factories.user()),
        signed_in(factories.member().user),
        signed_in(factories.moderator()),
    ]
    told = ["for members only" in reader.get("/members/").text for reader in readers]
    assert told == [True, True, False, False]


def test_member_list_is_paged(client):
    for number in range(PER_PAGE + 1):
        factories.member(f"Person {number:02}")
    assert [len(names(client.get(f"/members/?page={page}"))) for page in (1, 2)] == [PER_PAGE, 1]


def test_member_page_shows_what_was_told_and_no_address(client):
    member = factories.member("Ada Obi", email="ada@example.org", headline="Teacher", bio="<b>I</b>", city="Kisumu")
    member.country, member.languages = factories.country(), ["fr"]
    member.save()
    member.topics.add(Topic.objects.get(slug="facilitation"))
    text = client.get(member.get_absolute_url()).text
    wanted = ["Ada Obi", "Teacher", "&lt;b&gt;I&lt;/b&gt;", "Kisumu, Kenya", "Français", "Facilitation"]
    assert [word for word in wanted if word not in text] == []
    assert "ada@example.org" not in text


def test_member_page_shows_what_they_wrote(client):
    author = factories.member("Ada Obi").user
    factories.approved(author, headline="Published")
    factories.submitted(author, headline="Waiting")
    text = client.get(author.member.get_absolute_url()).text
    assert ("Published" in text, "Waiting" in text) == (True, False)


def test_member_page_for_members_only_is_not_for_search_engines(signed_in):
    member = factories.member(visibility="members")
    assert '<meta name="robots" content="noindex">' in signed_in(member.user).get(member.get_absolute_url()).text


# --- the profile ----------------------------------------------------------------------------------------------------
PROFILE = {"name": "Ada Obi", "visibility": "members", "language": "en"}


@pytest.fixture
def ada(signed_in):
    member = factories.member("Ada Obi")
    return member, signed_in(member.user)


def test_profile_saved_keeps_everything_that_was_told(ada):
    member, client = ada
    topics = [topic.pk for topic in Topic.objects.all()[:2]]
    data = {"name": " Ada Obi-Lund ", "headline": "Teacher", "bio": "Ask me.", "city": "Kisumu", "language": "es",
            "country": factories.country().pk, "topics": topics, "languages": ["fr", "en"],
            "visibility": "everyone"}  # fmt: skip
    assert client.post("/me/profile/", data)["Location"] == member.get_absolute_url()
    saved = Member.objects.select_related("user").get()
    assert (saved.user.name, saved.user.language) == ("Ada Obi-Lund", "es")
    assert (saved.headline, saved.bio, saved.city, saved.country.code) == ("Teacher", "Ask me.", "Kisumu", "KE")
    assert (sorted(saved.languages), set(saved.topics.values_list("pk", flat=True))) == (["en", "fr"], set(topics))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"headline": "x" * 121}, "headline"),
        ({"bio": "x" * 2001}, "bio"),
        ({"country": "0"}, "country"),
        ({"topics": ["0"]}, "topics"),
        ({"languages": ["de"]}, "languages"),
        ({"visibility": "nobody"}, "visibility"),
    ],
)
def test_profile_with_bad_input_is_answered_at_the_field_and_keeps_what_was_typed(ada, change, field):
    _member, client = ada
    response = client.post("/me/profile/", PROFILE | {"city": "Kisumu by the lake"} | change)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert "Kisumu by the lake" in response.text
    assert Member.objects.get().city == ""


def test_profile_shows_what_is_known(ada):
    member, client = ada
    member.languages = ["fr"]
    member.save()
    member.topics.add(topic := Topic.objects.first())
    form = client.get("/me/profile/").context["form"]
    assert (form["name"].initial, form["languages"].initial) == ("Ada Obi", ["fr"])
    assert list(form["topics"].initial) == [topic]


def test_profile_shows_topics_by_kind_and_how_many_are_chosen(ada):
    member, client = ada
    asked = [client.get("/me/profile/")]
    member.topics.set(Topic.objects.all()[:3])
    asked.append(client.get("/me/profile/"))
    assert ["none chosen yet" in asked[0].text, "3 chosen" in asked[1].text] == [True, True]
    kinds = [kind for kind, _topics in asked[1].context["form"]["topics"].field.choices]
    assert kinds == [kind.label for kind in Topic.Kind if Topic.objects.filter(kind=kind).exists()]


def test_profile_portrait_is_kept_as_an_upright_square_without_metadata(ada):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {"new_portrait": pictures.on_its_side()})
    portrait = Member.objects.get().portrait
    assert (portrait.width, portrait.height, portrait.name.endswith(".webp")) == (480, 480, True)


def test_profile_portrait_replaced_deletes_the_old_file(ada, committed):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {"new_portrait": pictures.jpeg()})
    old = Member.objects.get().portrait.name
    with committed():
        client.post("/me/profile/", PROFILE | {"new_portrait": pictures.jpeg()})
    new = Member.objects.get().portrait.name
    assert (default_storage.exists(old), default_storage.exists(new)) == (False, True)


def test_profile_portrait_removed_is_gone(ada, committed):
    _member, client = ada
    client.post("/me/profile/", PROFILE | {"new_portrait": pictures.jpeg()})
    old = Member.objects.get().portrait.name
    with committed():
        client.post("/me/profile/", PROFILE | {"remove_portrait": "on"})
    assert (Member.objects.get().portrait.name, default_storage.exists(old)) == ("", False)


@pytest.mark.parametrize("what", pictures.SENT)
def test_profile_portrait_that_cannot_be_taken_is_refused_at_the_field(ada, what):
    _member, client = ada
    response = client.post("/me/profile/", PROFILE | {"city": "Kisumu", "new_portrait": pictures.REFUSED[what]()})
    assert list(response.context["form"].errors) == ["new_portrait"]
    assert "Kisumu" in response.text


def test_profile_of_who_is_no_member_leads_to_joining(signed_in):
    assert signed_in(factories.user()).get("/me/profile/")["Location"] == "/join/"


# --- joining --------------------------------------------------------------------------------------------------------
def apply(client, **changes):
    return client.post("/join/", {"country": factories.country().pk, "motivation": "I teach.", **changes})


def test_join_page_tells_visitors_the_way(client):
    text = client.get("/join/").text
    assert ("/accounts/signup/" in text, "/accounts/login/?next=/join/" in text) == (True, True)


def test_join_form_is_handed_in_once(signed_in):
    client = signed_in(factories.user("Ada Obi"))
    assert apply(client)["Location"] == "/me/"
    assert "Your application is with the coordinators" in client.get("/join/").text
    response = apply(client)
    assert response.context["form"].non_field_errors() == ["Your application is already with the coordinators."]


@pytest.mark.parametrize(
    ("change", "field"), [({"country": ""}, "country"), ({"motivation": ""}, "motivation"),
                          ({"motivation": "x" * 2001}, "motivation")]
)  # fmt: skip
def test_join_form_with_bad_input_is_answered_at_the_field(signed_in, change, field):
    client = signed_in(factories.user())
    response = apply(client, **change)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])


def test_join_page_after_a_decline_shows_the_reason_and_the_form(signed_in):
    from members.joining import services  # beside its only use

    applicant = factories.user()
    services.decline(factories.application(applicant), by=factories.coordinator(), reason="Tell us more.")
    response = signed_in(applicant).get("/join/")
    assert ("Tell us more." in response.text, 'name="motivation"' in response.text) == (True, True)


def test_own_page_shows_the_one_next_thing(signed_in):
    applicant, bare, told = factories.user(), factories.member(), factories.member(headline="Teacher")
    writer = factories.draft(factories.member(headline="Writer").user).author
    urls = [getattr(signed_in(person).get("/me/").context["next_thing"], "url", None)
            for person in (applicant, bare.user, told.user)]  # fmt: skip
    assert urls == ["/join/", "/me/profile/", None]
    assert signed_in(writer).get("/me/").context["next_thing"].url.endswith("/edit/")


# --- on the home page -----------------------------------------------------------------------------------------------
def test_home_counts_the_countries_that_visitors_find(client):
    factories.member("Open Person", country=factories.country("KE"))
    factories.member("Quiet Person", country=factories.country("EC"), country_shown_to=Audience.MEMBERS)
    factories.member("Hidden Person", country=factories.country("SN"), visibility="members")
    text = client.get("/").text
    assert ("<b>3</b>members" in text, "<b>1</b>country" in text) == (True, True)


def test_home_counts_no_country_where_none_is_shown(client):
    factories.member("Hidden Person", country=factories.country("SN"), visibility="members")
    assert "<b>0</b>" not in client.get("/").text
