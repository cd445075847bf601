"""What coordinators do for profiles: find anybody, write to a selection, remind of what is bare or stale."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.directory import reminding, services
from members.directory.models import Member
from members.recruitment.models import Drive
from portal.group.models import Country, Topic
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/members/member/"
LONG_AGO = timezone.now() - timedelta(days=600)


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator())


def names(response):
    return sorted(str(member) for member in response.context["cl"].result_list)


def bare(name="Bare Member", **fields):
    return factories.member(name, **{"headline": "", "bio": "", **fields})


def stale(name="Stale Member", **fields):
    return factories.member(name, headline="Teacher", edited_at=LONG_AGO, **fields)


def act(desk, action, *members):
    data = {"action": action, "_selected_action": [member.pk for member in members]}
    return desk.post(LIST, data, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


# --- finding --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words", ["Ngũgĩ", "ngugi", "quokka@", "Kamuzu School", "wetlands and", "blantyre", "Malawi", "blog.example"]
)
def test_member_is_found_at_the_desk_by_anything(desk, words):
    found = factories.member("Ngũgĩ Banda", headline="Teacher", organisation="Kamuzu School", bio="On wetlands and law")
    Member.objects.filter(pk=found.pk).update(city="Blantyre", country=Country.objects.get(code="MW"))
    found.user.email = "quokka@example.org"
    found.user.save()
    services.set_links(found, ["https://blog.example/"])
    factories.member("Somebody Else")
    assert names(desk.get(LIST, {"q": words})) == ["Ngũgĩ Banda"]


def test_member_is_found_at_the_desk_once_by_a_topic(desk):
    member = factories.member("Ada Obi")
    member.topics.set(Topic.objects.all()[:3])
    assert names(desk.get(LIST, {"q": Topic.objects.first().name_fr})) == ["Ada Obi"]


@pytest.mark.parametrize(("state", "found"), [("bare", ["Bare Member"]), ("stale", ["Stale Member"])])
def test_members_are_narrowed_to_profiles_that_want_care(desk, state, found):
    bare()
    stale()
    factories.member("Good Member", headline="Teacher", edited_at=timezone.now())
    factories.member("New Member", headline="Teacher", joined_on=timezone.localdate())
    assert names(desk.get(LIST, {"profile": state})) == found


def test_members_without_a_portrait_are_found(desk):
    factories.member("Faceless Member")
    factories.member("Member With Face", portrait="portraits/x.webp")
    assert names(desk.get(LIST, {"profile": "faceless"})) == ["Faceless Member"]


# --- reminding ------------------------------------------------------------------------------------------------------
def test_reminder_says_why_in_the_persons_language(desk):
    member = bare()
    member.user.language = "fr"
    member.user.save()
    assert told(act(desk, "remind", member)) == ["Bare Member is reminded of the profile."]
    mail = OutgoingMail.objects.get(kind="profile_reminder")
    assert (mail.contact.user, "/fr/me/profile/" in mail.text) == (member.user, True)


def test_reminder_of_an_old_profile_shows_what_it_says_now():
    member = stale()
    reminding.remind(member)
    mail = OutgoingMail.objects.get()
    assert (mail.subject, member.get_absolute_url() in mail.text) == ("Is your profile still true?", True)


def test_reminder_is_sent_once_in_three_months():
    member, now = bare(), timezone.now()
    reminding.remind(member)
    with pytest.raises(reminding.ReminderError, match="last three months"):
        reminding.remind(member, now=now + timedelta(days=89))
    reminding.remind(member, now=now + timedelta(days=91))
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"headline": "Teacher", "edited_at": timezone.now()}, "This profile is not bare, and not old."),
        ({"status": "alumni", "left_at": timezone.now()}, "This is no active member."),
        ({"status": "unclaimed"}, "This is no active member."),
    ],
)
def test_reminder_without_a_reason_is_refused(fields, words):
    with pytest.raises(reminding.ReminderError) as refusal:
        reminding.remind(bare(**fields))
    assert (str(refusal.value), OutgoingMail.objects.count()) == (words, 0)


def test_reminding_several_tells_of_each(desk):
    good = factories.member("Good Member", headline="Teacher", edited_at=timezone.now())
    said = told(act(desk, "remind", bare(), good))
    assert sorted(said) == [
        "Bare Member is reminded of the profile.", "Good Member: This profile is not bare, and not old.",
    ]  # fmt: skip


# --- writing to a selection -----------------------------------------------------------------------------------------
def test_circular_to_a_selection_is_a_draft_with_those_who_are_active(desk):
    gone = bare("Gone Member", status="alumni", left_at=LONG_AGO)
    response = act(desk, "write_to", bare("Ada Obi"), bare("Bo Li"), gone)
    drive = Drive.objects.get()
    assert (drive.name, drive.kind, drive.status) == ("To 2 chosen members", "circular", "draft")
    assert sorted(drive.invitations.values_list("name", flat=True)) == ["Ada Obi", "Bo Li"]
    assert response.redirect_chain == [(f"/admin/members/drive/{drive.pk}/change/", 302)]
    assert OutgoingMail.objects.count() == 0


def test_circular_to_nobody_active_is_refused(desk):
    gone = bare("Gone Member", status="alumni", left_at=LONG_AGO)
    assert told(act(desk, "write_to", gone)) == ["None of them is an active member: nobody would get it."]
    assert not Drive.objects.exists()


@pytest.mark.parametrize("action", ["write_to", "remind"])
def test_moderators_neither_write_to_a_selection_nor_remind(signed_in, action):
    assert act(signed_in(factories.moderator()), action, bare()).status_code == 403
    assert (Drive.objects.count(), OutgoingMail.objects.count()) == (0, 0)


# --- editing --------------------------------------------------------------------------------------------------------
def test_member_at_the_desk_keeps_who_sees_what_and_shows_it(desk):
    member = bare(bio_shown_to=2)
    page = f"{LIST}{member.pk}/change/"
    assert "about you: Coordinators" in desk.get(page).text
    desk.post(
        page, {"headline": "Teacher", "joined_on": "2026-01-01", "bio": "x", "bio_shown_to": 0, "languages": "en"}
    )
    member.refresh_from_db()
    assert (member.headline, member.bio_shown_to) == ("Teacher", 2)


def test_member_restored_at_the_desk_keeps_who_sees_what_now(desk):
    member = bare("Ada Obi", bio="First words")
    page = f"{LIST}{member.pk}/change/"
    data = {"headline": "Teacher", "joined_on": "2026-01-01", "bio": "Second words", "languages": "en"}
    desk.post(page, data)
    Member.objects.filter(pk=member.pk).update(bio_shown_to=2, takes_requests=False)
    first = member.history.order_by("history_id").first()
    desk.post(f"{LIST}{member.pk}/history/{first.pk}/", data | {"bio": "First words"})
    member.refresh_from_db()
    assert (member.bio, member.bio_shown_to, member.takes_requests) == ("First words", 2, False)
