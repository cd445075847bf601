"""The life of a membership: every state × action, leaves that end, rounds that ask, and the way back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.directory.models import LEFT, Member
from members.membership import rounds, services
from members.membership.models import Renewal, RenewalRound, ReturnRequest
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
STATES = list(Member.Status)


def in_state(state, name="Ada Obi"):
    member = factories.member(name)
    member.status, member.left_at = state, timezone.now() if state in LEFT else None
    member.save()
    return member


def everything():
    return list(Member.objects.values()), list(ReturnRequest.objects.values()), OutgoingMail.objects.count()


ACTIONS = {
    "go_on_leave": (lambda member: services.go_on_leave(member), ["active", "on_leave"], "on_leave"),
    "come_back": (lambda member: services.come_back(member), ["on_leave"], "active"),
    "make_alumni": (lambda member: services.make_alumni(member), ["active", "on_leave"], "alumni"),
    "remove": (
        lambda member: services.remove(member, by=factories.coordinator()),
        ["unclaimed", "active", "on_leave", "alumni"],
        "removed",
    ),
    "reinstate": (
        lambda member: services.reinstate(member, by=factories.coordinator()),
        ["alumni", "removed"],
        "active",
    ),
    "ask_to_return": (lambda member: services.ask_to_return(member), ["alumni"], "alumni"),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", STATES)
def test_membership_in_a_state_allows_an_action_or_refuses_it_and_changes_nothing(state, action):
    act, allowed, after = ACTIONS[action]
    member = in_state(state)
    before = everything()
    if state in allowed:
        act(member)
        assert Member.objects.get(pk=member.pk).status == after
    else:
        with pytest.raises(services.MembershipError):
            act(member)
        assert everything() == before


@pytest.mark.parametrize(
    ("state", "is_listed"), [("active", True), ("on_leave", True), ("alumni", False), ("removed", False)]
)
def test_membership_that_ended_gives_no_place_and_no_rights(client, signed_in, state, is_listed):
    member = in_state(state)
    listed = [one.pk for one in client.get("/members/").context["page_obj"]] == [member.pk]
    writes = signed_in(member.user).get("/coverage/new/").status_code == 200
    assert (listed, writes) == (is_listed, is_listed)


def test_leave_with_a_day_ends_by_itself_and_is_told_once():
    member, today = factories.member(), timezone.localdate()
    services.go_on_leave(member, until=today + timedelta(days=3))
    assert services.end_leaves(now=timezone.now() + timedelta(days=3)) == 0
    ended = [services.end_leaves(now=timezone.now() + timedelta(days=4)) for _time in range(2)]
    assert (ended, Member.objects.get().status, OutgoingMail.objects.count()) == ([1, 0], "active", 1)


def test_leave_is_taken_and_ended_on_the_own_page(signed_in):
    member = factories.member()
    client = signed_in(member.user)
    client.post("/me/membership/pause/", {"until": ""})
    assert "On leave" in client.get(member.get_absolute_url()).text
    client.post("/me/membership/resume/")
    assert Member.objects.get().status == "active"


def test_leave_until_a_day_that_is_over_is_refused_at_the_field(signed_in):
    response = signed_in(factories.member().user).post("/me/membership/pause/", {"until": "2020-01-01"})
    assert (list(response.context["form"].errors), Member.objects.get().status) == (["until"], "active")


def test_alumni_come_back_by_one_click_and_one_approval(signed_in):
    member = in_state("alumni")
    client = signed_in(member.user)
    client.post("/me/membership/return/")
    client.post("/me/membership/return/")
    services.approve_return(ReturnRequest.objects.get(), by=factories.coordinator())
    assert Member.objects.get().status == "active"
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["return_approved"]


def test_return_declined_leaves_alumni_and_tells_the_reason():
    request = services.ask_to_return(in_state("alumni"))
    services.decline_return(request, by=factories.coordinator(), reason="Not now.")
    assert Member.objects.get().status == "alumni"
    assert "Not now." in OutgoingMail.objects.get(kind="return_declined").text
    with pytest.raises(services.MembershipError):
        services.approve_return(request, by=factories.coordinator())


# --- rounds ---------------------------------------------------------------------------------------------------------
def at(day):
    return timezone.now() + timedelta(days=day)


def kinds():
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


@pytest.fixture
def ada():
    return factories.member("Ada Obi", on=timezone.localdate() - timedelta(days=900))


@pytest.fixture
def opened(ada):
    found = factories.renewal_round()
    rounds.begin(found, by=factories.coordinator())
    rounds.carry_on(found.pk)
    return found


def test_round_asks_every_active_member_once(opened):
    rounds.carry_on(opened.pk)
    assert (kinds(), Renewal.objects.count()) == (["renewal_asked"], 1)


def test_round_leaves_others_in_peace():
    long_ago = timezone.localdate() - timedelta(days=900)
    for state in STATES:
        factories.member(state, on=long_ago)
        gone = timezone.now() if state in LEFT else None
        Member.objects.filter(user__name=state).update(status=state, left_at=gone)
    found = factories.renewal_round()
    assert found.people_to_ask == 1
    rounds.begin(found, by=factories.coordinator())
    rounds.carry_on(found.pk)
    assert [renewal.member.user.name for renewal in Renewal.objects.all()] == ["active"]


@pytest.mark.parametrize(("days", "reminders"), [([9], 0), ([10, 10, 11], 1), ([10, 20, 21], 2), ([20, 21], 1)])
def test_round_reminds_on_its_days_and_nobody_twice(opened, days, reminders):
    for day in days:
        rounds.carry_on(opened.pk, now=at(day))
    assert kinds().count("renewal_reminder") == reminders


def test_round_closed_makes_the_silent_alumni_and_tells_them_once(opened):
    assert opened.people_to_lapse == 1
    rounds.carry_on(opened.pk, now=at(30))
    assert Member.objects.get().status == "active"
    for _time in range(2):
        rounds.carry_on(opened.pk, now=at(31))
    assert (Member.objects.get().status, RenewalRound.objects.get().status) == ("alumni", "closed")
    assert kinds() == ["renewal_asked", "renewal_lapsed", "renewal_reminder"]


def test_round_answered_by_one_click_without_signing_in(client, opened):
    link = Renewal.objects.get().personal_path
    client.get(link)
    assert Renewal.objects.get().status == "asked"
    assert "Good to have you" in client.post(link, {"answer": "stay"}).text
    rounds.carry_on(opened.pk, now=at(31))
    assert (Member.objects.get().status, kinds()) == ("active", ["renewal_asked"])


def test_round_whose_member_is_on_leave_meanwhile_excuses_them(opened, ada):
    services.go_on_leave(ada)
    rounds.carry_on(opened.pk, now=at(31))
    assert (Member.objects.get().status, Renewal.objects.get().status) == ("on_leave", "excused")


def test_round_link_leads_the_silent_back(client, opened):
    rounds.carry_on(opened.pk, now=at(31))
    link = Renewal.objects.get().personal_path
    assert "Your wish is with the coordinators" in client.post(link, {"answer": "return"}).text
    assert ReturnRequest.objects.waiting().count() == 1


def test_round_link_that_is_forged_gives_a_kind_page(client):
    response = client.post("/renew/forged/", {"answer": "stay"})
    assert (response.status_code, "This link leads nowhere" in response.text) == (404, True)


def test_round_cancelled_asks_and_ends_nothing_more(opened):
    rounds.cancel(opened, by=factories.coordinator())
    rounds.carry_on(opened.pk, now=at(31))
    assert (Member.objects.get().status, kinds()) == ("active", ["renewal_asked"])


def test_round_with_days_out_of_order_is_refused_at_the_desk(signed_in):
    data = {"name": "Cycle", "opens_on": "2030-01-01", "first_reminder_on": "2030-03-01",
            "second_reminder_on": "2030-02-01", "closes_on": "2030-04-01"}  # fmt: skip
    response = signed_in(factories.coordinator()).post("/admin/members/renewalround/add/", data)
    assert "The days must follow each other" in response.text
    assert RenewalRound.objects.count() == 0
