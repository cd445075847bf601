"""What stands in the mails of a drive: fields filled once and never evaluated, links, reasons, and what is checked."""

import pytest
from django.core.exceptions import ValidationError

from members.recruitment import checks, letters, services
from members.recruitment.models import Step
from portal.group.models import SpecialtyGroup
from portal.outbox.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


def written(body, *, name="Ada Obi", subject="For {name}", kind="recruitment", **step):
    """The mail of one text to one person."""
    drive = factories.drive(f"{name} <ada@example.org>", days=(), kind=kind)
    made = Step.objects.create(drive=drive, subject_en=subject, body_en=body, **step)
    return services.preview(made, drive.invitations.get())


def lines(mail):
    return mail.text.split("\n\n-- \n")[0].strip().split("\n")


def test_letter_fills_its_fields():
    mail = written("Dear {name},\nlook: {link}\n{inviter} of {group}")
    group, link = SpecialtyGroup.objects.current(), mail.contact.invitations.get().personal_path
    assert mail.subject == "For Ada Obi"
    assert lines(mail) == ["Dear Ada Obi,", f"look: http://localhost:8000{link}", f"{group.short_name} of {group.name}"]


@pytest.mark.parametrize(
    "name",
    ["{link}", "{inviter}{group}", "{name}", "%(name)s", "{0.__class__}", "{{ settings.SECRET_KEY }}", "{% now 'Y' %}"],
)
def test_letter_takes_a_name_as_it_is_and_evaluates_nothing(name):
    mail = written("Dear {name}, {0} %s {{ name }} {% name %}", name=name)
    assert lines(mail) == [f"Dear {name}, {{0}} %s {{{{ name }}}} {{% name %}}"]


def test_letter_shows_markup_in_a_name_as_text():
    mail = written("Dear {name}", name="<b>Ada</b><script>x</script>&amp;")
    assert "<b>Ada" not in mail.html
    assert "&lt;b&gt;Ada&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;&amp;amp;" in mail.html


def test_letter_to_somebody_without_a_name_greets_a_colleague():
    assert lines(written("Dear {name}", name="")) == ["Dear colleague"]


def test_letter_keeps_its_subject_on_one_line():
    assert (
        written("{link}", subject="One\r\nBcc: all@example.org\n{name}").subject == "One Bcc: all@example.org Ada Obi"
    )


def test_letter_makes_paragraphs_links_and_a_button():
    mail = written("First <line>\nsecond\n\nSee https://example.org/a?b=1&c=2.\n\n{link}")
    link = f"http://localhost:8000{mail.contact.invitations.get().personal_path}"
    assert "<p>First &lt;line&gt;<br>second</p>" in mail.html
    assert '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>.' in mail.html
    assert f'<a class="act" href="{link}"' in mail.html
    assert mail.html.count("See what it is about") == 1


def test_letter_says_why_one_gets_it_where_the_address_is_from_and_how_to_end_it():
    mail = written("{link}")
    for body in (mail.text, mail.html):
        assert "We have your address from: A conference in Nairobi." in body
        assert mail.contact.personal_path in body
        assert "Rue Mauverney 28" in body


def test_letter_to_an_invited_colleague_names_who_invited():
    drive, member = factories.drive("Ben Ito <ben@example.org>"), factories.member("Ada Obi")
    invitation = drive.invitations.get()
    invitation.invited_by = member.user
    mail = services.preview(drive.steps.get(), invitation)
    assert lines(mail)[-1].startswith("Ada Obi of ")
    assert "You get this because Ada Obi invited you." in mail.text


def test_letter_is_in_the_persons_language_where_that_is_written_else_in_english():
    drive = factories.drive(days=())
    step = Step.objects.create(
        drive=drive, subject_en="Hello", body_en="Come: {link}", subject_fr="Bonjour", body_fr="Venez : {link}"
    )
    for language in ("fr", "es"):
        factories.add_to(drive, f"Ada <{language}@example.org>", language=language)
    found = {one.language: services.preview(step, one) for one in drive.invitations.all()}
    assert {language: mail.subject for language, mail in found.items()} == {"fr": "Bonjour", "es": "Hello"}
    assert 'lang="fr"' in found["fr"].html
    assert 'lang="en"' in found["es"].html


def test_letter_headers_are_those_of_mails_to_many():
    mail = written("{link}")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.contact.personal_path in mail.headers["List-Unsubscribe"]
    assert mail.headers["List-Id"].startswith("<invitation.")


def test_circular_leads_to_the_members_own_page():
    drive = factories.drive("Ada <ada@example.org>", kind="circular", days=())
    step = Step.objects.create(drive=drive, subject_en="News", body_en="{link}")
    mail = services.preview(step, drive.invitations.get())
    assert lines(mail) == ["http://localhost:8000/me/"]
    assert "You get this because you are a member of" in mail.text


# --- before it starts -----------------------------------------------------------------------------------------------
def problems(**step):
    drive = factories.drive("Ada <ada@example.org>", days=())
    Step.objects.create(drive=drive, **({"subject_en": "Hello", "body_en": "{link}"} | step))
    return checks.problems(drive)


def test_drive_in_order_has_no_problems():
    assert problems() == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"body_en": "{link} {nmae}"}, "“Hello” asks for {nmae}, which does not exist."),
        ({"subject_en": "{x}"}, "“{x}” asks for {x}, which does not exist."),
        ({"body_en": "Dear {name}"}, "“Hello” (English) has no {link}: nobody could answer it."),
        ({"subject_fr": "Salut", "body_fr": "Rien"}, "“Salut” (Français) has no {link}: nobody could answer it."),
        ({"body_en": "{link}" + " long" * 30_000}, "“Hello” (English) is longer than mail programs show."),
        ({"days": 3}, "There is no first mail."),
    ],
)
def test_drive_text_with_a_fault_is_told(step, words):
    assert problems(**step) == [words]


def test_drive_without_anything_is_told_all_of_it():
    drive = factories.drive(days=(), package=None)
    SpecialtyGroup.objects.update(postal_address="")
    assert checks.problems(drive) == [
        "The group has no postal address, and mails to many must show one. Enter it in the group’s settings.",
        "There is no first mail.",
        "Choose a package with a text: the link in the mail leads there.",
        "There is nobody in the audience.",
    ]
    with pytest.raises(services.DriveError, match="no postal address"):
        services.start(drive, by=factories.coordinator())


def test_drive_whose_whole_audience_is_left_out_cannot_start():
    member = factories.member("Ada")
    drive = factories.drive(f"Ada <{member.user.email}>")
    with pytest.raises(services.DriveError, match="Everybody in the audience is left out"):
        services.start(drive, by=factories.coordinator())


def test_two_mails_of_one_day_are_refused():
    drive = factories.drive(days=(0, 7))
    with pytest.raises(ValidationError, match="cannot leave on the same day"):
        Step(drive=drive, days=7, subject_en="Again", body_en="{link}").full_clean()


def test_addresses_of_a_drive_are_those_of_its_mails_and_its_package():
    drive = factories.drive(days=())
    Step.objects.create(
        drive=drive, subject_en="A", body_en="{link} https://a.example/x?y=1&z=2, then", body_fr="(http://b.example)"
    )
    drive.package.texts.update(body='<p><a href="https://c.example/?a=1&amp;b=2">c</a></p>')
    assert letters.addresses_of(drive) == {
        "https://a.example/x?y=1&z=2",
        "http://b.example",
        "https://c.example/?a=1&b=2",
    }


# --- a test mail ----------------------------------------------------------------------------------------------------
def test_test_mail_goes_to_the_coordinator_alone_and_counts_nowhere():
    drive, coordinator = factories.drive("Ada <ada@example.org>"), factories.coordinator("Cora Dee")
    services.send_test(drive.steps.get(), to=coordinator)
    mail = OutgoingMail.objects.get()
    assert (mail.contact.address, mail.lane, mail.subject) == (coordinator.email, 2, "[Test] Day 0, Cora Dee")
    assert f"/admin/members/drive/{drive.pk}/page/" in mail.text
    assert not drive.steps.get().is_locked
