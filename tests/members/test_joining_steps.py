"""From an application to a member: every decision from every state, and who may take it."""

import pytest

from members.directory import services as directory
from members.directory.models import Member
from members.joining import services
from members.joining.models import MembershipApplication
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

DECIDED = "This application has been decided already."
OWN = "Nobody decides on their own application."
ASKED = "The applicant was asked already and has not answered yet."
NOT_ASKED = "Nothing more was asked of you."
STEPS = {
    "approve": lambda application, by: services.approve(application, by=by),
    "decline": lambda application, by: services.decline(application, by=by, reason="Tell us more."),
    "ask": lambda application, by: services.ask(application, by=by, question="Which park?"),
    "answer": lambda application, _by: services.hand_in_again(application, motivation="I teach in Nairobi’s park."),
}
DECISIONS = ["approve", "decline", "ask"]
# Each action from each state: the state it leads to, or the words it is refused with.
TRANSITIONS = {
    "approve": {"submitted": "approved", "asked": "approved", "approved": DECIDED, "declined": DECIDED},
    "decline": {"submitted": "declined", "asked": "declined", "approved": DECIDED, "declined": DECIDED},
    "ask": {"submitted": "asked", "asked": ASKED, "approved": DECIDED, "declined": DECIDED},
    "answer": {"submitted": NOT_ASKED, "asked": "submitted", "approved": NOT_ASKED, "declined": NOT_ASKED},
}
ALLOWED = [(action, state) for action, row in TRANSITIONS.items() for state, end in row.items() if end in row]
REFUSED = [(action, state) for action, row in TRANSITIONS.items() for state, end in row.items() if end not in row]


def in_state(state):
    step = {"approved": "approve", "declined": "decline", "asked": "ask"}.get(state)
    made = factories.application()
    return STEPS[step](made, factories.coordinator()) if step else made


def everything():
    """All that a decision could change."""
    return list(MembershipApplication.objects.values()), Member.objects.count(), OutgoingMail.objects.count()


def mails():
    return list(OutgoingMail.objects.order_by("created_at").values_list("kind", flat=True))


@pytest.mark.parametrize(("action", "state", "members"), [("approve", "approved", 1), ("decline", "declined", 0)])
def test_application_decision_leads_on(action, state, members):
    application, by = factories.application(), factories.coordinator()
    after = STEPS[action](application, by)
    assert (after.status, after.decided_by, after.decided_at is None) == (state, by, False)
    assert Member.objects.filter(user=application.user).count() == members


@pytest.mark.parametrize(("action", "state"), ALLOWED)
def test_application_step_leads_on(action, state):
    after = STEPS[action](in_state(state), factories.coordinator())
    after.refresh_from_db()
    assert after.status == TRANSITIONS[action][state]


@pytest.mark.parametrize(("action", "state"), REFUSED)
def test_application_step_from_a_wrong_state_is_refused_and_writes_nothing(action, state):
    application = in_state(state)
    before = everything()
    with pytest.raises(services.JoiningError) as refusal:
        STEPS[action](application, factories.coordinator())
    assert str(refusal.value) == TRANSITIONS[action][state]
    assert everything() == before


@pytest.mark.parametrize("action", DECISIONS)
def test_application_decision_on_own_is_refused_and_writes_nothing(action):
    applicant = factories.coordinator()
    application = factories.application(applicant)
    before = everything()
    with pytest.raises(services.JoiningError) as refusal:
        STEPS[action](application, applicant)
    assert str(refusal.value) == OWN
    assert everything() == before


def test_application_decline_without_reason_is_refused_and_writes_nothing():
    application = factories.application()
    before = everything()
    with pytest.raises(services.JoiningError) as refusal:
        services.decline(application, by=factories.coordinator(), reason="")
    assert str(refusal.value) == "Write a reason: the applicant will read it."
    assert everything() == before


@pytest.mark.parametrize(("action", "kind"), [("approve", "welcome"), ("decline", "declined"), ("ask", "asked")])
def test_application_decision_writes_a_mail(action, kind):
    STEPS[action](factories.application(), factories.coordinator())
    assert mails() == ["application_received", kind]


def test_application_declined_mail_holds_the_reason():
    services.decline(factories.application(), by=factories.coordinator(), reason="Tell us about your park.")
    mail = OutgoingMail.objects.get(kind="declined")
    assert ["Tell us about your park." in body for body in (mail.text, mail.html)] == [True, True]


def test_application_of_a_member_is_refused_and_writes_nothing():
    member = factories.member()
    before = everything()
    with pytest.raises(services.JoiningError) as refusal:
        factories.application(member.user)
    assert str(refusal.value) == "You are a member already."
    assert everything() == before


def test_application_while_one_waits_is_refused_and_writes_nothing():
    applicant = factories.application().user
    before = everything()
    with pytest.raises(services.JoiningError) as refusal:
        factories.application(applicant)
    assert str(refusal.value) == "Your application is already with the coordinators."
    assert everything() == before


def test_application_after_a_declined_one_is_taken():
    applicant = in_state("declined").user
    assert factories.application(applicant).is_waiting


def test_application_approved_gives_a_profile_for_members_only_in_the_country_given():
    application = factories.application(factories.user("Zoë Ñandú"))
    services.approve(application, by=factories.coordinator())
    member = Member.objects.get()
    assert (member.visibility, member.country.code, member.slug) == ("members", "KE", "zoe-nandu")


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Ada Obi", "Ada Obi", "Ada  Obi"], ["ada-obi", "ada-obi-2", "ada-obi-3"]),
        (["Blogs", "New"], ["blogs-2", "new-2"]),
    ],
)
def test_member_slug_that_is_taken_or_reserved_gets_a_number(names, slugs):
    assert [factories.member(name).slug for name in names] == slugs


def test_member_slug_of_a_name_in_another_script_is_a_made_up_word():
    slug = factories.member("王小明").slug
    assert (slug[:7], len(slug)) == ("member-", 13)


def test_member_enrolled_twice_stays_one():
    member = factories.member(headline="Teacher")
    again = directory.enrol(member.user)
    assert (again.pk, again.headline, Member.objects.count()) == (member.pk, "Teacher", 1)


def test_own_page_offers_joining_until_an_application_waits(signed_in):
    applicant = factories.user()
    client = signed_in(applicant)
    texts = [client.get("/me/").text]
    factories.application(applicant)
    texts.append(client.get("/me/").text)
    assert ["/join/" in text.split("About me</h2>")[1].split("</nav>")[0] for text in texts] == [True, False]
