from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.directory.models import Member
from portal.shared.storage import private_storage

RUNNING = ("checking", "importing", "undoing")  # states in which a worker has something to do
KEPT_FOR = timedelta(days=30)  # the list and what it told of each person; as long an import can be undone
SHOWN_AT_ONCE = 50  # rows on the list's own page
LINK_VALID_FOR = timedelta(days=60)
FIRST_REMINDER, SECOND_REMINDER = timedelta(days=14), timedelta(days=28)
BETWEEN_REMINDERS = timedelta(days=7)  # at least, also when the first one was late
BETWEEN_LINKS = timedelta(hours=1)  # at least, when somebody asks for a new one


class ImportQuerySet(models.QuerySet["Import"]):
    def running(self) -> Self:
        return self.filter(status__in=RUNNING)

    def waiting(self) -> Self:
        """Those that wait for a coordinator to go on."""
        return self.filter(status__in=["uploaded", "checked"])

    def to_erase(self, now: datetime) -> Self:
        return self.filter(uploaded_at__lt=now - KEPT_FOR, erased_at=None).exclude(status__in=RUNNING)


class Import(models.Model):
    """A list of people who are members already, brought in by a coordinator. The row is the truth of how far it is."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked, nothing imported yet")
        IMPORTING = "importing", _("being imported")
        DONE = "done", _("imported")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("could not be read")

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="imports",
        verbose_name=_("uploaded by"),
    )
    file = models.FileField(_("list"), storage=private_storage, upload_to="imports/", max_length=200, blank=True)
    name = models.CharField(_("list"), max_length=150)
    language = models.CharField(
        _("language of the mails"),
        max_length=5,
        choices=settings.LANGUAGES,
        default="en",
        help_text=_("For everybody whose language the list does not tell."),
    )
    places = models.JSONField(_("columns"), default=dict, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.UPLOADED)
    error = models.CharField(_("what is wrong"), max_length=500, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    finished_at = models.DateTimeField(_("imported on"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("list erased on"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of members")
        verbose_name_plural = _("lists of members")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="import_done_has_moment",
                condition=~models.Q(status__in=["done", "undoing", "undone"]) | models.Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_undone_has_moment",
                condition=models.Q(status="undone", undone_at__isnull=False)
                | ~models.Q(status="undone") & models.Q(undone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def can_be_mapped(self) -> bool:
        """The columns can be chosen, or chosen again."""
        return self.status in {self.Status.UPLOADED, self.Status.CHECKED} and self.erased_at is None

    @property
    def can_be_imported(self) -> bool:
        return self.status == self.Status.CHECKED and self.rows.to_bring_in().exists()

    @property
    def can_be_undone(self) -> bool:
        return self.status == self.Status.DONE and self.erased_at is None and self.rows.brought_in().exists()

    @property
    def can_be_discarded(self) -> bool:
        """Nobody was brought in by it yet."""
        return self.status in {self.Status.UPLOADED, self.Status.CHECKED, self.Status.FAILED}

    @property
    def outcomes(self) -> list[tuple[str, str, int]]:
        """What happens to how many rows: the outcome, its words, the number."""
        found = dict(self.rows.order_by().values_list("outcome").annotate(models.Count("pk")))
        return [(str(one), str(one.label), found[one]) for one in ImportRow.Outcome if one in found]

    @property
    def people_to_come(self) -> int:
        return self.rows.to_bring_in().count()

    @property
    def people(self) -> int:
        return self.rows.brought_in().count()

    @property
    def first_problems(self) -> models.QuerySet[ImportRow]:
        return self.rows.with_problems()[:SHOWN_AT_ONCE]

    @property
    def first_that_stayed(self) -> models.QuerySet[ImportRow]:
        return self.rows.brought_in().exclude(stayed="").select_related("member__user")[:SHOWN_AT_ONCE]


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def to_bring_in(self) -> Self:
        return self.filter(outcome__in=["new", "account"], imported_at=None)

    def brought_in(self) -> Self:
        """Made a profile that was not taken out again."""
        return self.filter(imported_at__isnull=False, undone_at=None)

    def to_take_out(self) -> Self:
        return self.brought_in().filter(stayed="")

    def with_problems(self) -> Self:
        return self.filter(outcome="problem")


class ImportRow(models.Model):
    """A row of a list: what it told of a person, what that would lead to, and what it did lead to."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new: gets an account and a profile")
        ACCOUNT = "account", _("has an account: gets a profile")
        MEMBER = "member", _("a member already: left as it is")
        FORMER = "former", _("was a member: left as it is")
        REFUSED = "refused", _("does not want mail from us: left out")
        PROBLEM = "problem", _("something is wrong: left out")
        DECLINED = "declined", _("asked to be taken off the list: deleted")

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", verbose_name=_("list of members"))
    member = models.OneToOneField(
        Member,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_row",
        verbose_name=_("member"),
    )
    number = models.PositiveIntegerField(_("row"))
    values = models.JSONField(_("what the list tells"), default=dict)
    problems = models.JSONField(_("problems"), default=list)
    outcome = models.CharField(_("what happens"), max_length=10, choices=Outcome)
    has_made_account = models.BooleanField(_("made the account"), default=False)
    has_made_contact = models.BooleanField(_("made the contact"), default=False)
    imported_at = models.DateTimeField(_("imported on"), null=True, blank=True)
    undone_at = models.DateTimeField(_("taken out on"), null=True, blank=True)
    stayed = models.CharField(_("why it stayed"), max_length=200, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of lists")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="importrow_number_once"),
            models.CheckConstraint(
                name="importrow_taken_out_was_brought_in",
                condition=models.Q(undone_at__isnull=True) | models.Q(imported_at__isnull=False),
            ),
        ]
        indexes = [
            # counting and listing by what happens, and the next ones to bring in
            models.Index(fields=["source", "outcome", "number"], name="importrow_outcome"),
        ]

    def __str__(self) -> str:
        return _("Row %(number)s") % {"number": self.number}

    @property
    def email(self) -> str:
        return self.values.get("email", "")

    @property
    def words(self) -> str:
        """What is wrong, in one line."""
        return " ".join(f"{column}: {words}" if column else words for column, words in self.problems)

    @property
    def person(self) -> str:
        """Who this is about, as far as the list tells."""
        return self.values.get("name") or self.email or str(self)


class ProfileClaimQuerySet(models.QuerySet["ProfileClaim"]):
    def waiting(self) -> Self:
        return self.filter(claimed_at=None, member__status=Member.Status.UNCLAIMED, member__user__is_active=True)

    def to_remind(self, now: datetime) -> Self:
        """A first time two weeks after the mail, a second time after four, never within a week of another mail."""
        first = models.Q(reminders=0, mailed_at__lte=now - FIRST_REMINDER)
        second = models.Q(reminders=1, mailed_at__lte=now - SECOND_REMINDER)
        return self.waiting().filter(first | second, link_sent_at__lte=now - BETWEEN_REMINDERS)


class ProfileClaimManager(models.Manager["ProfileClaim"]):
    def get_queryset(self) -> ProfileClaimQuerySet:
        return ProfileClaimQuerySet(self.model, using=self._db)

    def waiting(self) -> ProfileClaimQuerySet:
        return self.get_queryset().waiting()

    def to_remind(self, now: datetime) -> ProfileClaimQuerySet:
        return self.get_queryset().to_remind(now)

    def by_token(self, token: str, *, valid_for: timedelta | None = LINK_VALID_FOR) -> ProfileClaim:
        """The claim that a link is for. Raises SignatureExpired for an old link, BadSignature for none of ours, and
        DoesNotExist where the profile is gone."""
        pk = signing.loads(token, salt=ProfileClaim.SALT, max_age=valid_for)
        return self.get_queryset().select_related("member__user", "member__country").get(pk=pk)


class ProfileClaim(models.Model):
    """A profile taken from a list waits for its person, who alone can open it, by a link that was mailed to them."""

    SALT = "members.intake.claim"

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="claim", verbose_name=_("member"))
    has_made_account = models.BooleanField(
        _("the account was made with it"), default=False, help_text=_("It goes when the person wants to be taken off.")
    )
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    mailed_at = models.DateTimeField(_("written to"), default=timezone.now)
    link_sent_at = models.DateTimeField(_("last link sent"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)

    objects = ProfileClaimManager()

    class Meta:
        verbose_name = _("profile to be claimed")
        verbose_name_plural = _("profiles to be claimed")
        ordering = ["-mailed_at"]
        constraints = [
            models.CheckConstraint(name="profileclaim_reminded_twice_at_most", condition=models.Q(reminders__lte=2)),
        ]
        indexes = [
            # the daily sweep: to_remind()
            models.Index(
                fields=["reminders", "mailed_at"],
                name="profileclaim_to_remind",
                condition=models.Q(claimed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def personal_path(self) -> str:
        """A fresh link in the person's language. It holds a token: for mails to that person, and their own pages."""
        with override(self.member.user.language):
            return reverse("claim", args=[signing.dumps(self.pk, salt=self.SALT)])

    @property
    def is_waiting(self) -> bool:
        return self.claimed_at is None and self.member.is_unclaimed and self.member.user.is_active
