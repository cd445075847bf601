"""Requests that members report: every state × decision, who may read what, and the end of somebody's writing."""

import pytest
from django.contrib.admin.models import LogEntry

from members.conduct import services
from members.conduct.models import LetterReport, WritingBan
from members.letters import services as letters
from members.letters.models import Letter
from portal.outbox.models import OutgoingMail
from portal.users import merging
from tests import factories

pytestmark = pytest.mark.django_db
DESK = "/admin/members/letterreport/"


@pytest.fixture
def by():
    return factories.coordinator()


def everything():
    return list(LetterReport.objects.values()), list(WritingBan.objects.values()), OutgoingMail.objects.count()


DECISIONS = {
    "dismissed": lambda found, by: services.dismiss(found, by=by),
    "warned": lambda found, by: services.warn(found, by=by, words="No selling."),
    "banned": lambda found, by: services.ban(found, by=by, words="No selling."),
}


def in_state(state):
    found = factories.reported()
    if state != "submitted":
        DECISIONS[state](found, factories.coordinator())
    return LetterReport.objects.get()


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("state", list(LetterReport.Status))
def test_report_is_decided_once(state, decision, by):
    found = in_state(state)
    before = everything()
    if state == "submitted":
        DECISIONS[decision](found, by)
        assert (LetterReport.objects.get().status, LetterReport.objects.get().decided_by) == (decision, by)
    else:
        with pytest.raises(services.ConductError):
            DECISIONS[decision](found, by)
        assert everything() == before


MAILED = {
    "dismissed": ["letter_report_settled"],
    "warned": ["letter_report_settled", "letter_warned"],
    "banned": ["letter_banned", "letter_report_settled"],
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_decision_is_told_to_those_it_concerns(decision, by):
    found = factories.reported()
    OutgoingMail.objects.all().delete()
    DECISIONS[decision](found, by)
    assert sorted(OutgoingMail.objects.values_list("kind", flat=True)) == MAILED[decision]
    told = {mail.kind: (mail.contact.address, mail.text) for mail in OutgoingMail.objects.select_related("contact")}
    address, text = told["letter_report_settled"]
    assert (address, "No selling." in text) == (found.letter.recipient.user.email, False)


@pytest.mark.parametrize("decision", DECISIONS)
def test_nobody_decides_on_a_request_of_their_own(decision):
    writer, recipient = factories.coordinator("Writer"), factories.coordinator("Recipient")
    member = factories.directory.enrol(recipient)
    found = factories.reported(factories.letter(member, by=writer))
    for one in (writer, recipient):
        with pytest.raises(services.ConductError, match="your own"):
            DECISIONS[decision](found, one)


@pytest.mark.parametrize("words", ["", " ", "x" * 1001])
def test_decision_that_needs_words_is_refused_without(words, by):
    found = factories.reported()
    for act in (services.warn, services.ban):
        with pytest.raises(services.ConductError):
            act(found, by=by, words=words)
    with pytest.raises(services.ConductError):
        services.report(factories.letter(), by=by, reason=words)
    assert LetterReport.objects.get().is_waiting


def test_report_is_made_by_the_member_alone_and_once(by):
    letter = factories.letter()
    for one in (letter.writer, by):
        with pytest.raises(services.ConductError):
            services.report(letter, by=one, reason="Selling.")
    factories.reported(letter)
    with pytest.raises(services.ConductError, match="already"):
        factories.reported(letter)
    assert Letter.objects.get().status == "reported"


def test_report_of_an_answered_letter_leaves_it_answered():
    letter = factories.letter()
    letters.answer(letter, by=letter.recipient.user, words="Gladly.")
    factories.reported(letter)
    assert Letter.objects.get().status == "answered"


def test_report_is_made_by_the_form_and_waits_at_the_desk(signed_in, by):
    letter = factories.letter(words="Buy insurance")
    there = f"/me/requests/{letter.reference}/"
    client = signed_in(letter.recipient.user)
    wrong = client.post(f"{there}report/", {"report-reason": ""})
    assert (wrong.status_code, LetterReport.objects.count()) == (200, 0)
    client.post(f"{there}report/", {"report-reason": "It sells."})
    assert "You have reported this request." in client.get(there).text
    assert "Requests that members reported" in signed_in(by).get("/admin/").text


def test_desk_reads_reported_letters_and_no_others(signed_in, by):
    quiet = factories.letter(words="Between the two of us")
    found = factories.reported(factories.letter(words="Buy insurance"))
    client = signed_in(by)
    pages = [client.get(one).text for one in (DESK, f"{DESK}{found.pk}/change/", f"{DESK}?q=Obi")]
    assert ["Buy insurance" in text for text in pages] == [False, True, False]
    assert [quiet.words in text for text in pages] == [False, False, False]
    addresses = [found.letter.writer.email, found.letter.recipient.user.email]
    assert [one in text for text in pages for one in addresses] == [False] * 6


@pytest.mark.parametrize("who", [factories.moderator, factories.editor])
def test_desk_shows_reports_to_coordinators_alone(signed_in, who):
    found = factories.reported()
    assert signed_in(who()).get(f"{DESK}{found.pk}/change/").status_code == 403


def test_desk_decides_by_post_and_writes_it_down(signed_in, by):
    found, client = factories.reported(), signed_in(by)
    there = f"{DESK}{found.pk}/change/"
    seen = client.get(there).context["seen"]
    assert "Write what you want to say" in client.post(there, {"decision": "warn", "seen": seen, "reason": " "}).text
    client.post(there, {"decision": "ban", "seen": seen, "reason": "No selling."})
    assert (LetterReport.objects.get().words, WritingBan.objects.get().reason) == ("No selling.", "No selling.")
    assert LogEntry.objects.get().change_message == "End their writing"


def test_desk_tells_how_often_a_writer_was_reported_before(signed_in, by):
    writer = factories.member("Ada Obi").user
    services.warn(factories.reported(factories.letter(by=writer)), by=by, words="No selling.")
    second = factories.reported(factories.letter(by=writer))
    assert "writer warned" in signed_in(by).get(f"{DESK}{second.pk}/change/").text


def test_ban_is_lifted_once_and_its_history_stays(signed_in, by):
    ban = services.ban(factories.reported(), by=by, words="No selling.")
    client, there = signed_in(by), f"/admin/members/writingban/{ban.pk}/change/"
    client.post(there, {"decision": "lift", "seen": client.get(there).context["seen"]})
    ban.refresh_from_db()
    assert (ban.is_in_force, ban.lifted_by, ban.reason) == (False, by, "No selling.")
    with pytest.raises(services.ConductError):
        services.lift(ban, by=by)


def test_ban_is_not_lifted_by_whom_it_is_on():
    writer = factories.coordinator()
    found = factories.reported(factories.letter(by=writer))
    ban = services.ban(found, by=factories.coordinator(), words="No selling.")
    with pytest.raises(services.ConductError):
        services.lift(ban, by=writer)


def test_ban_outlives_the_account(by):
    letter = factories.letter()
    ban = services.ban(factories.reported(letter), by=by, words="No selling.")
    address = letter.writer.email
    letter.writer.delete()
    ban.refresh_from_db()
    assert (ban.user, ban.is_in_force, Letter.objects.count()) == (None, True, 0)
    assert letters.Writer(user=factories.user("Ada Obi", address)).is_banned


# --- two accounts become one ----------------------------------------------------------------------------------------
def test_merge_brings_letters_and_leaves_one_open_between_the_same_two(by):
    keep, gone, kofi = factories.member("Ada Obi"), factories.member("Ada Obi"), factories.member("Kofi Mensah")
    mine, theirs = (factories.letter(kofi, by=one.user) for one in (keep, gone))
    got, also_got = (factories.letter(one, by=kofi.user) for one in (keep, gone))
    between = factories.letter(keep, by=gone.user)
    merging.merge(keep.user, gone.user, by=by)
    found = {one.pk: (one.writer, one.recipient, one.status) for one in Letter.objects.all()}
    assert found == {
        mine.pk: (keep.user, kofi, "open"),
        theirs.pk: (keep.user, kofi, "closed"),
        got.pk: (kofi.user, keep, "open"),
        also_got.pk: (kofi.user, keep, "closed"),
    }
    assert between.pk not in found


def test_merge_brings_letters_to_an_account_without_a_profile(by):
    keep, gone = factories.user(), factories.member("Ada Obi")
    letter = factories.letter(gone)
    factories.letter(gone, by=keep)
    merging.merge(keep, gone.user, by=by)
    assert [(one.pk, one.recipient.user) for one in Letter.objects.all()] == [(letter.pk, keep)]


def test_merge_keeps_a_ban_in_force(by):
    letter = factories.letter()
    ban = services.ban(factories.reported(letter), by=by, words="No selling.")
    keep = factories.user()
    merging.merge(keep, letter.writer, by=by)
    ban.refresh_from_db()
    assert (ban.user, letters.Writer(user=keep).is_banned) == (keep, True)
