"""Whole situations, made by the same services and forms that people use; for the demo and for tests.

The services act now. So that a demo has a past, `_happened` afterwards moves what they recorded to its moment.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import ModelForm
from django.utils import timezone

from events.calendar.forms import EventForm
from events.calendar.models import Event
from members.directory.forms import ProfileForm
from members.directory.models import Member
from members.joining import services as joining
from members.joining.models import MembershipApplication
from portal.demo import accounts, cast, correspondence, programme, recruiting, reports
from portal.demo.cast import Person
from portal.demo.plates import plate
from portal.demo.portraits import portrait
from portal.demo.programme import Plan
from portal.demo.reports import Report
from portal.group.models import Country, Page, PageText, Topic
from portal.shared.version import raise_version
from portal.users.models import User
from portal.users.services import appoint_coordinator, verify_address
from reporters.coverage import services as writing
from reporters.coverage.forms import CoverageForm
from reporters.coverage.models import Coverage

PAGES = Path(__file__).parent / "pages"
MENU = {"about": 10, "privacy": 90}  # places in the menu


class ScenarioError(Exception):
    """The portal's own rules refuse a part of the demo; the message names it and says why."""


@transaction.atomic
def build(*, now: datetime | None = None) -> None:
    """The whole small demo, or nothing of it: people, events, coverage and pages."""
    now = now or timezone.now()
    pages()
    people(now=now)
    events(today=timezone.localdate(now))
    coverage(now=now)
    recruiting.drive(by=User.objects.get(email=cast.COORDINATORS[0].email), now=now)
    correspondence.requests(now=now)
    accounts.admit()
    raise_version()


def people(*, now: datetime) -> list[Member]:
    """The coordinators, who took each other in, the other members, and somebody whose application waits."""
    first, second, third = [appoint_coordinator(account(person)) for person in cast.COORDINATORS]
    takers = [second, first, first, *([first, second, third] * len(cast.MEMBERS))]
    joined = [
        join(person, by=by, now=now) for person, by in zip((*cast.COORDINATORS, *cast.MEMBERS), takers, strict=False)
    ]
    application(cast.APPLICANT, at=now - timedelta(hours=26))
    return joined


def account(person: Person) -> User:
    """The person's account, made when it is missing, with a verified address and no password."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, name=person.name, language=person.language)
        verify_address(user)
    return user


def application(person: Person, *, at: datetime) -> MembershipApplication:
    """An application to join, handed in at a moment."""
    user, country = account(person), Country.objects.get(code=person.country)
    handed_in = joining.apply(user, country=country, motivation=person.motivation)
    _happened(user, at, "joined_at")
    return _happened(handed_in, at, "submitted_at")


def join(person: Person, *, by: User, now: datetime) -> Member:
    """The whole way into the group: application, approval two days later, profile with a portrait."""
    approved_at = now - timedelta(days=person.joined)
    handed_in = application(person, at=approved_at - timedelta(days=2))
    _happened(joining.approve(handed_in, by=by), approved_at, "decided_at")
    member = Member.objects.select_related("user").get(user__email=person.email)
    _happened(member, timezone.localdate(approved_at), "joined_on")
    member = profile(member, person)
    _recorded(member, approved_at)
    return member


def profile(member: Member, person: Person) -> Member:
    """What a member tells about themselves, through the form they use."""
    member = Member.objects.select_related("user").get(pk=member.pk)
    typed = {
        "name": person.name,
        "headline": person.headline,
        "organisation": person.organisation,
        "links": "\n".join(person.links),
        "hours_pledged": person.hours,
        "bio": person.bio,
        "city": person.city,
        "country": member.country_id,
        "language": person.language,
        "languages": person.languages,
        "topics": _topics(person.topics),
        "visibility": "everyone" if person.is_for_everyone else "members",
        "takes_requests": True,
    }
    picture = SimpleUploadedFile("portrait.png", portrait(person.looks), "image/png")
    return _saved(ProfileForm(typed, {"new_portrait": picture}, instance=member), person.email)


def events(*, today: date) -> list[Event]:
    """One that is on, six to come, one postponed, two that were."""
    return [event(plan, today=today) for plan in programme.PLANS]


def event(plan: Plan, *, today: date) -> Event:
    """An event as a coordinator entered it at the desk, four months ahead or at least three days ago."""
    country = Country.objects.get(code=plan.country).pk if plan.country else ""
    days = plan.when(today)
    typed = {**plan.fields, **days, "country": country, "topics": _topics(plan.topics)}
    entered_on = min(days["starts_on"] - timedelta(days=120), today - timedelta(days=3))
    entered_at = datetime.combine(entered_on, time(9), UTC)
    return _happened(_saved(EventForm(typed), plan.slug), entered_at, "created_at", "updated_at")


def coverage(*, now: datetime) -> list[Coverage]:
    """Three published pieces, one that waits on the desk, one draft."""
    return [report(written, now=now) for written in (*reports.PUBLISHED, reports.WAITING, reports.DRAFT)]


def report(written: Report, *, now: datetime) -> Coverage:
    """A piece of coverage, brought as far as it says it came: drafted, handed in, published."""
    author = User.objects.get(email=written.author)
    piece = _happened(draft(written, author), now - timedelta(hours=written.begun), "created_at", "saved_at")
    if written.handed_in is not None:
        piece = writing.hand_in(piece, by=author)
        _happened(piece, now - timedelta(hours=written.handed_in), "submitted_at", "saved_at")
    if written.approved is not None:
        piece = writing.approve(piece, by=User.objects.get(email=written.by))
        _happened(piece, now - timedelta(hours=written.approved), "decided_at", "saved_at")
        piece.posts.update(found_at=now - timedelta(hours=written.handed_in or 0))
    return piece


def draft(written: Report, author: User) -> Coverage:
    """The text and its pictures as a draft; each picture with the words that say what it shows."""
    about = Event.objects.get(slug=written.event)
    key = uuid5(NAMESPACE_URL, f"{written.author}/{written.headline}")
    piece = writing.draft(author, client_key=key, event=about, language=written.language)
    typed = {
        "event": about.pk,
        "headline": written.headline,
        "body": written.body,
        "link": written.link,
        "language": written.language,
        "is_for_wall": True,
    }
    _saved(CoverageForm(typed, instance=piece), written.headline)
    for name, shows in written.photos:
        writing.add_photo(piece, SimpleUploadedFile(f"{name}.png", plate(name), "image/png"), alt=shows)
    return piece


def pages() -> list[Page]:
    """The pages `about` and `privacy`, in each language for which there is a text."""
    return [page(slug, place) for slug, place in MENU.items()]


def page(slug: str, place: int) -> Page:
    """A page out of files: the title's line, the summary's line, an empty line, the text."""
    made = _checked(Page(slug=slug, menu_place=place, is_published=True))
    for path in sorted(PAGES.glob(f"{slug}.*.html")):
        title, summary, _blank, body = path.read_text(encoding="utf-8").split("\n", 3)
        language = path.suffixes[0].removeprefix(".")
        _checked(PageText(page=made, language=language, title=title, summary=summary, body=body))
    raise_version()
    return made


def _topics(slugs: Any) -> list[int]:
    return list(Topic.objects.filter(slug__in=slugs).values_list("pk", flat=True))


def _saved(form: ModelForm, what: str) -> Any:
    if not form.is_valid():
        raise ScenarioError(f"{what}: {form.errors.as_json()}")
    return form.save()


def _checked(row: Any) -> Any:
    row.full_clean()
    row.save()
    return row


def _happened(row: Any, when: datetime | date, *fields: str) -> Any:
    """Move these moments or days of a row from now to when they are said to have been; its history follows."""
    type(row).objects.filter(pk=row.pk).update(**dict.fromkeys(fields, when))
    for field in fields:
        setattr(row, field, when)
    if isinstance(when, datetime):
        _recorded(row, when)
    return row


def _recorded(row: Any, when: datetime) -> None:
    """What the history says of the row since `when` was recorded then."""
    if hasattr(row, "past"):
        row.past.filter(history_date__gt=when).update(history_date=when)
