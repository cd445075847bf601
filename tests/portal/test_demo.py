"""The small demo, built once for this file and rolled back after it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from events.calendar.models import Event
from members.directory.models import Member
from members.joining.models import MembershipApplication
from members.recruitment.models import Drive
from portal.demo import accounts, cast, plates, portraits, scenarios
from portal.demo.drawing import outlines, turned
from portal.group.models import Page, Region
from portal.outbox.models import OutgoingMail
from portal.users.models import User
from reporters.coverage.models import Coverage, Photo, Post

NOW = timezone.now()


@pytest.fixture(scope="module")
def _demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        scenarios.build(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_demo, db):
    """The demo is there; what a test changes is undone."""


def test_demo_has_its_accounts_with_the_demo_password(demo):
    people = User.objects.filter(email__in=accounts.ROLES)
    assert people.count() == 6
    assert {user.check_password(accounts.password()) for user in people} == {True}
    verified = EmailAddress.objects.filter(user__in=people, verified=True, primary=True)
    assert set(verified.values_list("email", flat=True)) == set(accounts.ROLES)
    assert set(User.objects.coordinators().values_list("email", flat=True)) == {
        address for address, role in accounts.ROLES.items() if role == "coordinator"
    }


def test_demo_accounts_sign_in_at_the_form(demo):
    typed = {"login": "member@example.org", "password": accounts.password()}
    assert Client().post("/accounts/login/", typed).headers["Location"] == "/me/"


def test_demo_has_twelve_members_of_all_regions(demo):
    assert Member.objects.count() == 12
    assert Region.objects.filter(countries__members__isnull=False).distinct().count() == Region.objects.count() == 8
    assert Member.objects.filter(visibility="members").count() == 2
    assert not [member for member in Member.objects.all() if member.is_bare or not member.portrait]
    assert not Member.objects.filter(topics=None).exists()


def test_demo_members_came_by_approved_applications(demo):
    decided = MembershipApplication.objects.filter(status="approved")
    assert decided.count() == 12
    assert not [one for one in decided if one.user_id == one.decided_by_id or one.decided_at <= one.submitted_at]
    assert {one.user.member.joined_on == one.decided_at.date() for one in decided} == {True}
    assert MembershipApplication.objects.waiting().get().user.name == cast.APPLICANT.name


def test_demo_has_events_around_today(demo):
    published = Event.objects.published()
    assert published.count() == 10
    assert published.on_now(NOW).get().slug == "cbd-cop"
    assert published.on_now(NOW).get().day_number == 3
    assert published.filter(status="published", starts_at__gt=NOW).count() == 6
    assert published.past(NOW).count() == 2
    assert published.get(status="postponed").slug == "europarc-conference"
    assert set(published.values_list("are_dates_illustrative", flat=True)) == {True}


def test_demo_events_were_entered_before_anybody_wrote_about_them(demo):
    assert {piece.event.created_at < piece.created_at for piece in Coverage.objects.all()} == {True}


def test_demo_has_an_online_event_with_times(demo):
    event = Event.objects.get(mode="online")
    assert (event.is_all_day, event.zone, event.country) == (False, "Europe/London", None)


def test_demo_has_coverage_in_every_state(demo):
    states = [Coverage.objects.filter(status=state).count() for state in ("approved", "submitted", "draft")]
    assert states == [3, 1, 1]
    assert set(Coverage.objects.approved().values_list("language", flat=True)) == {"en", "fr", "es"}
    assert Coverage.objects.drafts_of(User.objects.get(email="reporter@example.org")).count() == 1
    assert Post.objects.get().url == "https://mangrove-notes.example/chairs"
    assert {"\n> " in piece.body for piece in Coverage.objects.approved()} == {True}


def test_demo_published_photos_are_public_and_described(demo):
    public = Photo.objects.filter(coverage__status="approved")
    assert public.count() == 4
    assert not [photo for photo in public if not (photo.is_public and photo.alt)]
    assert not [photo for photo in Photo.objects.exclude(pk__in=public) if photo.is_public]


def test_demo_coverage_has_a_past(demo):
    newest = Coverage.objects.approved().newest().first()
    assert newest.decided_at == NOW - timedelta(hours=20)
    assert newest.created_at < newest.submitted_at < newest.decided_at
    assert newest.past.latest().history_date == newest.decided_at
    assert newest.past.earliest().history_date == newest.created_at


def test_demo_members_have_a_past(demo):
    oldest = Member.objects.order_by("joined_on").first()
    assert (NOW.date() - oldest.joined_on).days == 900
    assert oldest.past.latest().history_date.date() == oldest.joined_on


@pytest.mark.parametrize("address", ["/pages/about/", "/pages/privacy/"])
@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_demo_pages_speak_three_languages(demo, language, address):
    with translation.override(language.strip("/") or "en"):
        text = Page.objects.get(slug=address.split("/")[2]).text
        assert text.language == (language.strip("/") or "en")
        answer = Client().get(language + address)
    assert text.title in answer.content.decode()


def test_demo_page_texts_pass_the_editor_unchanged():
    for path in scenarios.PAGES.glob("*.html"):
        body = path.read_text(encoding="utf-8").split("\n", 3)[3]
        field = scenarios.PageText._meta.get_field("body")
        assert field.clean(body, None) == body


def test_demo_queues_few_mails(demo):
    assert OutgoingMail.objects.count() == 48  # 17 of them invitations
    assert not OutgoingMail.objects.exclude(contact__address__endswith="@example.org").exists()


@pytest.mark.parametrize("address", ["/", "/members/", "/events/", "/events/cbd-cop/", "/coverage/", "/wall/COP17/"])
def test_demo_pages_answer(demo, address):
    assert Client().get(address).status_code == 200


def test_portraits_differ_and_stay_the_same():
    drawn = [portraits.portrait(person.looks) for person in (*cast.COORDINATORS, *cast.MEMBERS)]
    assert len(set(drawn)) == 12
    assert portraits.portrait(cast.COORDINATORS[0].looks) == drawn[0]


def test_plates_differ():
    assert len({plates.plate(name) for name in plates.PLATES}) == len(plates.PLATES)


@pytest.mark.parametrize(
    ("path", "ends"),
    [
        ("M1 2h3v4z", [(1, 2), (4, 2), (4, 6), (1, 2)]),
        ("M1 2H3V4L5 6", [(1, 2), (3, 2), (3, 4), (5, 6)]),
        ("m1 2 3 4", [(1, 2), (4, 6)]),
    ],
)
def test_outlines_of_straight_lines(path, ends):
    assert outlines(path) == [ends]


def test_outlines_of_a_curve_end_where_it_ends():
    (line,) = outlines("M0 0c0 10 10 10 10 0s10 -10 10 0")
    assert (line[0], line[-1]) == ((0, 0), (20, 0))
    assert max(y for _x, y in line) == pytest.approx(7.5, abs=0.1)
    assert min(y for _x, y in line) == pytest.approx(-7.5, abs=0.1)


def test_turned_turns_clockwise_on_the_screen():
    assert turned([(1, 0)], 90, to=(5, 5))[0] == pytest.approx((5, 6))


def test_demo_has_a_drive_half_way(demo):
    drive = Drive.objects.get()
    assert (drive.status, drive.steps.count(), drive.invitations.exclude(mails=None).count()) == ("running", 2, 17)
    assert drive.invitations.exclude(opened_at=None).count() == 9
    assert drive.invitations.exclude(declined_at=None).count() == 1
    assert drive.package.texts.count() == 3
