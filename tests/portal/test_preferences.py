"""Who gets which mails: one page by a link in every mail, without signing in."""

import pytest
from django.db import IntegrityError
from django.test import Client

from portal import registry
from portal.contacts import services
from portal.contacts.models import EVERYTHING, Contact, OptOut, fingerprint_of, normalise
from portal.registry import MailKind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    hook = registry.Hook()
    hook.register(MailKind("circular", "Circulars", "news from the coordinators"))
    hook.register(MailKind("invitation", "Invitations", "to join the group"))
    monkeypatch.setattr(registry, "mail_kinds", hook)


@pytest.fixture
def ada():
    return Contact.objects.of("ada@example.org")


def page(contact, **fields):
    client = Client(enforce_csrf_checks=True)
    return client.post(contact.personal_path, fields) if fields else client.get(contact.personal_path)


def ticked(response):
    return response.context["form"]["wanted"].value()


def test_preferences_show_everything_wanted_at_first_and_change_nothing(ada):
    response = page(ada)
    assert (response.status_code, ticked(response)) == (200, ["circular", "invitation"])
    assert OptOut.objects.count() == 0


def test_preferences_show_the_address_half_hidden(ada):
    text = page(ada).content.decode()
    assert ("a…@example.org" in text, "ada@example.org" in text) == (True, False)


def test_preferences_of_an_unknown_key_are_not_found():
    assert Client().get("/preferences/nothing/").status_code == 404


def test_preferences_leave_no_session_and_are_not_kept(ada):
    response = page(ada, wanted=["circular"])
    assert (response.status_code, dict(response.cookies), response["Cache-Control"]) == (
        302, {}, "max-age=0, no-cache, no-store, must-revalidate, private",
    )  # fmt: skip


def test_preferences_keep_the_kinds_left_unticked(ada):
    response = page(ada, wanted=["circular"])
    assert (response["Location"], ada.refused_kinds) == (f"{ada.personal_path}?kept", {"invitation"})


def test_preferences_without_any_tick_refuse_everything_to_come_too(ada):
    Client().post(ada.personal_path)  # a form whose boxes are all empty sends nothing at all
    assert ada.refused_kinds == {EVERYTHING}


def test_preferences_button_for_nothing_refuses_everything(ada):
    page(ada, wanted=["circular"], nothing="")
    assert ada.refused_kinds == {EVERYTHING}


def test_preferences_ticked_again_forget_the_refusal(ada):
    services.opt_out(ada, EVERYTHING, source=OptOut.Source.PAGE)
    page(ada, wanted=["circular", "invitation"])
    assert OptOut.objects.count() == 0


def test_preferences_before_there_is_any_kind_offer_nothing_at_all_and_the_way_back(ada, monkeypatch):
    monkeypatch.setattr(registry, "mail_kinds", registry.Hook())
    words = page(ada).content.decode()
    assert ('name="wanted"' in words, "Nothing at all, please" in words) == (False, True)
    page(ada, nothing="")
    assert (ada.refused_kinds, "You may write to me again" in page(ada).content.decode()) == ({EVERYTHING}, True)
    Client().post(ada.personal_path)
    assert ada.refused_kinds == set()


def test_preferences_with_a_kind_that_is_none_answer_at_the_field(ada):
    response = page(ada, wanted=["nonsense"])
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["wanted"])


@pytest.mark.parametrize(("asked", "refused"), [("circular", "circular"), ("", EVERYTHING), ("former", EVERYTHING)])
def test_one_click_refuses_the_mails_kind(ada, asked, refused):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"{ada.personal_path}?kind={asked}", {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, ada.refused_kinds) == (204, {refused})


def test_one_click_twice_does_no_more_than_once(ada):
    for _click in range(2):
        Client().post(f"{ada.personal_path}?kind=circular", {"List-Unsubscribe": "One-Click"})
    assert OptOut.objects.get().kinds == ["circular"]


def test_one_click_followed_by_a_scanner_changes_nothing(ada):
    Client().get(f"{ada.personal_path}?kind=circular")
    Client().head(f"{ada.personal_path}?kind=circular")
    assert OptOut.objects.count() == 0


def test_opt_out_outlives_the_contact(ada):
    services.opt_out(ada, "circular", source=OptOut.Source.PAGE)
    ada.delete()
    assert Contact.objects.of("ADA@Example.org").refused_kinds == {"circular"}


def test_opt_out_does_not_hold_the_address(ada):
    services.opt_out(ada, "circular", source=OptOut.Source.PAGE)
    stored = " ".join(str(value) for value in OptOut.objects.values_list().get())
    assert ("ada" in stored, fingerprint_of("ada@example.org") in stored) == (False, True)


def test_reachable_leaves_out_who_opted_out_or_bounced(ada):
    gone, open_ = Contact.objects.of("gone@example.org"), Contact.objects.of("open@example.org")
    services.opt_out(ada, "circular", source=OptOut.Source.PAGE)
    services.record_bounce(gone, "550 gone")
    assert list(Contact.objects.reachable("circular")) == [open_]
    assert list(Contact.objects.reachable("invitation").order_by("address")) == [ada, open_]


def test_complaint_refuses_everything(ada):
    services.record_complaint(ada)
    assert (ada.refused_kinds, OptOut.objects.get().source) == ({EVERYTHING}, "complaint")


def test_bounce_is_news_once(ada):
    assert (services.record_bounce(ada, "550 gone"), services.record_bounce(ada, "551 gone")) == (True, False)
    ada.refresh_from_db()
    assert ada.bounce == "550 gone"


def test_address_that_works_again_is_no_bounce(ada):
    services.record_bounce(ada, "550 gone")
    services.forget_bounce(ada, by=factories.coordinator())
    ada.refresh_from_db()
    assert (ada.has_bounced, ada.bounce) == (False, "")


def test_address_that_never_bounced_cannot_work_again(ada):
    with pytest.raises(services.ContactError) as refusal:
        services.forget_bounce(ada, by=factories.coordinator())
    assert str(refusal.value) == "Mails to this address do not come back."


def test_wish_told_to_a_coordinator_is_kept_once(ada):
    by = factories.coordinator()
    services.told_a_coordinator(ada, by=by)
    assert (ada.refused_kinds, OptOut.objects.get().source) == ({EVERYTHING}, "person")
    with pytest.raises(services.ContactError):
        services.told_a_coordinator(ada, by=by)


def test_address_is_normalised():
    assert normalise(" Zoë@MÜNCHEN.example ") == "zoë@xn--mnchen-3ya.example"
    with pytest.raises(ValueError):
        normalise("nobody")


def test_contact_of_a_person_moves_with_their_address():
    person = factories.user(email="old@example.org")
    old = Contact.objects.of("old@example.org", user=person)
    new = Contact.objects.of("new@example.org", user=person)
    old.refresh_from_db()
    assert (old.user, new.user) == (None, person)


def test_contact_address_is_there_once(ada):
    with pytest.raises(IntegrityError):
        Contact.objects.create(address="ada@example.org")
