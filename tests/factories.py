"""Rows for tests, each made as the portal makes it. Only what a test gives differs from one call to the next."""

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.calendar.models import Event
from members.conduct import services as conduct
from members.directory import services as directory
from members.intake import services as intake
from members.intake.models import Import, ProfileClaim
from members.joining import services as joining
from members.letters import services as letters
from members.membership.models import RenewalRound
from members.packages.models import Package, PackageText
from members.prospects import services as lists
from members.prospects.models import ProspectList
from members.recruitment import audience, writing
from members.recruitment import services as drives
from members.recruitment.audience import Person
from members.recruitment.models import Drive, Step
from members.statements.models import Statement, Version
from portal.group.models import Country, Page, PageText, SpecialtyGroup
from portal.users.models import COORDINATORS, EDITORS, MODERATORS, User
from reporters.coverage import services as coverages
from tests import pictures

PASSWORD = "correct horse battery"
numbers = count(1)


def user(name="Ada Obi", email=None, **fields):
    """Somebody with a verified address."""
    email = email or f"person{next(numbers)}@example.org"
    person = User.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def member(name="Ada Obi", *, email=None, visibility="everyone", **profile):
    """A `Member`; the account is its `user`."""
    return directory.enrol(user(name, email), visibility=visibility, **profile)


def staff(group, name="Coord Inator", email=None):
    """Somebody who may enter the desk: in a staff group and with a second factor."""
    person = with_second_factor(user(name, email, is_staff=True))
    person.groups.add(Group.objects.get(name=group))
    return person


def coordinator(name="Coord Inator", email=None):
    return staff(COORDINATORS, name, email)


def moderator(name="Mode Rator", email=None):
    return staff(MODERATORS, name, email)


def editor(name="Edi Tor", email=None):
    return staff(EDITORS, name, email)


def superuser(name="Super User", email=None):
    return with_second_factor(user(name, email, is_staff=True, is_superuser=True))


def with_second_factor(person):
    TOTP.activate(person, generate_totp_secret())
    return person


def country(code="KE"):
    return Country.objects.get(code=code)


def event(name="Mangrove schools", *, in_days=0, lasts=1, **fields):
    """An event of `lasts` days, in UTC, that begins `in_days` from today."""
    first = fields.pop("starts_on", None) or timezone.now().date() + timedelta(days=in_days)
    last = fields.pop("ends_on", None) or first + timedelta(days=lasts - 1)
    slug = fields.pop("slug", None) or f"event-{next(numbers)}"
    made = Event(name=name, slug=slug, summary="What we learned.", starts_on=first, ends_on=last)
    for field, value in fields.items():
        setattr(made, field, value)
    made.save()
    made.refresh_from_db()
    return made


def page(slug="about", *, is_published=True, menu_place=0, **titles):
    """A page with a text in each given language: `page("about", en="About", fr="À propos")`."""
    made = Page.objects.create(slug=slug, is_published=is_published, menu_place=menu_place)
    for language, title in (titles or {"en": "About"}).items():
        PageText.objects.create(page=made, language=language, title=title, body=f"<p>{title}: the text.</p>")
    return made


def application(person=None, *, motivation="I teach in a park.", **answers):
    return joining.apply(person or user(), country=country(), motivation=motivation, **answers)


def statement(name="What we expect of each other", *, is_for_joining=True):
    return Statement.objects.create(name_en=name, slug=f"statement-{next(numbers)}", is_for_joining=is_for_joining)


def version(of=None, *, in_force_in_days=-1, text="We answer within a week.", **fields):
    """A version of a statement, in force since yesterday; `in_force_in_days=None` is one still being written."""
    of = of or statement()
    day = None if in_force_in_days is None else timezone.localdate() + timedelta(days=in_force_in_days)
    number = of.versions.count() + 1
    return Version.objects.create(statement=of, number=number, text_en=text, in_force_from=day, **fields)


def list_of_members(*lines, head="Name,E-mail", by=None, language="en"):
    """A list that a coordinator uploaded and whose rows are checked."""
    file = SimpleUploadedFile("members.csv", "\r\n".join([head, *lines]).encode("utf-8-sig"))
    source = intake.upload(file, by=by or coordinator(), language=language)
    intake.choose_columns(source, {}, by=source.uploaded_by)
    intake.carry_on(source.pk)
    return Import.objects.get(pk=source.pk)


def imported(*lines, **fields):
    """A list whose people were brought in."""
    source = list_of_members(*(lines or ["Ada Obi,ada@example.org"]), **fields)
    intake.start(source, by=source.uploaded_by)
    intake.carry_on(source.pk)
    return Import.objects.get(pk=source.pk)


def claim(name="Ada Obi", email=None):
    """A profile that waits for its person."""
    email = email or f"person{next(numbers)}@example.org"
    imported(f"{name},{email}")
    return ProfileClaim.objects.get(member__user__email=email)


def package(name=None, **titles):
    """A package with a page in each given language."""
    made = Package.objects.create(name=name or f"Package {next(numbers)}")
    for language, title in (titles or {"en": "Who we are"}).items():
        PackageText.objects.create(package=made, language=language, title=title, body=f"<p>{title}: the text.</p>")
    return made


def drive(*people, days=(0,), kind="recruitment", source="A conference in Nairobi", **fields):
    """A drive that may start: one mail for each of `days`, and `people` as `"Ada Obi <ada@example.org>"`."""
    SpecialtyGroup.objects.update(postal_address="Rue Mauverney 28, Gland")
    fields = {"package": package()} | fields if kind == "recruitment" else fields
    made = Drive.objects.create(name="Spring", kind=kind, **fields)
    for day in days:
        text = {"subject_en": f"Day {day}, {{name}}", "body_en": "Dear {name},\n\n{link}\n\n{inviter} of {group}"}
        Step.objects.create(drive=made, days=day, **text)
    add_to(made, *people, source=source)
    return made


def add_to(made, *people, source="A conference in Nairobi", language="en"):
    found = [one.removesuffix(">").rpartition(" <") for one in people]
    added = [Person(address, name, language) for name, _mark, address in found]
    return audience.add_people(made, added, source=source, basis="interest")


def running(*people, by=None, now=None, **fields):
    """A drive that was started and whose first mails are written."""
    made = drives.start(drive(*(people or ["Ada Obi <ada@example.org>"]), **fields), by=by or coordinator(), now=now)
    writing.sweep(now=now)
    return Drive.objects.get(pk=made.pk)


def prospects(*lines, of=None, by=None):
    """A list of people for a drive, uploaded and checked."""
    file = SimpleUploadedFile("people.csv", "\r\n".join(["Name,E-mail", *lines]).encode("utf-8-sig"))
    about = {"source": "A conference in Nairobi", "basis": "interest", "language": "en"}
    found = lists.bring(of or drive(), file, by=by or coordinator(), **about)
    lists.carry_on(found.pk)
    return ProspectList.objects.get(pk=found.pk)


def renewal_round(*, opens_in_days=0):
    """A planned round with reminders after 10 and 20 days and 30 days to answer."""
    days = [timezone.localdate() + timedelta(days=opens_in_days + after) for after in (0, 10, 20, 30)]
    names = ("opens_on", "first_reminder_on", "second_reminder_on", "closes_on")
    return RenewalRound.objects.create(name="Cycle", **dict(zip(names, days, strict=True)))


def letter(to=None, *, by=None, words="How do you open a meeting?", **asked):
    """A request that waits for the member's answer."""
    return letters.write(to or member("Kofi Mensah"), by=by or member("Ada Obi").user, words=words, **asked)


def strange_letter(to=None, *, name="Zoe Ito", address="zoe@example.net", confirmed=True, **asked):
    """A request of somebody without an account."""
    asked = {"words": "How do you open a meeting?", "language": "en"} | asked
    made = letters.propose(to or member("Kofi Mensah"), name=name, address=address, **asked)
    return letters.confirm(made) if confirmed else made


def reported(made=None, *, reason="This sells insurance."):
    """A request that its member has reported."""
    made = made or letter()
    return conduct.report(made, by=made.recipient.user, reason=reason)


def draft(author=None, *, of=None, headline="The tables left the room", body="We sat outside.", photos=0, **fields):
    """A draft that only has to be handed in."""
    made = coverages.draft(author or member().user, client_key=uuid4(), event=of or event())
    made.headline, made.body = headline, body
    for field, value in fields.items():
        setattr(made, field, value)
    made.save()
    for number in range(photos):
        coverages.add_photo(made, pictures.jpeg(), alt=f"Picture {number + 1}")
    return made


def submitted(author=None, **fields):
    made = draft(author, **fields)
    return coverages.hand_in(made, by=made.author)


def approved(author=None, *, by=None, **fields):
    return coverages.approve(submitted(author, **fields), by=by or moderator())


def declined(author=None, *, by=None, reason="Please say who spoke.", **fields):
    return coverages.decline(submitted(author, **fields), by=by or moderator(), reason=reason)


IN_STATE = {"draft": draft, "submitted": submitted, "approved": approved, "declined": declined}
YEAR_AGO = date.today() - timedelta(days=365)
