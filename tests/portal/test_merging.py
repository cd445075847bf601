"""Two accounts of one person become one: nothing is lost, nobody gains a right, nothing points to the one that went."""

from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage

from members.conduct import services as conduct
from members.conduct.models import LetterReport, WritingBan
from members.directory import services as directory
from members.directory.models import Link, Member
from members.intake.models import Import, ImportRow, ProfileClaim
from members.joining import services as joining
from members.joining.models import MembershipApplication
from members.membership.models import RenewalRound, ReturnRequest
from members.prospects.models import ProspectList
from members.recruitment.models import Drive
from members.statements import services as statements
from members.statements.models import Acceptance
from portal import registry
from portal.contacts import services as contacts
from portal.contacts.models import Contact
from portal.group.models import Topic
from portal.outbox.models import OutgoingMail
from portal.personal.models import DataExport
from portal.users import merging
from portal.users.models import User
from reporters.coverage.models import Coverage
from tests import factories, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return factories.coordinator()


@pytest.fixture
def two():
    """The account that stays and the one that goes."""
    return factories.user("Ada Obi", "ada@example.org"), factories.user("Ada M. Obi", "obi@example.org")


def everything_of(person):
    """One row at least behind each relation to an account, but for what only staff have."""
    member = directory.enrol(person)
    directory.set_links(member, ["https://example.org/ada"])
    member.topics.add(Topic.objects.first())
    version, by = factories.version(), factories.coordinator()
    other = factories.application(factories.user("Other"), accepts=version)
    MembershipApplication.objects.filter(pk=other.pk).update(asked_by=person, decided_by=None)
    joining.decline(other, by=by, reason="No.")
    MembershipApplication.objects.filter(pk=other.pk).update(decided_by=person)
    statements.accept(person, version)
    MembershipApplication.objects.create(user=person, country=factories.country(), motivation="I teach.")
    coverage = factories.approved(person)
    Coverage.objects.filter(pk=coverage.pk).update(decided_by=person)
    Coverage.history.filter(id=coverage.pk).update(history_user=person)
    Contact.objects.of(person.email, user=person)
    SocialAccount.objects.create(user=person, provider="elsewhere", uid="7")
    factories.with_second_factor(person)
    LogEntry.objects.create(user=person, action_flag=2)
    source = Import.objects.create(uploaded_by=person)
    ImportRow.objects.create(source=source, member=member, number=1, outcome="new", has_made_account=True)
    ProfileClaim.objects.create(member=member, has_made_account=True)
    RenewalRound.objects.filter(pk=factories.renewal_round().pk).update(begun_by=person)
    drive = factories.drive("Zoe Ito <zoe@example.org>")
    drive.invitations.update(user=person, invited_by=person)
    Drive.objects.filter(pk=drive.pk).update(started_by=person)
    ProspectList.objects.create(drive=drive, uploaded_by=person, source="a list", basis="interest")
    DataExport.objects.create(user=person)
    letter = factories.letter(by=person)
    ban = conduct.ban(factories.reported(letter), by=by, words="No selling.")
    WritingBan.objects.filter(pk=ban.pk).update(begun_by=person, lifted_by=person)
    LetterReport.objects.update(decided_by=person)
    ReturnRequest.objects.create(member=member, status="approved", decided_by=person, decided_at=member.user.joined_at)
    return member


def pointing_to(pk):
    relations = [merging.label(relation) for relation in merging.relations_to(User)]
    return [name for name in relations if merging.rows(name, pk).exists()]


# --- every relation -------------------------------------------------------------------------------------------------
def test_merge_rules_answer_for_every_relation_to_an_account_or_a_member():
    """Versions of rows need no rule: those of an account's rows follow, those of a profile that went stay its own."""
    ruled = [name for rule in registry.merge_rules for name in rule.relations]
    every = [
        merging.label(relation)
        for model in (User, Member)
        for relation in merging.relations_to(model)
        if not merging.is_history(relation)
    ]
    assert sorted(ruled) == sorted(every)


NOT_OF_THIS_PERSON = {"portal.User_groups.user", "portal.User_user_permissions.user"}  # staff are not merged away


@pytest.mark.parametrize("has_profile", [False, True])
def test_merge_leaves_nothing_that_points_to_the_account_that_went(two, by, has_profile):
    keep, gone = two
    everything_of(gone)
    every = {merging.label(relation) for relation in merging.relations_to(User)}
    missing = {name for name in every - set(pointing_to(gone.pk)) if "Historical" not in name}
    assert missing == NOT_OF_THIS_PERSON
    if has_profile:
        directory.enrol(keep)
    pk = gone.pk
    merging.merge(keep, gone, by=by)
    assert (User.objects.filter(pk=pk).exists(), pointing_to(pk)) == (False, [])


# --- who may --------------------------------------------------------------------------------------------------------
def test_merge_is_refused_to_who_is_no_coordinator(two):
    with pytest.raises(merging.MergeError, match="Only coordinators"):
        merging.merge(*two, by=factories.moderator())


REFUSED = [
    ("same", "same one"),
    ("own to keep", "your own account"),
    ("own to go", "your own account"),
    ("staff to go", "so this account stays"),
    ("staff to keep", "Only a superuser"),
    ("closed to keep", "may not sign in"),
    ("deleted", "is gone already"),
]


@pytest.mark.parametrize(("case", "words"), REFUSED)
def test_merge_that_makes_no_sense_is_refused_and_changes_nothing(two, by, case, words):
    keep, gone = two
    pair = {
        "same": lambda: (keep, keep),
        "own to keep": lambda: (by, gone),
        "own to go": lambda: (keep, by),
        "staff to go": lambda: (keep, factories.moderator()),
        "staff to keep": lambda: (factories.moderator(), gone),
        "closed to keep": lambda: (closed(keep), gone),
        "deleted": lambda: (keep, User(pk=0)),
    }[case]()
    before = list(User.objects.order_by("pk").values())
    with pytest.raises(merging.MergeError, match=words):
        merging.merge(*pair, by=by)
    assert list(User.objects.order_by("pk").values()) == before
    assert OutgoingMail.objects.count() == 0


def closed(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person


def test_merge_into_an_account_of_staff_is_a_superusers(two):
    staff = factories.moderator()
    merging.merge(staff, two[1], by=factories.superuser())
    assert [group.name for group in staff.groups.all()] == ["Moderators"]


# --- the account ----------------------------------------------------------------------------------------------------
def test_merge_brings_confirmed_addresses_that_sign_in_and_no_others(two, by, client):
    keep, gone = two
    EmailAddress.objects.create(user=gone, email="stranger@example.org", verified=False)
    merging.merge(keep, gone, by=by)
    addresses = EmailAddress.objects.exclude(user=by).order_by("email").values_list("user", "email", "primary")
    assert list(addresses) == [(keep.pk, "ada@example.org", True), (keep.pk, "obi@example.org", False)]
    response = client.post("/accounts/login/", {"login": "obi@example.org", "password": factories.PASSWORD})
    assert (response["Location"], client.session["_auth_user_id"]) == ("/me/", str(keep.pk))


def test_merge_of_an_address_that_one_account_had_not_confirmed_keeps_it_confirmed(two, by):
    keep, gone = two
    EmailAddress.objects.create(user=keep, email="obi@example.org", verified=False)
    merging.merge(keep, gone, by=by)
    assert EmailAddress.objects.get(email="obi@example.org").verified is True


def test_merge_keeps_the_older_day_and_a_way_in(two, by):
    keep, gone = two
    keep.set_unusable_password()
    keep.save()
    User.objects.filter(pk=gone.pk).update(joined_at="2020-01-01T00:00Z")
    keep = merging.merge(keep, gone, by=by)
    assert (keep.joined_at.year, keep.check_password(factories.PASSWORD)) == (2020, True)


def test_merge_ends_the_second_step_of_the_account_that_goes(two, by):
    keep, gone = two
    factories.with_second_factor(gone)
    merging.merge(keep, gone, by=by)
    assert Authenticator.objects.exclude(user=by).count() == 0


def test_merge_keeps_mails_with_their_address_and_what_was_refused(two, by):
    keep, gone = two
    kept, other = (Contact.objects.of(one.email, user=one) for one in two)
    contacts.opt_out(other, "circular", source="page")
    merging.merge(keep, gone, by=by)
    assert dict(Contact.objects.filter(pk__in=[kept.pk, other.pk]).values_list("pk", "user")) == {
        kept.pk: keep.pk, other.pk: None,
    }  # fmt: skip
    assert kept.refused_kinds == {"circular"}


def test_merge_is_told_to_both_addresses_and_written_down(two, by):
    keep, gone = two
    merging.merge(keep, gone, by=by)
    mails = OutgoingMail.objects.filter(kind="accounts_merged").values_list("contact__address", flat=True)
    assert sorted(mails) == ["ada@example.org", "obi@example.org"]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (by, str(keep.pk))
    assert entry.change_message == "Merged with Ada M. Obi (obi@example.org)"


# --- the profile ----------------------------------------------------------------------------------------------------
def test_merge_moves_a_profile_with_its_address_and_visibility(two, by):
    keep, gone = two
    member = directory.enrol(gone, headline="Teacher", visibility="everyone")
    merging.merge(keep, gone, by=by)
    assert list(Member.objects.values_list("pk", "user", "headline", "slug")) == [
        (member.pk, keep.pk, "Teacher", "ada-m-obi")
    ]


def test_merge_fills_the_gaps_of_a_profile_and_overwrites_nothing(two, by):
    keep, gone = two
    mine = directory.enrol(keep, headline="Teacher", languages=["fr"], on=factories.date(2024, 5, 1))
    theirs = directory.enrol(
        gone, headline="Baker", bio="Ask me.", languages=["en", "fr"], country=factories.country(),
        visibility="everyone", on=factories.date(2021, 5, 1),
    )  # fmt: skip
    first, second = Topic.objects.all()[:2]
    mine.topics.add(first)
    theirs.topics.add(first, second)
    merging.merge(keep, gone, by=by)
    member = Member.objects.get()
    assert (member.pk, member.headline, member.bio, member.country.code) == (mine.pk, "Teacher", "Ask me.", "KE")
    assert (member.languages, member.visibility, member.joined_on.year) == (["fr", "en"], "members", 2021)
    assert set(member.topics.all()) == {first, second}


def test_merge_takes_a_portrait_where_there_is_none_and_forgets_the_other(two, by, committed):
    keep, gone = two
    members = [directory.enrol(one) for one in two]
    for member in members:
        directory.set_portrait(member, pictures.jpeg())
    mine, theirs = (member.portrait.name for member in members)
    with committed():
        merging.merge(keep, gone, by=by)
    assert (Member.objects.get().portrait.name, default_storage.exists(mine)) == (mine, True)
    assert default_storage.exists(theirs) is False


def test_merge_adds_links_once_each(two, by):
    mine, theirs = (directory.enrol(one) for one in two)
    directory.set_links(mine, ["https://example.org/a", "https://example.org/b"])
    directory.set_links(theirs, ["https://example.org/b", "https://example.org/c"])
    merging.merge(*two, by=by)
    assert [link.url[-1] for link in Link.objects.filter(member=mine)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("mine", "theirs", "after"),
    [("unclaimed", "active", "active"), ("active", "unclaimed", "active"), ("removed", "active", "removed")],
)
def test_merge_leaves_a_member_in_force_unless_removed(two, by, mine, theirs, after):
    for one, status in zip(two, (mine, theirs), strict=True):
        left_at = factories.timezone.now() if status == "removed" else None
        directory.enrol(one, status=status, left_at=left_at)
    merging.merge(*two, by=by)
    assert Member.objects.get().status == after


def test_merge_of_an_imported_profile_makes_the_account_stay(two, by):
    member = everything_of(two[1])
    merging.merge(*two, by=by)
    assert (ProfileClaim.objects.get().has_made_account, ImportRow.objects.get().has_made_account) == (False, False)
    assert ProfileClaim.objects.get().member_id == member.pk


# --- what they wrote ------------------------------------------------------------------------------------------------
def test_merge_settles_the_open_application_of_who_is_a_member(two, by):
    directory.enrol(two[0])
    application = factories.application(two[1])
    merging.merge(*two, by=by)
    application.refresh_from_db()
    assert (application.user, application.status, application.decided_by) == (two[0], "settled", by)


def test_merge_of_two_open_applications_leaves_the_newest_open(two, by):
    first, second = (factories.application(one) for one in two)
    merging.merge(*two, by=by)
    assert dict(MembershipApplication.objects.values_list("pk", "status")) == {
        first.pk: "settled", second.pk: "submitted",
    }  # fmt: skip


def test_merge_of_who_accepted_twice_keeps_the_earlier_moment(two, by):
    version = factories.version()
    for one in two:
        statements.accept(one, version)
    Acceptance.objects.filter(user=two[1]).update(accepted_at="2020-01-01T00:00Z")
    merging.merge(*two, by=by)
    assert [(one.user, one.accepted_at.year) for one in Acceptance.objects.all()] == [(two[0], 2020)]


def test_merge_of_one_form_sent_from_both_accounts_keeps_both_pieces(two, by):
    key, event = uuid4(), factories.event()
    for one in two:
        Coverage.objects.create(author=one, client_key=key, event=event, headline=one.name)
    merging.merge(*two, by=by)
    assert [one.author for one in Coverage.objects.all()] == [two[0], two[0]]


# --- at the desk ----------------------------------------------------------------------------------------------------
def page(keep, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/admin/portal/user/{keep.pk}/merge/?{query}"


def test_desk_offers_people_of_a_like_name_and_finds_others_by_address(two, by, signed_in):
    keep = two[0]
    factories.user("Wren Kakegamic", "wren@example.org")
    client = signed_in(by)
    found = [
        [one.name for one in client.get(page(keep, **asked)).context["found"]]
        for asked in ({}, {"q": "WREN@"}, {"q": "kakeg"}, {"q": "\0nobody"})
    ]
    assert found == [["Ada M. Obi"], ["Wren Kakegamic"], ["Wren Kakegamic"], []]
    assert f"/admin/portal/user/{keep.pk}/merge/" in client.get(f"/admin/portal/user/{keep.pk}/change/").text


def test_desk_compares_two_accounts_and_merges_nothing_before_it_is_confirmed(two, by, signed_in):
    keep, gone = two
    gone.name = "<b>Ada</b>"
    gone.save()
    directory.enrol(gone)
    text = signed_in(by).get(page(keep, other=gone.pk)).text
    wanted = ["&lt;b&gt;Ada&lt;/b&gt;", "obi@example.org", "Members (account): 1", "Merge the two"]
    assert [words for words in wanted if words not in text] == []
    assert User.objects.filter(pk=gone.pk).exists()


def test_desk_merges_by_post(two, by, signed_in):
    keep, gone = two
    response = signed_in(by).post(page(keep), {"other": gone.pk})
    assert response["Location"] == f"/admin/portal/user/{keep.pk}/change/"
    assert User.objects.filter(pk=gone.pk).exists() is False


def test_desk_says_why_it_does_not_merge(two, by, signed_in):
    keep, staff = two[0], factories.moderator("Mode Rator")
    client = signed_in(by)
    shown, sent = client.get(page(keep, other=staff.pk)), client.post(page(keep), {"other": staff.pk})
    words = "Mode Rator may enter the desk, so this account stays."
    assert [words in one.text for one in (shown, sent)] == [True, True]
    assert "Merge the two" not in shown.text
    assert User.objects.filter(pk=staff.pk).exists()


@pytest.mark.parametrize("other", ["0", "ada", "9" * 40, "-1"])
def test_desk_asked_for_nobody_lets_choose_again(two, by, signed_in, other):
    response = signed_in(by).get(page(two[0], other=other))
    assert (response.status_code, response.context["gone"]) == (200, None)
