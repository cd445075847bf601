"""Requests that people write to members. Each side's address stays hidden until the member answers and shows both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.directory.models import Member
from portal.contacts.models import Contact
from portal.group.models import Topic
from portal.registry import Viewer

WORDS_AT_MOST = 2000  # of a request, and of its answer
CONFIRM_WITHIN = timedelta(days=3)  # who has no account says by a link that the address is theirs
REMINDED_AFTER = timedelta(days=7)
CLOSED_AFTER = timedelta(days=30)
KEPT_FOR = timedelta(days=90)  # the words of both, after a request is closed or its report is decided
REFERENCE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_reference() -> str:
    """Sixteen signs (79 bits) that nobody guesses."""
    return get_random_string(16, REFERENCE_SIGNS)


class LetterQuerySet(models.QuerySet["Letter"]):
    def sent(self) -> Self:
        """Those that have reached the member: not those that wait for a stranger's confirmation."""
        return self.exclude(status=Letter.Status.UNCONFIRMED)

    def waiting(self) -> Self:
        """Those that wait for the member's answer."""
        return self.filter(status=Letter.Status.OPEN)

    def received_by(self, viewer: Viewer) -> Self:
        return self.sent().filter(recipient__user_id=viewer.pk)

    def written_by(self, viewer: Viewer) -> Self:
        return self.filter(writer_id=viewer.pk)

    def of_person(self, viewer: Viewer) -> Self:
        """What somebody may read: what they got and what they wrote."""
        return self.sent().filter(models.Q(recipient__user_id=viewer.pk) | models.Q(writer_id=viewer.pk))

    def waiting_first(self) -> Self:
        """Those that wait before all others, whoever waits longest first; then the newest."""
        is_open = models.Case(models.When(status=Letter.Status.OPEN, then=0), default=1)
        age = models.Case(models.When(status=Letter.Status.OPEN, then=models.F("sent_at")))
        return self.order_by(is_open, age, "-sent_at", "pk")

    def with_people(self) -> Self:
        """What a list or a mail tells, in a fixed number of queries."""
        return self.select_related("recipient__user", "writer", "contact", "topic")

    def to_remind_of(self, now: datetime) -> Self:
        """Unanswered for a week, not reminded of yet, and an answer still helps."""
        late = self.waiting().filter(sent_at__lte=now - REMINDED_AFTER, reminded_at=None)
        day = timezone.localdate(now)
        return late.filter(models.Q(helps_until=None) | models.Q(helps_until__gte=day))

    def to_close(self, now: datetime) -> Self:
        return self.waiting().filter(sent_at__lte=now - CLOSED_AFTER)

    def never_confirmed(self, now: datetime) -> Self:
        return self.filter(status=Letter.Status.UNCONFIRMED, sent_at__lte=now - CONFIRM_WITHIN)

    def to_erase(self, now: datetime) -> Self:
        """Closed for as long as words are kept; those that coordinators look at stay until that long after it."""
        old = self.filter(closed_at__lte=now - KEPT_FOR, erased_at=None)
        return old.exclude(report__status="submitted").exclude(report__decided_at__gt=now - KEPT_FOR)


class LetterManager(models.Manager["Letter"].from_queryset(LetterQuerySet)):  # type: ignore[misc]
    def by_token(self, token: str) -> Letter:
        """The request that a link of confirmation is for. Raises BadSignature for none of ours and one that is too
        old, and DoesNotExist where the request is gone."""
        reference = signing.loads(token, salt=Letter.SALT, max_age=CONFIRM_WITHIN)
        found: Letter = self.get_queryset().with_people().get(reference=reference)
        return found


class Letter(models.Model):
    """A request to a member: by an account, or by somebody without one who has confirmed their address."""

    SALT = "members.letters.confirm"

    class Kind(models.TextChoices):
        QUESTION = "question", _("ask a question")
        SPEAK = "speak", _("invite you to speak or teach")
        WORK = "work", _("work together on something")
        OTHER = "other", _("ask for something else")

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("not confirmed yet")
        OPEN = "open", _("waits for an answer")
        ANSWERED = "answered", pgettext_lazy("request", "answered")
        DECLINED = "declined", _("declined")
        REPORTED = "reported", _("reported")
        CLOSED = "closed", _("closed without an answer")

    reference = models.CharField(_("reference"), max_length=16, unique=True, default=new_reference, editable=False)
    recipient = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="letters", verbose_name=_("to"))
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("from"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("address of who has no account"),
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters", verbose_name=_("topic")
    )
    name = models.CharField(_("name of who has no account"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.QUESTION)
    words = models.TextField(_("words"), max_length=WORDS_AT_MOST, blank=True)
    helps_until = models.DateField(_("an answer helps until"), null=True, blank=True)
    is_from_outside = models.BooleanField(_("from outside the group"), default=False)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.OPEN)
    answer = models.TextField(_("answer"), max_length=WORDS_AT_MOST, blank=True)
    shares_addresses = models.BooleanField(_("addresses are shown to each other"), default=False)
    sent_at = models.DateTimeField(_("written"), default=timezone.now)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("request", "closed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("words erased"), null=True, blank=True)

    objects = LetterManager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-sent_at"]
        indexes = [
            # limits: what somebody wrote, or got, in a week; lists of one's own
            models.Index(fields=["writer", "sent_at"], name="letter_by_account"),
            models.Index(fields=["contact", "sent_at"], name="letter_by_address"),
            models.Index(fields=["recipient", "sent_at"], name="letter_to_member"),
            # the sweep: to_remind_of(), to_close(), never_confirmed()
            models.Index(
                fields=["sent_at"], name="letter_unsettled", condition=models.Q(status__in=["open", "unconfirmed"])
            ),
            # the sweep: to_erase()
            models.Index(fields=["closed_at"], name="letter_to_erase", condition=models.Q(erased_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_has_one_writer",
                condition=models.Q(writer__isnull=False, contact__isnull=True)
                | models.Q(writer__isnull=True, contact__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["writer", "recipient"], condition=models.Q(status="open"), name="letter_one_open_of_account"
            ),
            models.UniqueConstraint(
                fields=["contact", "recipient"], condition=models.Q(status="open"), name="letter_one_open_of_address"
            ),
            models.CheckConstraint(
                name="letter_closed_has_moment",
                condition=models.Q(status__in=["unconfirmed", "open"], closed_at__isnull=True)
                | ~models.Q(status__in=["unconfirmed", "open"]) & models.Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_addresses_shown_by_answer",
                condition=models.Q(shares_addresses=False) | models.Q(status="answered"),
            ),
        ]

    def __str__(self) -> str:
        return self.writer_name

    def get_absolute_url(self) -> str:
        return reverse("letter", args=[self.reference])

    @property
    def writer_name(self) -> str:
        return str(self.writer) if self.writer else self.name

    @property
    def writer_address(self) -> str:
        """For nobody's eyes before `shares_addresses`."""
        return self.writer.email if self.writer else self.contact.address  # type: ignore[union-attr]

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_unconfirmed(self) -> bool:
        return self.status == self.Status.UNCONFIRMED

    @property
    def is_answered(self) -> bool:
        return self.status == self.Status.ANSWERED

    @property
    def is_declined(self) -> bool:
        return self.status == self.Status.DECLINED

    @property
    def is_reported(self) -> bool:
        return self.status == self.Status.REPORTED

    @property
    def is_too_late(self) -> bool:
        """Whether the day until which an answer helps has passed."""
        return self.helps_until is not None and self.helps_until < timezone.localdate()

    @property
    def closes_at(self) -> datetime:
        """When it is closed, if nobody answers."""
        return self.sent_at + CLOSED_AFTER

    @property
    def token(self) -> str:
        """The secret of the link by which somebody without an account confirms it: for a mail to them alone."""
        return signing.dumps(self.reference, salt=self.SALT)
