from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.directory.models import Member

LINK_VALID_FOR = timedelta(days=400)  # the same link leads back those who were silent
SOON = timedelta(days=7)


class RenewalRoundQuerySet(models.QuerySet["RenewalRound"]):
    def under_way(self) -> Self:
        """Those in which the clock may have something to do."""
        return self.filter(status__in=["scheduled", "open"])

    def closing_soon(self, today: date) -> Self:
        return self.filter(status=RenewalRound.Status.OPEN, closes_on__lte=today + SOON)


class RenewalRound(models.Model):
    """Every active member is asked whether they stay; those who do not answer until it closes become alumni."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        SCHEDULED = "scheduled", _("begins on its day")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    name = models.CharField(_("name"), max_length=80, help_text=_("Such as: Congress cycle 2025 to 2029."))
    opens_on = models.DateField(_("opens on"), help_text=_("Every active member gets a mail on this day."))
    first_reminder_on = models.DateField(_("first reminder on"))
    second_reminder_on = models.DateField(_("second reminder on"))
    closes_on = models.DateField(
        _("last day to answer"), help_text=_("On the day after, those who have not answered become alumni.")
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="renewal_rounds",
        verbose_name=_("begun by"),
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PLANNED)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    asked_all_at = models.DateTimeField(_("everybody was asked"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = RenewalRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("renewal round")
        verbose_name_plural = _("renewal rounds")
        ordering = ["-opens_on"]
        constraints = [
            models.CheckConstraint(
                name="renewalround_days_in_order",
                condition=models.Q(opens_on__lt=models.F("first_reminder_on"))
                & models.Q(first_reminder_on__lt=models.F("second_reminder_on"))
                & models.Q(second_reminder_on__lt=models.F("closes_on")),
                violation_error_message=_(
                    "The days must follow each other: opening, first reminder, second reminder, last day."
                ),
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="open"),
                name="renewalround_one_open",
                violation_error_message=_("Another round is open."),
            ),
            models.CheckConstraint(
                name="renewalround_open_has_moment",
                condition=~models.Q(status__in=["open", "closed"]) | models.Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="renewalround_closed_has_moment",
                condition=models.Q(status="closed", closed_at__isnull=False)
                | ~models.Q(status="closed") & models.Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_begin(self) -> bool:
        return self.status == self.Status.PLANNED

    @property
    def can_be_cancelled(self) -> bool:
        return self.status in {self.Status.SCHEDULED, self.Status.OPEN}

    @property
    def can_be_edited(self) -> bool:
        return self.status in {self.Status.PLANNED, self.Status.SCHEDULED, self.Status.OPEN}

    @property
    def people_to_ask(self) -> int:
        """How many would get a mail, were it opened now."""
        return Member.objects.to_renew(timezone.localdate()).count()

    @property
    def people_to_lapse(self) -> int:
        """How many would become alumni, were it closed now."""
        return self.renewals.silent().count()

    @property
    def answers(self) -> list[tuple[str, int]]:
        """How many gave which answer so far."""
        found = dict(self.renewals.order_by().values_list("status").annotate(models.Count("pk")))
        return [(str(one.label), found[one]) for one in Renewal.Status if one in found]


class RenewalQuerySet(models.QuerySet["Renewal"]):
    def open(self) -> Self:
        return self.filter(status=Renewal.Status.ASKED, round__status=RenewalRound.Status.OPEN)

    def silent(self) -> Self:
        """Asked, still a member like any other, and not heard of."""
        return self.filter(
            status=Renewal.Status.ASKED, member__status=Member.Status.ACTIVE, member__user__is_active=True
        )


class RenewalManager(models.Manager["Renewal"]):
    def get_queryset(self) -> RenewalQuerySet:
        return RenewalQuerySet(self.model, using=self._db)

    def open(self) -> RenewalQuerySet:
        return self.get_queryset().open()

    def silent(self) -> RenewalQuerySet:
        return self.get_queryset().silent()

    def by_token(self, token: str) -> Renewal:
        """The question that a link is for. Raises BadSignature for none of ours and for one that is too old, and
        DoesNotExist where the member is gone."""
        pk = signing.loads(token, salt=Renewal.SALT, max_age=LINK_VALID_FOR)
        return self.get_queryset().select_related("member__user", "round").get(pk=pk)


class Renewal(models.Model):
    """One member is asked in one round whether they stay."""

    SALT = "members.membership.renewal"

    class Status(models.TextChoices):
        ASKED = "asked", _("asked, no answer yet")
        CONFIRMED = "confirmed", _("stays")
        LEFT = "left", _("leaves")
        LAPSED = "lapsed", _("silent: became alumni")
        EXCUSED = "excused", _("on leave or gone by other ways")

    round = models.ForeignKey(
        RenewalRound, on_delete=models.CASCADE, related_name="renewals", verbose_name=_("renewal round")
    )
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="renewals", verbose_name=_("member"))
    status = models.CharField(_("answer"), max_length=10, choices=Status, default=Status.ASKED)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    mailed_at = models.DateTimeField(_("last written to"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = RenewalManager()

    class Meta:
        verbose_name = _("renewal")
        verbose_name_plural = _("renewals")
        ordering = ["member"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="renewal_once_a_round"),
            models.CheckConstraint(
                name="renewal_answered_has_moment",
                condition=models.Q(status="asked", answered_at__isnull=True)
                | ~models.Q(status="asked") & models.Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(name="renewal_reminded_twice_at_most", condition=models.Q(reminders__lte=2)),
        ]
        indexes = [
            # the sweep: silent() ones of a round, and counting answers
            models.Index(fields=["round", "status"], name="renewal_of_round"),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def personal_path(self) -> str:
        """A personal link in the member's language. It holds a token: for mails to them, and their own pages."""
        with override(self.member.user.language):
            return reverse("renew", args=[signing.dumps(self.pk, salt=self.SALT)])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.ASKED and self.round.status == RenewalRound.Status.OPEN


class ReturnRequestQuerySet(models.QuerySet["ReturnRequest"]):
    def waiting(self) -> Self:
        return self.filter(status=ReturnRequest.Status.SUBMITTED)


class ReturnRequest(models.Model):
    """Somebody who was a member would like to be one again; a coordinator decides."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("waiting for a decision")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="return_requests", verbose_name=_("member")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decided_returns",
        verbose_name=_("decided by"),
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.SUBMITTED)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    submitted_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ReturnRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("return of a member")
        verbose_name_plural = _("returns of members")
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(status="submitted"), name="returnrequest_one_waiting"
            ),
            models.CheckConstraint(
                name="returnrequest_decided_has_moment",
                condition=models.Q(status="submitted", decided_at__isnull=True)
                | ~models.Q(status="submitted") & models.Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.SUBMITTED
