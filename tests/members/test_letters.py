"""Requests to members: every state × action, how much may be written, and what the clock does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.conduct import services as conduct
from members.directory.models import Member
from members.letters import retention, services
from members.letters.models import Letter
from members.membership import services as membership
from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail
from portal.refusal import Refusal
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def kofi():
    return factories.member("Kofi Mensah", email="kofi@example.org")


@pytest.fixture
def ada():
    return factories.member("Ada Obi", email="ada@example.org")


def in_state(state):
    letter = factories.strange_letter(confirmed=False) if state == "unconfirmed" else factories.letter()
    if state not in {"unconfirmed", "open"}:
        Letter.objects.filter(pk=letter.pk).update(status=state, closed_at=timezone.now())
    return Letter.objects.get(pk=letter.pk)


def everything():
    return list(Letter.objects.values()), OutgoingMail.objects.count()


ACTIONS = {
    "answer": (lambda letter, by: services.answer(letter, by=by, words="Gladly."), ["open"], "answered"),
    "decline": (lambda letter, by: services.decline(letter, by=by, words="Sorry."), ["open"], "declined"),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", list(Letter.Status))
def test_letter_in_a_state_is_answered_or_refuses_it_and_changes_nothing(state, action):
    act, allowed, after = ACTIONS[action]
    letter = in_state(state)
    before = everything()
    if state in allowed:
        act(letter, letter.recipient.user)
        assert Letter.objects.get().status == after
    else:
        with pytest.raises(services.LetterError):
            act(letter, letter.recipient.user)
        assert everything() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_letter_is_answered_by_nobody_but_its_member(action, ada):
    letter = factories.letter(by=ada.user)
    before = everything()
    for other in (ada.user, factories.coordinator()):
        with pytest.raises(services.LetterError):
            ACTIONS[action][0](letter, other)
    assert everything() == before


@pytest.mark.parametrize("words", ["", "  ", "x" * 2001])
def test_letter_without_words_or_with_too_many_is_refused(words, kofi, ada):
    with pytest.raises(services.LetterError):
        services.write(kofi, by=ada.user, words=words)
    letter = factories.letter(kofi, by=ada.user)
    for act in (services.answer, services.decline):
        with pytest.raises(services.LetterError):
            act(letter, by=kofi.user, words=words)
    assert Letter.objects.get().status == "open"


def test_letter_pressed_twice_is_one_and_one_mail(kofi, ada):
    first, second = (services.write(kofi, by=ada.user, words="Hello?") for _time in range(2))
    assert (first.pk, Letter.objects.count(), OutgoingMail.objects.count()) == (second.pk, 1, 1)


def test_letter_to_oneself_is_refused(kofi):
    with pytest.raises(services.LetterError):
        services.write(kofi, by=kofi.user, words="Hello?")


# --- how much -------------------------------------------------------------------------------------------------------
def write_many(by, number, *, now=None):
    for _one in range(number):
        services.write(factories.member("Some Body"), by=by, words="Hello?", now=now)


def refusal(member, by, *, now=None, words="Hello again?"):
    try:
        with transaction.atomic():
            services.write(member, by=by, words=words, now=now)
    except Refusal as error:
        return str(error)
    return ""


def test_letter_waits_alone_between_the_same_two(kofi, ada):
    factories.letter(kofi, by=ada.user)
    assert refusal(kofi, ada.user) == "A request of yours already waits for Kofi Mensah. Please wait for the answer."
    services.answer(Letter.objects.get(), by=kofi.user, words="Gladly.")
    assert refusal(kofi, ada.user) == ""


def test_letter_waits_alone_by_the_database_too(kofi, ada):
    factories.letter(kofi, by=ada.user)
    with pytest.raises(IntegrityError):
        Letter.objects.create(recipient=kofi, writer=ada.user, words="Hello again?")


def test_letter_after_a_no_waits_for_a_month(kofi, ada):
    services.decline(factories.letter(kofi, by=ada.user), by=kofi.user, words="Sorry.")
    said = [refusal(kofi, ada.user, now=timezone.now() + timedelta(days=days)) for days in (29, 31)]
    assert said == ["Kofi Mensah could not help you lately. Please leave it at that for some weeks.", ""]


def test_letters_of_a_member_are_five_a_day_and_fifteen_a_week(kofi, ada):
    for days in (4, 2, 0):
        write_many(ada.user, 5, now=timezone.now() - timedelta(days=days))
    assert "5 requests in a day" in refusal(kofi, ada.user)
    assert "15 requests in a week" in refusal(kofi, ada.user, now=timezone.now() + timedelta(days=1, hours=1))
    assert refusal(kofi, ada.user, now=timezone.now() + timedelta(days=4)) == ""


def test_letters_of_an_account_that_is_no_member_are_two_a_day(kofi):
    applicant = factories.user()
    write_many(applicant, 2)
    assert "2 requests in a day" in refusal(kofi, applicant)
    assert set(Letter.objects.values_list("is_from_outside", flat=True)) == {True}


def test_letters_to_a_member_are_ten_a_week_and_three_from_outside(kofi, ada):
    for _one in range(3):
        factories.letter(kofi, by=factories.user())
    assert "many requests this week" in refusal(kofi, factories.user())
    for _one in range(7):
        factories.letter(kofi, by=factories.member().user)
    assert refusal(kofi, ada.user).startswith("Kofi Mensah has got many requests this week.")
    assert refusal(kofi, ada.user, now=timezone.now() + timedelta(days=8)) == ""


@pytest.mark.parametrize("change", [{"takes_requests": False}, {"status": "on_leave"}])
def test_letter_to_a_member_who_takes_none_is_refused(change, kofi, ada):
    Member.objects.filter(pk=kofi.pk).update(**change)
    assert refusal(kofi, ada.user) == "Kofi Mensah takes no requests just now."


def test_letter_of_who_is_held_or_banned_is_refused(kofi, ada):
    found = factories.reported(factories.letter(by=ada.user))
    assert refusal(kofi, ada.user).startswith("A request of yours was reported.")
    ban = conduct.ban(found, by=factories.coordinator(), words="No selling.")
    assert refusal(kofi, ada.user).startswith("The coordinators have decided")
    conduct.lift(ban, by=factories.coordinator())
    assert refusal(kofi, ada.user) == ""


# --- somebody without an account ------------------------------------------------------------------------------------
def test_strangers_letter_reaches_the_member_once_it_is_confirmed(kofi):
    letter = factories.strange_letter(kofi, confirmed=False)
    assert (list(Letter.objects.sent()), mails()) == ([], [("letter_confirm", "zoe@example.net")])
    for _time in range(2):
        services.confirm(letter)
    assert Letter.objects.get().status == "open"
    assert mails() == [("letter", "kofi@example.org"), ("letter_confirm", "zoe@example.net")]


def mails():
    return sorted(OutgoingMail.objects.values_list("kind", "contact__address"))


def test_strangers_letter_sent_twice_is_one(kofi):
    first, second = (factories.strange_letter(kofi, confirmed=False) for _time in range(2))
    assert (first.pk, OutgoingMail.objects.count()) == (second.pk, 1)


def test_strangers_letters_are_two_a_day_by_address():
    for _one in range(2):
        factories.strange_letter(factories.member(), address="Zoe@Example.NET", confirmed=False)
    with pytest.raises(services.LetterError, match="2 requests in a day"):
        factories.strange_letter(factories.member(), confirmed=False)


def test_strangers_letter_says_nothing_of_the_address_before_it_is_confirmed(kofi):
    factories.strange_letter(kofi)
    second = factories.strange_letter(kofi, words="Once more?", confirmed=False)
    with pytest.raises(services.LetterError, match="already waits"):
        services.confirm(second)


@pytest.mark.parametrize(
    "change", [{"takes_requests": False}, {"visibility": "members"}, {"status": "alumni", "left_at": timezone.now()}]
)
def test_strangers_letter_is_not_sent_to_who_takes_none_meanwhile(change, kofi):
    letter = factories.strange_letter(kofi, confirmed=False)
    Member.objects.filter(pk=kofi.pk).update(**change)
    with pytest.raises(services.LetterError, match="takes no requests"):
        services.confirm(letter)


def test_strangers_letter_of_a_banned_address_is_not_sent(kofi):
    found = factories.reported(factories.strange_letter())
    conduct.ban(found, by=factories.coordinator(), words="No selling.")
    letter = factories.strange_letter(kofi, confirmed=False)
    with pytest.raises(services.LetterError, match="from this address"):
        services.confirm(letter)


def test_ban_holds_for_an_account_made_with_the_same_address(kofi):
    found = factories.reported(factories.strange_letter())
    conduct.ban(found, by=factories.coordinator(), words="No selling.")
    assert refusal(kofi, factories.user("Zoe Ito", "zoe@example.net")).startswith("The coordinators have decided")


# --- what the clock does --------------------------------------------------------------------------------------------
def sweeps(days):
    """How many letters two sweeps at that time do something with."""
    now = timezone.now() + timedelta(days=days, minutes=1)
    return [services.sweep(now=now) for _time in range(2)]


def test_letter_is_reminded_of_once_and_closed_with_a_mail_to_the_writer(kofi, ada):
    factories.letter(kofi, by=ada.user)
    assert [sweeps(6), sweeps(7), sweeps(20), sweeps(30)] == [[0, 0], [1, 0], [0, 0], [1, 0]]
    assert Letter.objects.get().status == "closed"
    assert mails() == [
        ("letter", "kofi@example.org"), ("letter_closed", "ada@example.org"), ("letter_reminder", "kofi@example.org"),
    ]  # fmt: skip


def test_letter_is_not_reminded_of_when_an_answer_would_come_too_late(kofi, ada):
    factories.letter(kofi, by=ada.user, helps_until=timezone.localdate() + timedelta(days=3))
    assert sweeps(8) == [0, 0]


def test_letter_to_who_has_left_is_closed_without_a_reminder(kofi, ada):
    factories.letter(kofi, by=ada.user)
    membership.make_alumni(kofi)
    assert [sweeps(8), sweeps(31)] == [[1, 0], [1, 0]]
    assert [kind for kind, _address in mails()] == ["letter", "letter_closed"]


def test_letter_never_confirmed_is_forgotten():
    factories.strange_letter(confirmed=False)
    assert (sweeps(2), sweeps(3)) == ([0, 0], [1, 0])
    assert (Letter.objects.count(), Contact.objects.filter(user=None).count()) == (0, 0)


def erased(days):
    """How many letters lose their words at that time."""
    return retention.erase_words(timezone.now() + timedelta(days=days, minutes=1), 10)


def test_words_are_erased_ninety_days_after_the_answer(kofi, ada):
    services.answer(factories.letter(kofi, by=ada.user), by=kofi.user, words="Gladly.")
    assert [erased(89), erased(90), erased(90)] == [0, 1, 0]
    letter = Letter.objects.get()
    assert (letter.words, letter.answer, letter.status) == ("", "", "answered")


def test_letter_of_a_stranger_is_deleted_instead(kofi):
    services.answer(factories.strange_letter(kofi), by=kofi.user, words="Gladly.")
    assert (erased(91), Letter.objects.count(), Contact.objects.filter(user=None).count()) == (1, 0, 0)


def test_words_that_coordinators_look_at_stay_until_long_after_their_decision():
    found = factories.reported()
    assert erased(200) == 0
    conduct.dismiss(found, by=factories.coordinator())
    assert [erased(89), erased(91)] == [0, 1]
