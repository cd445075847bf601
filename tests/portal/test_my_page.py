"""My page: what waits for me, for whom I wait, and everything else of mine, in a fixed number of questions."""

import pytest

from members.joining import services as joining
from members.membership import services as membership
from portal.contacts.models import Contact
from tests import factories

pytestmark = pytest.mark.django_db


def page(signed_in, person):
    return signed_in(person).get("/me/")


def test_page_of_somebody_new_says_how_to_join(signed_in):
    text = page(signed_in, factories.user()).text
    assert "You have an account, and are no member yet" in text
    assert "Apply" in text


def test_page_of_an_applicant_says_where_the_application_is(signed_in):
    person = factories.user()
    application = factories.application(person)
    assert "Your application is with the coordinators" in page(signed_in, person).text
    joining.ask(application, by=factories.coordinator(), question="Which park?")
    assert "Which park?" in page(signed_in, person).text


def test_page_of_a_declined_applicant_says_why(signed_in):
    person = factories.user()
    joining.decline(factories.application(person), by=factories.coordinator(), reason="Tell us more next time.")
    assert "Tell us more next time." in page(signed_in, person).text


def test_page_lists_what_waits_for_others_the_longest_first(signed_in):
    person = factories.member().user
    for headline in ("First piece", "Second piece"):
        factories.submitted(person, headline=headline)
    factories.submitted(headline="Somebody else's")
    waiting = page(signed_in, person).context["waiting"]
    assert [(one.title, one.with_whom) for one in waiting] == [
        ("First piece", "with the coordinators"), ("Second piece", "with the coordinators"),
    ]  # fmt: skip


def test_page_of_alumni_shows_that_they_asked_to_come_back(signed_in):
    alumni = membership.make_alumni(factories.member())
    membership.ask_to_return(alumni)
    assert [one.title for one in page(signed_in, alumni.user).context["waiting"]] == ["Your wish to be a member again"]


def test_page_says_kindly_what_a_profile_could_tell(signed_in):
    member = factories.member(headline="Teacher", bio="Ask me.", languages=["en"], country=factories.country())
    found = page(signed_in, member.user).context["completeness"]
    assert (found.told, found.parts) == (4, 7)
    assert found.missing == ["what somebody could ask you about", "a picture", "where else you are found"]


def test_page_leads_to_data_mails_second_step_and_passkeys(signed_in):
    person = factories.with_second_factor(factories.member().user)
    contact = Contact.objects.of(person.email, user=person)
    text = page(signed_in, person).text
    for path in ("/me/data/", contact.personal_path, "/accounts/2fa/", "/accounts/2fa/webauthn/"):
        assert f'href="{path}"' in text
    assert "an app, in use" in text
