"""The pages by which requests are written and answered, and every mail of it as a mail server gets it."""

from datetime import timedelta
from email import message_from_bytes, policy
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.directory.models import Member
from members.letters import hooks, services
from members.letters.models import Letter, LetterQuerySet
from portal.group.models import Topic
from portal.outbox import sending
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db
ADA, KOFI, ZOE = "ada@example.org", "kofi@example.org", "zoe@example.net"
WRITE = "/members/kofi-mensah/write/"
ASKED = {"kind": "speak", "topic": "", "words": "Would you open our meeting?", "helps_until": ""}


@pytest.fixture
def kofi():
    made = factories.member("Kofi Mensah", email=KOFI, headline="Facilitator")
    made.topics.set(Topic.objects.all()[:2])
    return made


@pytest.fixture
def ada():
    return factories.member("Ada Obi", email=ADA)


@pytest.fixture
def letter(kofi, ada):
    return factories.letter(kofi, by=ada.user)


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


# --- writing --------------------------------------------------------------------------------------------------------
def test_letter_is_written_by_the_form(signed_in, kofi, ada):
    topic = kofi.topics.first()
    day = timezone.localdate() + timedelta(days=5)
    response = signed_in(ada.user).post(WRITE, ASKED | {"topic": topic.pk, "helps_until": day})
    found = Letter.objects.get()
    assert response["Location"] == f"/me/requests/{found.reference}/"
    assert (found.recipient, found.writer, found.kind, found.topic) == (kofi, ada.user, "speak", topic)
    assert (found.words, found.helps_until, found.is_from_outside) == (ASKED["words"], day, False)


BAD_INPUT = [
    ({"words": ""}, "words", "This field is required."),
    ({"words": "x" * 2001}, "words", "at most 2000 characters"),
    ({"words": "a\0b"}, "words", "Null characters are not allowed."),
    ({"kind": "dream"}, "kind", "not one of the available choices"),
    ({"topic": "0"}, "topic", "not one of the available choices"),
    ({"helps_until": "2020-01-01"}, "helps_until", "This day has passed."),
    ({"helps_until": "soon"}, "helps_until", "Enter a valid date."),
]


@pytest.mark.parametrize(("change", "field", "said"), BAD_INPUT)
def test_letter_with_bad_input_is_answered_at_the_field_and_keeps_the_words(signed_in, kofi, ada, change, field, said):
    response = signed_in(ada.user).post(WRITE, ASKED | change)
    assert (response.status_code, list(errors(response)), Letter.objects.count()) == (200, [field], 0)
    assert said in errors(response)[field][0]
    assert field == "words" or ASKED["words"] in response.text


def test_letter_beyond_a_limit_keeps_the_words_and_says_why(signed_in, letter, ada):
    response = signed_in(ada.user).post(WRITE, ASKED)
    assert "already waits for Kofi Mensah" in response.text
    assert ASKED["words"] in response.text
    assert Letter.objects.count() == 1


def test_form_offers_the_topics_alone_that_the_writer_may_see(signed_in, kofi, ada):
    Member.objects.filter(pk=kofi.pk).update(topics_shown_to=2)
    response = signed_in(ada.user).get(WRITE)
    assert "topic" not in response.context["form"].fields
    assert kofi.topics.first().name not in response.text
    answer = signed_in(ada.user).post(WRITE, ASKED | {"topic": kofi.topics.first().pk})
    assert (answer.status_code, Letter.objects.get().topic) == (302, None)


def test_form_says_who_is_away_and_who_stands_in(signed_in, kofi, ada):
    day = timezone.localdate() + timedelta(days=9)
    mele = factories.member("Mele Taufa")
    Member.objects.filter(pk=kofi.pk).update(away_until=day, stand_in=mele)
    text = signed_in(ada.user).get(WRITE).text
    assert "Kofi Mensah is away until" in text
    assert 'href="/members/mele-taufa/write/"' in text
    Member.objects.filter(pk=kofi.pk).update(away_shown_to=2)
    text = signed_in(ada.user).get(WRITE).text
    assert ("away until" in text, "Mele Taufa" in text) == (False, False)


def test_form_hides_a_stand_in_whom_the_writer_may_not_see(client, kofi):
    mele = factories.member("Mele Taufa", visibility="members")
    Member.objects.filter(pk=kofi.pk).update(away_until=timezone.localdate(), stand_in=mele, away_shown_to=0)
    text = client.get(WRITE).text
    assert ("away until" in text, "Mele Taufa" in text) == (True, False)


HIDDEN = [
    {"takes_requests": False},
    {"status": "on_leave"},
    {"status": "alumni", "left_at": timezone.now()},
    {"status": "unclaimed"},
]


@pytest.mark.parametrize("change", HIDDEN)
def test_form_is_not_there_for_members_who_take_no_requests(client, signed_in, kofi, ada, change):
    Member.objects.filter(pk=kofi.pk).update(**change)
    assert [who.get(WRITE).status_code for who in (client, signed_in(ada.user))] == [404, 404]
    signed_in(ada.user).post(WRITE, ASKED)
    client.post(WRITE, ASKED | {"name": "Zoe Ito", "address": ZOE})
    assert (Letter.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_form_is_there_for_those_alone_who_see_the_profile(client, signed_in, kofi, ada):
    Member.objects.filter(pk=kofi.pk).update(visibility="members")
    people = [client, signed_in(factories.user()), signed_in(ada.user), signed_in(factories.coordinator())]
    assert [who.get(WRITE).status_code for who in people] == [404, 404, 200, 200]


def test_form_is_not_there_for_oneself(signed_in, kofi):
    client = signed_in(kofi.user)
    assert [client.get(WRITE).status_code, client.post(WRITE, ASKED).status_code] == [404, 404]


def test_form_of_a_member_on_leave_keeps_the_words_of_who_was_writing(signed_in, kofi, ada):
    Member.objects.filter(pk=kofi.pk).update(takes_requests=False)
    response = signed_in(ada.user).post(WRITE, ASKED)
    assert ("takes no requests just now" in response.text, ASKED["words"] in response.text) == (True, True)


# --- answering ------------------------------------------------------------------------------------------------------
def path(letter, act=""):
    return f"/me/requests/{letter.reference}/{act}"


def test_letter_is_answered_by_the_form_and_shows_both_addresses_then(signed_in, letter, kofi, ada):
    mine, theirs = signed_in(kofi.user), signed_in(ada.user)
    before = [mine.get(path(letter)).text, theirs.get(path(letter)).text]
    mine.post(path(letter, "answer/"), {"answer-words": "Gladly.", "answer-addresses": "show"})
    after = [mine.get(path(letter)).text, theirs.get(path(letter)).text]
    assert [ADA in before[0], KOFI in before[1]] == [False, False]
    assert [ADA in after[0], KOFI in after[1], "Gladly." in after[1]] == [True, True, True]


def test_letter_is_answered_without_addresses(signed_in, letter, kofi, ada):
    mine, theirs = signed_in(kofi.user), signed_in(ada.user)
    mine.post(path(letter, "answer/"), {"answer-words": "Gladly.", "answer-addresses": "hide"})
    texts = [mine.get(path(letter)).text, theirs.get(path(letter)).text]
    assert [ADA in texts[0], KOFI in texts[1], "Gladly." in texts[1]] == [False, False, True]


def test_answer_needs_words_and_a_choice_and_keeps_what_was_typed(signed_in, letter, kofi):
    client = signed_in(kofi.user)
    response = client.post(path(letter, "answer/"), {"answer-words": "Gladly.", "answer-addresses": ""})
    assert (response.status_code, list(response.context["answer_form"].errors)) == (200, ["addresses"])
    assert "Gladly." in response.text
    assert Letter.objects.get().is_open


def test_letter_answered_twice_is_refused_and_keeps_the_first(signed_in, letter, kofi):
    client = signed_in(kofi.user)
    client.post(path(letter, "answer/"), {"answer-words": "Gladly.", "answer-addresses": "hide"})
    again = client.post(path(letter, "answer/"), {"answer-words": "No.", "answer-addresses": "show"})
    assert (again.status_code, Letter.objects.get().answer) == (200, "Gladly.")
    assert "does not wait for an answer any more" in again.text


def test_letter_is_declined_with_a_sentence_that_stands_ready(signed_in, letter, kofi):
    client = signed_in(kofi.user)
    ready = client.get(path(letter)).context["decline_form"]["words"].value()
    client.post(path(letter, "decline/"), {"decline-words": ready})
    assert (Letter.objects.get().status, Letter.objects.get().answer) == ("declined", ready)


def test_requests_are_switched_off_from_a_letter_and_that_one_can_still_be_answered(signed_in, letter, kofi, ada):
    client = signed_in(kofi.user)
    assert client.post("/me/requests/off/")["Location"] == "/me/requests/"
    assert Member.objects.get(pk=kofi.pk).takes_requests is False
    assert signed_in(ada.user).get(WRITE).status_code == 404
    client.post(path(letter, "answer/"), {"answer-words": "Gladly.", "answer-addresses": "hide"})
    assert Letter.objects.get().is_answered


def test_letter_is_read_by_its_two_people_alone(client, signed_in, letter, kofi, ada):
    people = [kofi.user, ada.user, factories.member().user, factories.coordinator(), factories.superuser()]
    assert [signed_in(one).get(path(letter)).status_code for one in people] == [200, 200, 404, 404, 404]
    assert client.get(path(letter)).status_code == 302
    acts = [(act, one) for act in ("answer/", "decline/", "report/") for one in [ada.user, *people[2:]]]
    assert {signed_in(one).post(path(letter, act), {}).status_code for act, one in acts} == {404}


@pytest.mark.parametrize("act", ["answer/", "decline/", "report/"])
def test_letter_is_changed_by_post_alone(signed_in, letter, kofi, act):
    client = signed_in(kofi.user)
    assert [client.get(path(letter, act)).status_code, client.get("/me/requests/off/").status_code] == [405, 405]
    assert Letter.objects.get().is_open


def test_letter_unconfirmed_is_read_by_nobody(signed_in, kofi):
    made = factories.strange_letter(kofi, confirmed=False)
    client = signed_in(kofi.user)
    assert (client.get(path(made)).status_code, len(client.get("/me/requests/").context["page_obj"])) == (404, 0)


# --- lists and panels -----------------------------------------------------------------------------------------------
def test_list_shows_what_waits_first_the_oldest_of_it_before_all(signed_in, kofi):
    made = [factories.letter(kofi, by=factories.member(name).user) for name in ("One", "Two", "Three")]
    for days, one in enumerate(made):
        Letter.objects.filter(pk=one.pk).update(sent_at=timezone.now() - timedelta(days=days))
    services.decline(made[2], by=kofi.user, words="Sorry.")
    page = signed_in(kofi.user).get("/me/requests/").context["page_obj"]
    assert [one.writer_name for one in page] == ["Two", "One", "Three"]


def test_list_of_what_i_wrote_hides_that_it_was_reported(signed_in, ada):
    factories.reported(factories.letter(by=ada.user))
    client = signed_in(ada.user)
    text = client.get("/me/requests/?box=sent").text + client.get(path(Letter.objects.get())).text
    assert ("reported" in text.lower(), "closed without an answer" in text) == (False, True)


@pytest.mark.parametrize("box", ["", "?box=sent"])
def test_list_takes_as_many_queries_for_twenty_as_for_one(signed_in, kofi, box):
    counts = []
    for number in (1, 19):
        for _one in range(number):
            Letter.objects.create(recipient=kofi, writer=factories.member().user, words="Hello?")
            Letter.objects.create(recipient=factories.member("Some Body"), writer=kofi.user, words="Hello?")
        client = signed_in(kofi.user)
        client.get(f"/me/requests/{box}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/me/requests/{box}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_lists_are_paged(signed_in, kofi):
    for _one in range(21):
        Letter.objects.create(recipient=kofi, writer=factories.member().user, words="Hello?")
    client = signed_in(kofi.user)
    assert [len(client.get(f"/me/requests/?page={page}").context["page_obj"]) for page in (1, 2)] == [20, 1]


def test_own_page_tells_who_waits_for_me_and_for_whom_i_wait(signed_in, letter, kofi, ada):
    mine, theirs = (signed_in(one).get("/me/").text for one in (kofi.user, ada.user))
    assert ("Ada Obi waits for your answer." in mine, "Wait for my answer" in mine) == (True, True)
    assert ("waits for your answer" in theirs, [one.url for one in hooks.waiting(ada.user)]) == (False, [path(letter)])


# --- somebody without an account ------------------------------------------------------------------------------------
STRANGE = ASKED | {"name": "Zoe Ito", "address": ZOE}


def link_in(mail):
    return next(word for word in mail.text.split() if "/requests/confirm/" in word).removeprefix(
        "http://localhost:8000"
    )


def test_stranger_writes_and_confirms_by_a_link_whose_get_changes_nothing(client, kofi):
    assert client.post(WRITE, STRANGE)["Location"] == f"{WRITE}sent/"
    assert "within 3 days" in client.get(f"{WRITE}sent/").text
    there = link_in(OutgoingMail.objects.get())
    shown = client.get(there)
    assert (ASKED["words"] in shown.text, Letter.objects.get().status) == (True, "unconfirmed")
    assert "is on its way" in client.post(there).text
    assert Letter.objects.get().status == "open"
    assert "is on its way" in client.get(there).text


def test_stranger_gets_the_mail_in_the_language_of_the_page(client, kofi):
    client.post(f"/fr{WRITE}", STRANGE)
    assert Letter.objects.get().language == "fr"
    assert "/fr/requests/confirm/" in OutgoingMail.objects.get().text


@pytest.mark.parametrize("token", ["forged", "a:b:c"])
def test_link_that_is_none_of_ours_says_so(client, token):
    answers = [client.get(f"/requests/confirm/{token}/"), client.post(f"/requests/confirm/{token}/")]
    assert [one.status_code for one in answers] == [404, 404]


def test_link_says_why_a_letter_is_not_sent(client, kofi):
    client.post(WRITE, STRANGE)
    there = link_in(OutgoingMail.objects.get())
    Member.objects.filter(pk=kofi.pk).update(takes_requests=False)
    assert "takes no requests just now" in client.post(there).text
    assert Letter.objects.get().is_unconfirmed


BAD_STRANGERS = [
    ({"name": ""}, ["name"]),
    ({"name": "Zoe\0"}, ["name"]),
    ({"address": ""}, ["address"]),
    ({"address": "zoe"}, ["address"]),
    ({"address": f"{'z' * 200}@example.net"}, ["address"]),
    ({"address": "zoe@example.net\r\nBcc: all@example.org"}, ["address"]),
]


@pytest.mark.parametrize(("change", "fields"), BAD_STRANGERS)
def test_stranger_who_mistypes_is_answered_at_the_field(client, kofi, change, fields):
    response = client.post(WRITE, STRANGE | change)
    assert (response.status_code, list(errors(response))) == (200, fields)
    assert (ASKED["words"] in response.text, OutgoingMail.objects.count()) == (True, 0)


def test_strangers_of_one_network_are_asked_to_wait(client, kofi):
    for number in range(10):
        client.post(WRITE, STRANGE | {"address": f"zoe{number}@example.net"})
    response = client.post(WRITE, STRANGE | {"address": "another@example.net"})
    assert ("From your network" in response.text, ASKED["words"] in response.text) == (True, True)
    assert Letter.objects.count() == 10


def test_page_of_a_stranger_leads_members_to_sign_in_and_is_kept_by_nobody(client, kofi):
    response = client.get(WRITE)
    assert f'href="/accounts/login/?next={WRITE}"' in response.text
    assert "no-store" in response["Cache-Control"]


# --- mails as they arrive -------------------------------------------------------------------------------------------
def delivered(smtp):
    """Every mail that waits, over the wire: to whom, and all of it decoded, headers and both bodies."""
    sending.send_waiting()
    found = {}
    for envelope in smtp.envelopes:
        message = message_from_bytes(envelope.content, policy=policy.default)
        parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
        whole = "\n".join([*(f"{name}: {value}" for name, value in message.items()), *map(unescape, parts)])
        found[envelope.rcpt_tos[0]] = (message, envelope.content.decode("utf-8", "replace") + whole)
    smtp.envelopes.clear()
    return found


def test_no_mail_holds_the_other_address_before_the_answer(smtp, kofi, ada):
    factories.letter(kofi, by=ada.user)
    services.sweep(now=timezone.now() + timedelta(days=8))
    arrived = delivered(smtp)
    services.sweep(now=timezone.now() + timedelta(days=31))
    arrived = [*arrived.items(), *delivered(smtp).items()]
    assert sorted({to for to, _mail in arrived}) == [ADA, KOFI]
    leaks = [to for to, (_message, whole) in arrived if (ADA if to == KOFI else KOFI) in whole]
    assert leaks == []
    assert {message["Reply-To"] for _to, (message, _whole) in arrived} <= {None, "iucn@example.org"}


@pytest.mark.parametrize("act", ["hide", "decline"])
def test_no_mail_of_an_answer_without_addresses_holds_one(smtp, letter, kofi, act):
    if act == "hide":
        services.answer(letter, by=kofi.user, words="Gladly.")
    else:
        services.decline(letter, by=kofi.user, words="Gladly.")
    arrived = delivered(smtp)
    assert (KOFI in arrived[ADA][1], ADA in arrived[KOFI][1], "Gladly." in arrived[ADA][1]) == (False, False, True)


def test_mails_of_an_answer_with_addresses_lead_to_each_other(smtp, letter, kofi):
    services.answer(letter, by=kofi.user, words="Gladly.", shares_addresses=True)
    arrived = delivered(smtp)
    assert [arrived[to][0]["Reply-To"] for to in (ADA, KOFI)] == [KOFI, ADA]
    assert (KOFI in arrived[ADA][1], ADA in arrived[KOFI][1]) == (True, True)


def test_mails_to_and_of_a_stranger_hold_no_address_before_the_answer(smtp, kofi):
    made = factories.strange_letter(kofi)
    arrived = delivered(smtp)
    assert (ZOE in arrived[KOFI][1], KOFI in arrived[ZOE][1]) == (False, False)
    services.answer(made, by=kofi.user, words="Gladly.", shares_addresses=True)
    assert KOFI in delivered(smtp)[ZOE][1]


def test_mail_of_a_letter_says_who_and_what_and_where_to_answer(smtp, kofi, ada):
    topic = kofi.topics.first()
    made = factories.letter(kofi, by=ada.user, topic=topic, helps_until=timezone.localdate(), kind="speak")
    message, whole = delivered(smtp)[KOFI]
    assert message["Subject"] == "An invitation to speak, by way of Learning & Leadership"
    wanted = ["Ada Obi", "How do you open a meeting?", topic.name, path(made), "/members/ada-obi/"]
    assert [words for words in wanted if words not in whole] == []
    assert made.words not in message["Subject"]


def test_mail_that_asks_a_stranger_holds_nothing_that_was_typed(smtp, kofi):
    factories.strange_letter(kofi, name="WIN NOW", words="Buy at http://shop.example", confirmed=False)
    whole = delivered(smtp)[ZOE][1]
    assert [words for words in ("WIN NOW", "shop.example") if words in whole] == []


def test_words_are_quoted_in_text_so_that_nobody_takes_them_for_ours(kofi, ada):
    factories.letter(kofi, by=ada.user, words="Hello\n\nAnswer: http://shop.example")
    text = OutgoingMail.objects.get().text
    assert "> Hello\n>\n> Answer: http://shop.example\n" in text


def test_names_and_words_write_no_headers(smtp, kofi):
    User.objects.filter(pk=kofi.user_id).update(name="Kofi\r\nBcc: victim@example.org")
    made = factories.strange_letter(
        Member.objects.get(pk=kofi.pk),
        name="Zoe\r\nBcc: all@example.org",
        words="Hello\r\nBcc: all@example.org\r\n.\r\n",
    )
    services.decline(made, by=kofi.user, words="Sorry\r\nBcc: all@example.org")
    sending.send_waiting()
    assert {to for envelope in smtp.envelopes for to in envelope.rcpt_tos} == {KOFI, ZOE}
    heads = [message_from_bytes(one.content, policy=policy.default) for one in smtp.envelopes]
    assert {one["Bcc"] for one in heads} == {None}


def test_words_are_escaped_on_pages_and_in_html_mails(signed_in, smtp, kofi, ada):
    made = factories.letter(kofi, by=ada.user, words="<script>alert(1)</script>")
    message = delivered(smtp)[KOFI][0]
    assert "<script>" not in message.get_body(("html",)).get_content()
    assert "<script>alert" not in signed_in(kofi.user).get(path(made)).text


def test_words_stand_nowhere_in_the_outbox_once_they_were_sent(smtp, signed_in, letter):
    mail = OutgoingMail.objects.get()
    desk = signed_in(factories.coordinator())
    address = f"/admin/portal/outgoingmail/{mail.pk}/change/"
    assert letter.words not in desk.get(address).text
    delivered(smtp)
    mail.refresh_from_db()
    assert (mail.text, mail.html) == ("", "")


def test_strangers_name_is_kept_on_one_line(client, kofi):
    client.post(WRITE, STRANGE | {"name": " Zoe \r\n Ito "})
    assert Letter.objects.get().name == "Zoe Ito"


def test_letters_are_found_by_no_running_number():
    assert isinstance(Letter.objects.all(), LetterQuerySet)
    first, second = factories.letter(), factories.letter()
    assert first.reference != second.reference
    assert len(first.reference) == 16
