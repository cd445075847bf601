"""Whom coordinators are told to look at: people who may have come twice."""

import pytest

from members.directory import services as directory
from members.joining import services as joining
from members.joining.likeness import likenesses
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
DESK = "/admin/members/membershipapplication/"


def told(application):
    """Who might be the same person, with the reasons."""
    return [(one.user.name, one.reasons) for one in likenesses([application])[application.pk]]


@pytest.mark.parametrize(
    ("here", "comes", "reasons"),
    [
        ("Zoë Ñandú", "zoe nandu", ["the same name"]),
        ("王小明", "王小明", ["the same name"]),
        ("Obi Ada", "Ada Obi", ["nearly the same name"]),
        ("Jon Smith", "John Smith", ["nearly the same name"]),
        ("Wanjirũ Kamande", "Wanjiru Kamanda", ["nearly the same name"]),
    ],
)
def test_applicant_of_the_same_or_nearly_the_same_name_might_be_known(here, comes, reasons):
    factories.member(here)
    assert told(factories.application(factories.user(comes))) == [(here, reasons)]


def test_applicant_of_another_name_is_not_known():
    factories.member("Maria Silva")
    assert told(factories.application(factories.user("Maria Santos"))) == []


@pytest.mark.parametrize("link", ["https://example.org/ada", "http://www.example.org/ada/"])
def test_applicant_with_a_members_link_might_be_known(link):
    directory.set_links(factories.member("Somebody Else"), [link])
    application = factories.application(links=["https://example.org/ada"])
    assert told(application) == [("Somebody Else", ["the same link"])]


def test_applicant_with_the_link_of_an_earlier_application_might_be_known():
    earlier = factories.application(factories.user("Somebody Else"), links=["https://example.org/ada"])
    joining.decline(earlier, by=factories.coordinator(), reason="No.")
    application = factories.application(links=["https://www.example.org/ada"])
    assert told(application) == [("Somebody Else", ["the same link"])]


def test_applicant_of_the_same_name_and_link_is_told_once():
    directory.set_links(factories.member("Ada Obi"), ["https://example.org/ada"])
    application = factories.application(links=["https://example.org/ada"])
    assert told(application) == [("Ada Obi", ["the same name", "the same link"])]


def test_applicant_is_not_likened_to_closed_accounts_or_to_themselves():
    User.objects.filter(pk=factories.user("Ada Obi").pk).update(is_active=False)
    person = factories.user("Ada Obi")
    first = factories.application(person, links=["https://example.org/a"])
    joining.decline(first, by=factories.coordinator(), reason="No.")
    assert told(factories.application(person, links=["https://example.org/a"])) == []


def test_likenesses_of_many_take_as_many_queries_as_of_one(django_assert_num_queries):
    some = [factories.application(links=[f"https://example.org/{number}"]) for number in range(4)]
    directory.set_links(factories.member("Ada Obi"), ["https://example.org/2"])
    for few in (some[:1], some):
        with django_assert_num_queries(4):
            assert [len(found) for found in likenesses(few).values()] == [4] * len(few)


# --- at the desk ----------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def test_desk_shows_who_an_applicant_might_be_and_the_way_to_merge(desk):
    known = factories.member("<b>Ada</b> Obi").user
    application = factories.application(factories.user("<b>Ada</b> Obi"))
    text = desk.get(f"{DESK}{application.pk}/change/").text
    wanted = [f"/admin/portal/user/{known.pk}/change/", "&lt;b&gt;Ada&lt;/b&gt; Obi", "the same name",
              f"/admin/portal/user/{known.pk}/merge/?other={application.user_id}"]  # fmt: skip
    assert [words for words in wanted if words not in text] == []


def test_desk_list_flags_open_applications_of_who_may_be_known(desk):
    factories.member("Ada Obi")
    decided = joining.decline(factories.application(), by=factories.coordinator(), reason="No.")
    waiting, other = factories.application(), factories.application(factories.user("Wren Kakegamic"))
    rows = {row.pk: bool(row.might_be) for row in desk.get(DESK).context["cl"].result_list}
    assert rows == {decided.pk: False, waiting.pk: True, other.pk: False}
