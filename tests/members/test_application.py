"""The application itself: what it asks, a coordinator's question and the answer, and how long it waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.directory.models import Link, Member
from members.joining import services
from members.joining.models import MembershipApplication
from portal.group.models import Topic
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
DESK = "/admin/members/membershipapplication/"


def post(client, **changes):
    return client.post("/join/", {"country": factories.country().pk, "motivation": "I teach.", **changes})


@pytest.fixture
def asked():
    """Who was asked for more, and their application."""
    application = factories.application(factories.user("Ada Obi"), links=["https://ada.example.org/"])
    return services.ask(application, by=factories.coordinator(), question="Which <b>park</b>?")


# --- what is handed in ----------------------------------------------------------------------------------------------
def test_application_keeps_everything_that_was_told(signed_in):
    topics = list(Topic.objects.all()[:2])
    told = {"topics": [topic.pk for topic in topics], "links": " example.org/blog \r\n\r\nhttp://example.com\n",
            "heard_of": "event", "heard_of_words": "In\r\nNairobi"}  # fmt: skip
    assert post(signed_in(factories.user()), **told)["Location"] == "/me/"
    application = MembershipApplication.objects.get()
    assert application.links == ["https://example.org/blog", "http://example.com"]
    assert (application.heard_of, application.heard_of_words) == ("event", "In Nairobi")
    assert set(application.topics.all()) == set(topics)


LINKS = "\n".join(f"https://example.org/{number}" for number in range(13))
BAD_INPUT = [
    ({"links": "javascript:alert(1)"}, "links", "“https://javascript:alert(1)” is no web address."),
    ({"links": "ftp://example.org/"}, "links", "“ftp://example.org/” is no web address."),
    ({"links": "not a link"}, "links", "“https://not a link” is no web address."),
    ({"links": LINKS}, "links", "Twelve addresses at most"),
    ({"links": f"https://example.org/{'x' * 500}"}, "links", "is too long for us to keep."),
    ({"links": "https://example.org/\0"}, "links", "Null characters are not allowed."),
    ({"motivation": "I\0teach"}, "motivation", "Null characters are not allowed."),
    ({"heard_of_words": "\0"}, "heard_of_words", "Null characters are not allowed."),
    ({"heard_of_words": "x" * 201}, "heard_of_words", "at most 200 characters"),
    ({"heard_of": "dream"}, "heard_of", "not one of the available choices"),
    ({"topics": ["0"]}, "topics", "not one of the available choices"),
]


@pytest.mark.parametrize(("change", "field", "words"), BAD_INPUT)
def test_application_with_bad_input_is_answered_at_the_field_and_keeps_what_was_typed(signed_in, change, field, words):
    typed = {"motivation": "I teach in a park.", "heard_of_words": "A friend", **change}
    response = post(signed_in(factories.user()), **typed)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert words in " ".join(response.context["form"].errors[field])
    kept = [typed[name] for name in ("motivation", "heard_of_words") if name != field]
    assert [text for text in kept if text not in response.text] == []


def test_application_with_a_wrong_link_keeps_all_of_them_as_typed(signed_in):
    response = post(signed_in(factories.user()), links="https://example.org/\nnot a link")
    assert "https://example.org/\nnot a link</textarea>" in response.text


def test_application_approved_gives_the_profile_its_topics_and_links():
    topic = Topic.objects.first()
    application = factories.application(topics=[topic], links=["https://example.org/a", "https://example.org/b"])
    services.approve(application, by=factories.coordinator())
    member = Member.objects.get()
    assert [link.url for link in member.links.all()] == ["https://example.org/a", "https://example.org/b"]
    assert list(member.topics.all()) == [topic]


# --- asked for more -------------------------------------------------------------------------------------------------
def test_application_question_is_mailed_in_the_persons_language():
    person = factories.user(language="fr")
    services.ask(factories.application(person), by=factories.coordinator(), question="Which <b>park</b>?")
    mail = OutgoingMail.objects.get(kind="asked")
    assert ("Which <b>park</b>?" in mail.text, "&lt;b&gt;park&lt;/b&gt;" in mail.html) == (True, True)
    assert ('lang="fr"' in mail.html, "http://localhost:8000/fr/join/" in mail.text) == (True, True)


@pytest.mark.parametrize(("words", "refused"), [("", "Write what you would like to know"), ("x" * 1001, "1000")])
def test_application_question_that_says_nothing_or_too_much_is_refused(words, refused):
    application = factories.application()
    with pytest.raises(services.JoiningError, match=refused):
        services.ask(application, by=factories.coordinator(), question=words)
    application.refresh_from_db()
    assert application.status == "submitted"


def test_applicant_who_was_asked_sees_the_question_and_what_they_wrote(signed_in, asked):
    client = signed_in(asked.user)
    text = client.get("/join/").text
    wanted = ["Which &lt;b&gt;park&lt;/b&gt;?", "I teach in a park.", "https://ada.example.org/</textarea>"]
    assert [words for words in wanted if words not in text] == []
    assert client.get("/me/").context["next_thing"].url == "/join/"


def test_applicant_who_was_asked_changes_it_and_hands_it_in_again(signed_in, asked):
    client, before = signed_in(asked.user), asked.submitted_at
    assert post(client, motivation="I teach in Nairobi’s park.")["Location"] == "/me/"
    asked.refresh_from_db()
    assert (asked.status, asked.motivation, asked.links) == ("submitted", "I teach in Nairobi’s park.", [])
    assert (asked.submitted_at > before, asked.question) == (True, "Which <b>park</b>?")
    assert "Your application is with the coordinators" in client.get("/join/").text


def test_applicant_who_was_asked_keeps_what_was_typed_when_something_is_wrong(signed_in, asked):
    response = post(signed_in(asked.user), motivation="In Nairobi", links="nowhere at all")
    assert (list(response.context["form"].errors), "In Nairobi" in response.text) == (["links"], True)
    asked.refresh_from_db()
    assert (asked.status, asked.motivation) == ("asked", "I teach in a park.")


# --- at the desk ----------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def test_desk_shows_what_was_told_with_markup_as_typed(desk):
    person = factories.user("<i>Ada</i>")
    application = factories.application(
        person, motivation="<script>", links=["https://example.org/<b>"], heard_of="other", heard_of_words="<u>"
    )
    text = desk.get(f"{DESK}{application.pk}/change/").text
    wanted = ["&lt;i&gt;Ada&lt;/i&gt;", "&lt;script&gt;", "https://example.org/&lt;b&gt;", "in another way: &lt;u&gt;"]
    assert [words for words in wanted if words not in text] == []


def test_desk_asks_for_more_and_says_so(desk):
    application = factories.application()
    path = f"{DESK}{application.pk}/change/"
    seen = desk.get(path).context["seen"]
    desk.post(path, {"decision": "ask", "reason": " Which park? ", "seen": seen})
    application.refresh_from_db()
    assert (application.status, application.question) == ("asked", "Which park?")
    assert [str(one.label) for one in desk.get(path).context["decisions"]] == ["Make them a member", "Decline"]


def test_desk_decides_on_nothing_that_was_handed_in_again_meanwhile(desk, asked):
    path = f"{DESK}{asked.pk}/change/"
    seen = desk.get(path).context["seen"]
    services.hand_in_again(asked, motivation="I teach in Nairobi’s park.")
    text = desk.post(path, {"decision": "decline", "reason": "No answer.", "seen": seen}).text
    asked.refresh_from_db()
    assert (asked.status, "This has changed since you opened it." in text) == ("submitted", True)


def test_desk_offers_one_box_for_words(desk):
    text = desk.get(f"{DESK}{factories.application().pk}/change/").text
    assert text.count('id="reason"') == 1


@pytest.mark.parametrize(
    ("days", "words"), [(1, "for us, 1\xa0day"), (5, '<strong class="late">for us, 5\xa0days: late</strong>')]
)
def test_desk_list_says_how_long_an_application_waits(desk, days, words):
    application = factories.application()
    MembershipApplication.objects.filter(pk=application.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    assert words in desk.get(DESK).text


def test_desk_list_says_since_when_the_applicant_has_a_question(desk, asked):
    MembershipApplication.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert "for the applicant, 1\xa0week" in desk.get(f"{DESK}?status__exact=asked").text


# --- links on the profile -------------------------------------------------------------------------------------------
PROFILE = {"name": "Ada Obi", "visibility": "members", "language": "en"}


def test_profile_links_are_kept_in_order_and_shown(signed_in):
    member = factories.member()
    client = signed_in(member.user)
    client.post("/me/profile/", PROFILE | {"links": "https://www.example.org/b/\nexample.org/a"})
    assert list(Link.objects.values_list("url", "position")) == [
        ("https://www.example.org/b/", 1), ("https://example.org/a", 2),
    ]  # fmt: skip
    text = client.get(member.get_absolute_url()).text
    assert text.index('href="https://www.example.org/b/"') < text.index('href="https://example.org/a"')
    assert (
        client.get("/me/profile/").context["form"]["links"].value()
        == "https://www.example.org/b/\nhttps://example.org/a"
    )


def test_profile_links_left_out_are_gone(signed_in):
    member = factories.member()
    Link.objects.create(member=member, url="https://example.org/")
    signed_in(member.user).post("/me/profile/", PROFILE)
    assert Link.objects.count() == 0


@pytest.mark.parametrize("links", ["not a link", LINKS])
def test_profile_links_that_are_wrong_are_answered_at_the_field(signed_in, links):
    response = signed_in(factories.member().user).post("/me/profile/", PROFILE | {"links": links})
    assert list(response.context["form"].errors) == ["links"]
    assert links in response.text


def test_profile_name_stays_on_one_line(signed_in):
    signed_in(factories.member().user).post("/me/profile/", PROFILE | {"name": "Ada\r\nBcc: all@example.org"})
    assert User.objects.get().name == "Ada Bcc: all@example.org"
