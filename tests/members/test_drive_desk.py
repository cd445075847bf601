"""Drives at the desk: from an empty page to people who were written to, as a coordinator sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.packages.models import PackageText
from members.prospects import services as lists
from members.recruitment import audience, editing, services, writing
from members.recruitment.models import Drive, Invitation, Step
from portal.contacts import services as contacts
from portal.contacts.models import Contact
from portal.group.models import Region, SpecialtyGroup
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
ADA, BEN = "Ada Obi <ada@example.org>", "Ben Ito <ben@example.org>"
TEXTS = {"subject_en": "Dear {name}", "body_en": "See\n\n{link}"}


@pytest.fixture
def desk(signed_in):
    return signed_in(factories.coordinator(email="coord@example.org"))


def page(drive, name="change", *args, **query):
    return reverse(f"admin:members_drive_{name}", args=[drive.pk, *args], query=query or None)


def press(client, drive, button):
    seen = client.get(page(drive)).context["seen"]
    return client.post(page(drive), {"decision": button, "seen": seen}, follow=True)


def start(client, drive, **data):
    seen = client.get(page(drive, "start")).context["seen"]
    return client.post(page(drive, "start"), {"when": "now", "seen": seen, **data})


def state(drive):
    return Drive.objects.get(pk=drive.pk).status


# --- preparing ------------------------------------------------------------------------------------------------------
def test_drive_added_begins_with_good_texts_in_each_language(desk):
    package = factories.package()
    response = desk.post("/admin/members/drive/add/", {"name": "Spring", "kind": "recruitment", "package": package.pk})
    drive = Drive.objects.get()
    assert response["Location"] == page(drive)
    steps = list(drive.steps.all())
    assert [(step.days, step.languages) for step in steps] == [(0, ["English", "Français", "Español"]),
                                                              (10, ["English", "Français", "Español"])]  # fmt: skip
    SpecialtyGroup.objects.update(postal_address="Gland")
    assert list(desk.get(page(drive)).context["figures"].problems) == ["There is nobody in the audience."]


def test_circular_added_begins_with_one_mail_and_no_package(desk):
    data = {"name": "News", "kind": "circular", "package": factories.package().pk, "takes_colleagues": "on"}
    desk.post("/admin/members/drive/add/", data)
    drive = Drive.objects.get()
    assert (drive.package, drive.takes_colleagues, drive.steps.count()) == (None, False, 1)


def test_drive_without_a_name_is_refused_and_keeps_what_was_chosen(desk):
    response = desk.post("/admin/members/drive/add/", {"name": "", "kind": "circular"})
    assert (response.context["form"].errors.keys(), Drive.objects.count()) == ({"name"}, 0)
    assert response.context["form"]["kind"].value() == "circular"


def test_drive_page_says_what_comes_next(desk):
    drive = factories.drive()
    assert "Next: say whom it is for." in desk.get(page(drive)).text
    factories.add_to(drive, ADA)
    assert "Next: look through it, send yourself a test, and start it." in desk.get(page(drive)).text
    SpecialtyGroup.objects.update(postal_address="")
    assert "Next: mend what stands under “Check”." in desk.get(page(drive)).text


def test_drive_page_tells_how_many_are_left_out_and_why(desk):
    factories.member("Mem Ber", email="member@example.org")
    drive = factories.drive(ADA, "Mem Ber <member@example.org>")
    figures = desk.get(page(drive)).context["figures"]
    assert (figures.people, figures.written_to) == (2, 1)
    assert figures.left_out == [("member", "is or was a member", 1)]


def test_drive_name_and_package_change_until_it_starts(desk):
    drive, other = factories.drive(ADA), factories.package()
    desk.post(page(drive, "edit"), {"name": "Autumn", "package": other.pk, "takes_colleagues": "on"})
    drive = Drive.objects.get()
    assert (drive.name, drive.package, drive.takes_colleagues) == ("Autumn", other, True)
    services.start(drive, by=factories.coordinator())
    desk.post(page(drive, "edit"), {"name": "Winter", "package": factories.package().pk})
    drive = Drive.objects.get()
    assert (drive.name, drive.package) == ("Winter", other)


# --- starting -------------------------------------------------------------------------------------------------------
def test_drive_start_says_how_many_and_starts_once(desk):
    drive = factories.drive(ADA, BEN)
    assert "Start: write to 2 people" in desk.get(page(drive, "start")).text
    start(desk, drive)
    assert state(drive) == "running"
    assert desk.get(page(drive, "start"))["Location"] == page(drive)
    desk.post(page(drive, "start"), {"when": "now", "seen": ""})
    assert (state(drive), writing.sweep(), writing.sweep()) == ("running", 2, 0)


def add_somebody(drive):
    factories.add_to(drive, BEN)


def swap_somebody(drive):
    audience.clear(drive)
    factories.add_to(drive, BEN)


def change_mail(drive):
    drive.steps.update(body_en="Other words {link}")


def change_package(drive):
    PackageText.objects.filter(package=drive.package).update(title="Other words")


def change_choice(drive):
    Drive.objects.update(package=factories.package())


@pytest.mark.parametrize("change", [add_somebody, swap_somebody, change_mail, change_package, change_choice])
def test_drive_that_changed_since_it_was_read_does_not_start(desk, change):
    drive = factories.drive(ADA)
    seen = desk.get(page(drive, "start")).context["seen"]
    change(drive)
    response = desk.post(page(drive, "start"), {"when": "later", "at": "2199-01-01T09:00", "seen": seen})
    assert (state(drive), OutgoingMail.objects.count()) == ("draft", 0)
    assert "This has changed since you opened it." in response.text
    assert response.context["form"]["at"].value() == "2199-01-01T09:00"


def test_drive_with_a_problem_cannot_come_to_its_start(desk):
    drive = factories.drive()
    assert desk.get(page(drive, "start"))["Location"] == page(drive) + "#check"
    desk.post(page(drive, "start"), {"when": "now"})
    assert state(drive) == "draft"


def test_drive_does_not_start_while_people_are_still_being_added(desk):
    drive = factories.drive(ADA)
    found = factories.prospects("Ben,ben@example.org", of=drive)
    lists.add(found, by=found.uploaded_by)
    assert desk.get(page(drive, "start"))["Location"] == page(drive) + "#check"
    with pytest.raises(services.DriveError, match="still being added"):
        services.start(drive, by=found.uploaded_by)
    lists.carry_on(found.pk)
    start(desk, drive)
    assert (state(drive), drive.invitations.count()) == ("running", 2)


def test_drive_start_at_a_time_is_in_the_zone_that_the_page_names(desk):
    drive = factories.drive(ADA)
    day = timezone.now() + timedelta(days=3)
    assert "time zone UTC" in desk.get(page(drive, "start")).text
    start(desk, drive, when="later", at=f"{day:%Y-%m-%dT%H:%M}")
    drive = Drive.objects.get()
    assert (drive.status, drive.starts_at) == ("scheduled", day.replace(second=0, microsecond=0))
    assert "(UTC)" in desk.get(page(drive)).text


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"when": ""}, "when", "Say when."),
        ({"when": "later"}, "at", "Say on which day, and at what time."),
        ({"when": "later", "at": "2020-01-01T09:00"}, "at", "This moment has passed."),
        ({"when": "later", "at": "soon"}, "at", "Enter a valid date/time."),
    ],
)
def test_drive_start_without_a_good_moment_is_refused_at_the_field(desk, data, field, words):
    drive = factories.drive(ADA)
    response = start(desk, drive, **data)
    assert (response.context["form"].errors[field], state(drive)) == ([words], "draft")


BUTTONS = [
    ("scheduled", "unschedule", "draft"),
    ("running", "pause", "paused"),
    ("paused", "resume", "running"),
    ("running", "cancel", "cancelled"),
    ("held", "cancel", "cancelled"),
]


def in_state(state, *people):
    drive = factories.drive(*(people or [ADA]), days=(0, 7))
    by, now = factories.coordinator(), timezone.now()
    if state in {"scheduled", "held"}:
        drive = services.start(drive, by=by, at=now + timedelta(hours=1))
    if state == "held":
        writing.sweep(now=now + timedelta(days=1))
    if state in {"running", "paused", "cancelled"}:
        drive = services.start(drive, by=by)
    if state == "paused":
        services.pause(drive, by=by)
    if state == "cancelled":
        services.cancel(drive, by=by)
    return Drive.objects.get(pk=drive.pk)


@pytest.mark.parametrize(("before", "button", "after"), BUTTONS)
def test_drive_button_leads_to_the_next_state(desk, before, button, after):
    drive = in_state(before)
    press(desk, drive, button)
    assert state(drive) == after


OPEN = {
    "draft": {"clear", "look", "discard"},
    "scheduled": {"unschedule", "cancel"},
    "held": {"clear", "look", "cancel"},
    "running": {"pause", "cancel"},
    "paused": {"resume", "cancel", "look"},
    "cancelled": set(),
}


@pytest.mark.parametrize("before", OPEN)
def test_drive_page_in_each_state_shows_the_buttons_that_are_open(desk, before):
    response = desk.get(page(in_state(before)))
    assert (response.status_code, set(response.context["acts"])) == (200, OPEN[before])


def test_drive_can_be_paused_while_colleagues_join_its_audience(desk):
    drive = in_state("running")
    seen = desk.get(page(drive)).context["seen"]
    Invitation.objects.create(drive=drive, contact=Contact.objects.of("new@example.org"))
    desk.post(page(drive), {"decision": "pause", "seen": seen})
    assert state(drive) == "paused"


def test_drive_discarded_is_gone_with_its_people(desk):
    drive = factories.drive(ADA)
    response = press(desk, drive, "discard")
    assert (response.redirect_chain[-1][0], Drive.objects.count()) == ("/admin/members/drive/", 0)


def test_drive_decision_on_a_page_out_of_date_is_refused(desk):
    drive = factories.drive(ADA)
    response = desk.post(page(drive), {"decision": "discard", "seen": "draft old"})
    assert ("This has changed since you opened it." in response.text, Drive.objects.count()) == (True, 1)


# --- whom it is for -------------------------------------------------------------------------------------------------
def test_audience_emptied_and_filled_from_an_earlier_drive(desk):
    earlier, drive = factories.drive(ADA, BEN), factories.drive("Cy <cy@example.org>")
    press(desk, drive, "clear")
    assert drive.invitations.count() == 0
    response = desk.post(page(drive, "earlier"), {"earlier": earlier.pk}, follow=True)
    assert ("2 people are added." in response.text, drive.invitations.count()) == (True, 2)


def test_audience_of_an_earlier_drive_is_of_the_same_kind_and_has_people(desk):
    circular, nobody, other = factories.drive(kind="circular"), factories.drive(), factories.drive(ADA)
    audience_form = desk.get(page(factories.drive(), "earlier")).context["form"]
    assert list(audience_form.fields["earlier"].queryset) == [other]
    response = desk.post(page(nobody, "earlier"), {"earlier": circular.pk})
    assert "earlier" in response.context["form"].errors


def test_audience_of_a_circular_is_members_by_topic_and_region(desk):
    kenya = factories.country()
    factories.member("Ada Obi", email="ada@example.org", country=kenya)
    factories.member("Ben Ito", email="ben@example.org")
    drive = factories.drive(kind="circular")
    region = Region.objects.get(pk=kenya.region_id)
    response = desk.post(page(drive, "members"), {"regions": [region.pk]}, follow=True)
    assert ("One person is added." in response.text, drive.invitations.get().name) == (True, "Ada Obi")
    desk.post(page(drive, "members"), {})
    assert drive.invitations.count() == 2


def test_circular_leaves_out_who_is_no_member(desk):
    factories.member("Ada Obi", email="ada@example.org")
    drive = factories.drive(ADA, BEN, kind="circular")
    assert desk.get(page(drive)).context["figures"].left_out == [("no_member", "is no member", 1)]
    start(desk, drive)
    writing.sweep()
    assert [mail.contact.address for mail in OutgoingMail.objects.select_related("contact")] == ["ada@example.org"]


def test_audience_of_a_drive_that_began_stays(desk):
    drive, other = in_state("running"), factories.drive(BEN)
    desk.post(page(drive, "earlier"), {"earlier": other.pk})
    assert drive.invitations.count() == 1


def people(client, drive, **query):
    address = reverse("admin:members_invitation_changelist", query={"drive__id__exact": drive.pk, **query})
    return [str(one) for one in client.get(address).context["cl"].result_list]


def test_people_can_be_listed_by_reason_before_and_after_the_start(desk):
    drive = factories.drive(ADA, BEN)
    contacts.opt_out(drive.invitations.get(name="Ben Ito").contact, "invitation", source="page")
    for _round in ("before", "after"):
        assert people(desk, drive, why="none") == ["Ada Obi"]
        assert people(desk, drive, why="opted_out") == ["Ben Ito"]
        if state(drive) == "draft":
            start(desk, drive)
    contacts.opt_out(drive.invitations.get(name="Ada Obi").contact, "invitation", source="page")
    assert people(desk, drive, why="none") == ["Ada Obi"]


def test_people_can_be_listed_by_their_mails_and_answers(desk):
    drive = factories.running(ADA, BEN)
    OutgoingMail.objects.filter(contact__address="ada@example.org").update(status="failed")
    drive.invitations.filter(name="Ben Ito").update(opened_at=timezone.now())
    assert people(desk, drive, mail="failed") == ["Ada Obi"]
    assert people(desk, drive, mail="waiting") == ["Ben Ito"]
    assert people(desk, drive, mail="none") == []
    assert people(desk, drive, far="opened") == ["Ben Ito"]
    assert people(desk, drive, q="ada@") == ["Ada Obi"]


def test_person_can_be_taken_out_before_the_start_and_not_after(desk):
    drive = factories.drive(ADA, BEN)
    chosen = drive.invitations.get(name="Ada Obi")
    address = reverse("admin:members_invitation_change", args=[chosen.pk])
    seen = desk.get(address).context["seen"]
    desk.post(address, {"decision": "remove", "seen": seen})
    left = drive.invitations.get()
    start(desk, drive)
    data = {"action": "take_out", "_selected_action": [left.pk]}
    response = desk.post(reverse("admin:members_invitation_changelist"), data, follow=True)
    assert "The audience of a drive that has begun stays as it is." in response.text
    assert list(drive.invitations.all()) == [left]


def test_people_never_show_the_token_of_their_link(desk):
    drive = factories.running(ADA)
    invitation = drive.invitations.select_related("contact").get()
    step = drive.steps.get()
    addresses = [page(drive), page(drive, "preview", step.pk, person=invitation.pk), page(drive, "people"),
                 page(drive, "preview_html", step.pk, person=invitation.pk), page(drive, "page", person=invitation.pk),
                 reverse("admin:members_invitation_change", args=[invitation.pk]),
                 reverse("admin:members_invitation_changelist")]  # fmt: skip
    for address in addresses:
        response = desk.get(address)
        text = b"".join(response.streaming_content).decode() if response.streaming else response.text
        assert (invitation.token in text, invitation.contact.key in text) == (False, False), address


# --- what they get --------------------------------------------------------------------------------------------------
def test_follow_up_written_changed_and_deleted(desk):
    drive = factories.drive(ADA)
    desk.post(page(drive, "mail_add"), {"days": 5, **TEXTS})
    step = drive.steps.get(days=5)
    desk.post(page(drive, "mail", step.pk), {"days": 6, **TEXTS, "subject_en": "Again"})
    assert list(drive.steps.values_list("days", "subject_en")) == [(0, "Day 0, {name}"), (6, "Again")]
    desk.post(page(drive, "mail_delete", step.pk))
    assert drive.steps.count() == 1


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"days": 0}, "days", "A follow-up leaves one day after the first mail, or later."),
        ({"days": 7}, "__all__", "Two mails of a drive cannot leave on the same day."),
        ({"days": 900}, "days", "Ensure this value is less than or equal to 365."),
        ({"subject_fr": "Bonjour"}, "body_fr", "Write both subject and text in Français, or neither."),
        ({"body_es": "Hola {link}"}, "subject_es", "Write both subject and text in Español, or neither."),
        ({"body_en": "No way"}, "body_en", "Put {link} where the way to their page should stand."),
        ({"subject_en": "Dear {nam}"}, "subject_en",
         "There is no {nam}. What is filled in for each person: {name}, {link}, {inviter}, {group}."),
    ],
)  # fmt: skip
def test_mail_that_cannot_be_sent_so_is_refused_at_the_field_with_all_that_was_typed(desk, data, field, words):
    drive = factories.drive(ADA, days=(0, 7))
    typed = {"days": 5, **TEXTS, **data}
    form = desk.post(page(drive, "mail_add"), typed).context["form"]
    assert (form.errors, drive.steps.count()) == ({field: [words]}, 2)
    assert form["body_en"].value() == typed["body_en"]


def test_mail_that_somebody_was_written_stays_as_they_read_it(desk):
    drive = factories.running(ADA, days=(0, 7))
    services.pause(drive, by=factories.coordinator())
    first, second = drive.steps.all()
    desk.post(page(drive, "mail", first.pk), {**TEXTS, "subject_en": "Other"})
    desk.post(page(drive, "mail", second.pk), {**TEXTS, "subject_en": "Other", "days": 8})
    desk.post(page(drive, "mail_delete", first.pk))
    assert list(drive.steps.values_list("days", "subject_en")) == [(0, "Day 0, {name}"), (8, "Other")]


@pytest.mark.parametrize("before", ["scheduled", "running", "cancelled"])
def test_mails_of_a_drive_that_was_read_and_started_stay(desk, before):
    drive = in_state(before)
    step = drive.steps.get(days=7)
    assert desk.get(page(drive, "mail", step.pk))["Location"] == page(drive) + "#what"
    desk.post(page(drive, "mail", step.pk), {"days": 7, **TEXTS, "subject_en": "Other"})
    desk.post(page(drive, "mail_delete", step.pk))
    assert drive.steps.get(days=7).subject_en == "Day 7, {name}"


def test_drive_resumed_with_a_mail_unfit_to_send_is_refused():
    drive = in_state("paused")
    Step.objects.filter(drive=drive, days=7).update(body_en="No way")
    with pytest.raises(services.DriveError, match="nobody could answer"):
        services.resume(drive, by=factories.coordinator())


def test_preview_shows_the_mail_as_anybody_gets_it_in_each_language(desk):
    drive = factories.drive(ADA, BEN)
    step = drive.steps.get()
    Step.objects.update(subject_fr="Bonjour {name}", body_fr="Voici {link} de {group}")
    ben = drive.invitations.get(name="Ben Ito")
    assert desk.get(page(drive, "preview", step.pk, person=ben.pk)).context["mail"].subject == "Day 0, Ben Ito"
    mail = desk.get(page(drive, "preview", step.pk, person=ben.pk, language="fr")).context["mail"]
    assert (mail.subject, SpecialtyGroup.objects.current().name_fr in mail.text) == ("Bonjour Ben Ito", True)
    assert [str(one) for one in desk.get(page(drive, "preview", step.pk, q="BEN@")).context["found"]] == ["Ben Ito"]
    assert "they get the text in English." in desk.get(page(drive, "preview", step.pk, language="es")).text


def test_preview_is_in_a_sandbox_and_nothing_of_a_name_is_markup(desk):
    drive = factories.drive("<img src=x> <ada@example.org>")
    response = desk.get(page(drive, "preview_html", drive.steps.get().pk))
    assert ("<img" in response.text, "&lt;img src=x&gt;" in response.text) == (False, True)
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_preview_of_an_empty_audience_is_the_coordinators_own(desk):
    drive = factories.drive()
    assert desk.get(page(drive, "preview", drive.steps.get().pk)).context["mail"].subject == "Day 0, Coord Inator"


def test_test_mail_goes_to_whoever_asks_alone_and_nothing_counts_it(desk):
    drive = factories.drive(ADA)
    desk.post(page(drive, "preview", drive.steps.get().pk, language="fr"))
    mail = OutgoingMail.objects.get()
    assert (mail.contact.address, mail.subject, mail.lane) == ("coord@example.org", "[Test] Day 0, Coord Inator", 2)
    assert page(drive, "page") in mail.text
    assert list(drive.invitations.values_list("contact__address", flat=True)) == ["ada@example.org"]


def test_page_is_shown_as_they_will_see_it_and_nothing_happens_there(desk):
    drive = factories.drive(ADA, package=factories.package(en="Who we are", fr="Qui nous sommes"))
    assert "Qui nous sommes" in desk.get(page(drive, "page", language="fr")).text
    text = desk.get(page(drive, "page")).text
    assert ["Ada Obi" in text, "Who we are" in text] == [True, True]
    assert Invitation.objects.get().opened_at is None


def test_page_without_a_package_leads_back_and_says_so(desk):
    drive = factories.drive(ADA, package=None)
    assert "Choose a package first" in desk.get(page(drive, "page"), follow=True).text


# --- links ----------------------------------------------------------------------------------------------------------
def test_links_are_looked_at_and_what_came_of_it_is_shown(desk):
    drive = factories.drive(ADA)
    Step.objects.update(body_en="See https://gone.example/x and {link}")
    response = press(desk, drive, "look")
    assert (response.context["is_looking"], "js/progress.js" in response.text) == (True, True)
    Drive.objects.update(links={"https://gone.example/x": "no_host"},
                         links_checked_at=timezone.now() + timedelta(seconds=2))  # fmt: skip
    response = desk.get(response.redirect_chain[-1][0])
    assert (response.context["is_looking"], response.context["is_live"]) == (False, False)
    assert "The link https://gone.example/x does not answer: There is no site of this name." in response.text
    start(desk, drive)
    assert state(drive) == "running"


# --- while it runs, and after ---------------------------------------------------------------------------------------
def test_drive_page_is_live_while_mails_leave_and_still_afterwards(desk):
    drive = factories.running(ADA, BEN, days=(0, 7))
    assert desk.get(page(drive)).context["is_live"]
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    response = desk.get(page(drive))
    assert (response.context["is_live"], "2 of 2 first mails are through" in response.text) == (False, True)
    assert f"From {timezone.now() + timedelta(days=7):%-d %B %Y} on, “Day 7, {{name}}” leaves" in response.text


def test_drive_page_draws_the_funnel_and_leads_to_those_whose_mails_did_not_leave(desk):
    drive = factories.running(ADA, BEN, "Cy <cy@example.org>", "Di <di@example.org>")
    OutgoingMail.objects.update(status="sent", sent_at=timezone.now())
    for address, status in (("cy@example.org", "failed"), ("di@example.org", "unknown")):
        OutgoingMail.objects.filter(contact__address=address).update(status=status, sent_at=None)
    drive.invitations.filter(name="Ada Obi").update(opened_at=timezone.now(), joined_at=timezone.now())
    response = desk.get(page(drive))
    counts = {stage.name: (stage.count, stage.percent) for stage in response.context["figures"].funnel}
    assert [counts[name] for name in ("mailed", "opened", "joined")] == [(2, 100), (1, 50), (1, 50)]
    assert '<rect width="50" height="6" />' in response.text
    for status in ("failed", "unknown"):
        assert f"drive__id__exact={drive.pk}&amp;mail={status}" in response.text


def test_mail_that_is_not_kept_any_more_still_counts_as_sent():
    drive = factories.running(ADA)
    OutgoingMail.objects.all().delete()
    assert drive.invitations.all().mailed().count() == 1


def sheet(client, address):
    response = client.get(address)
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content).decode()


def test_people_as_csv_run_in_no_spreadsheet_and_are_read_by_excel(desk):
    drive = factories.running("=2+5 <ada@example.org>", "Zoë <zoe@example.org>")
    lines = sheet(desk, page(drive, "people")).split("\r\n")
    assert lines[0] == "\ufeffName,E-mail address,invited by,not written to,opened the page,said no,applied,joined"
    assert lines[1:3] == ["'=2+5,ada@example.org,,,,,,", "Zoë,zoe@example.org,,,,,,"]


def test_result_as_csv_has_a_row_for_each_mail_and_each_stage(desk):
    drive = factories.running(ADA, days=(0, 7))
    lines = sheet(desk, page(drive, "result")).split("\r\n")
    assert lines[1:3] == ['"Day 0, {name}",0,0,1,0,0,0,0,0', '"Day 7, {name}",7,0,0,0,0,0,0,0']
    assert "were mailed,0" in lines


def test_list_of_drives_tells_people_mailed_and_joined(desk):
    drive = factories.running(ADA, BEN)
    OutgoingMail.objects.filter(contact__address="ada@example.org").update(status="sent", sent_at=timezone.now())
    drive.invitations.filter(name="Ada Obi").update(joined_at=timezone.now())
    (row,) = desk.get("/admin/members/drive/?q=spr&status__exact=running").context["cl"].result_list
    assert (row.number, row.sent, row.came) == (2, 1, 1)


def test_drive_prepared_for_somebody_is_nobody_elses_business(signed_in, client):
    drive = factories.drive(ADA)
    readers = [client, signed_in(factories.member().user), signed_in(factories.moderator())]
    assert [reader.get(page(drive)).status_code for reader in readers] == [302, 302, 403]


def test_drive_change_refused_leaves_it_as_it_was():
    drive = in_state("scheduled")
    drive.name = "Other"
    with pytest.raises(services.DriveError):
        editing.change(drive, by=factories.coordinator())
    assert Drive.objects.get().name == "Spring"
