"""The people of a drive, how far each came, and what was written to them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.profile import Profile
from members.joining.models import MembershipApplication
from members.recruitment.models.drives import CIRCULAR, INVITATION, Drive, Step
from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail

BETWEEN_MAILS = timedelta(days=1)  # of one drive to one person, at least
NOT_SENT = (OutgoingMail.Status.FAILED, OutgoingMail.Status.SUPPRESSED)


def new_token() -> str:
    """128 random bits, as they stand in the link of one invitation."""
    return secrets.token_urlsafe(16)


def _refusing(kind: str) -> models.QuerySet[Contact]:
    return Contact.objects.opted_out(kind).filter(pk=OuterRef("contact"))


def _of_the_account(rows: models.QuerySet[Any]) -> Q:
    """Rows of the account that goes by the invited address, also where that is one of several, or an unclaimed one."""
    address = OuterRef("contact__address")
    return (
        Q(Exists(rows.filter(user__contact=OuterRef("contact"))))
        | Q(Exists(rows.filter(Q(user__email=address))))
        | Q(Exists(rows.filter(user__emailaddress__email=address, user__emailaddress__verified=True)))
    )


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_reason(self, now: datetime, cap: int) -> Self:
        """Annotates `why_not`: the reason for which this person is not written to, or an empty text.

        Opted out, bounced, over the weekly cap; for recruitment also who is or was a member, has applied, said no, or
        was invited by another drive; for a circular, which says so, who is no member. A mail that was not sent after
        all, such as one of a drive that was cancelled, invited nobody.
        """
        reason, to_recruit = Invitation.Reason, Q(drive__kind=Drive.Kind.RECRUITMENT)
        opted_out = to_recruit & Exists(_refusing(INVITATION)) | ~to_recruit & Exists(_refusing(CIRCULAR))
        week = OutgoingMail.objects.bulk_of_the_week(now).filter(contact=OuterRef("contact")).order_by()
        count = week.values("contact").annotate(n=models.Count("pk")).values("n")
        elsewhere = DriveMail.objects.filter(
            invitation__contact=OuterRef("contact"), invitation__drive__kind=Drive.Kind.RECRUITMENT
        )
        elsewhere = elsewhere.exclude(invitation__drive=OuterRef("drive")).exclude(mail__status__in=NOT_SENT)
        said_no = Invitation.objects.filter(contact=OuterRef("contact"), declined_at__isnull=False)
        applied = MembershipApplication.objects.open()
        is_member = _of_the_account(Member.objects.active())
        return self.alias(
            this_week=models.functions.Coalesce(models.Subquery(count), 0),
        ).annotate(
            why_not=models.Case(
                models.When(is_again=True, then=models.Value(reason.AGAIN)),
                models.When(opted_out, then=models.Value(reason.OPTED_OUT)),
                models.When(contact__bounced_at__isnull=False, then=models.Value(reason.BOUNCED)),
                models.When(~to_recruit & ~is_member, then=models.Value(reason.NO_MEMBER)),
                models.When(to_recruit & _of_the_account(Member.objects.all()), then=models.Value(reason.MEMBER)),
                models.When(to_recruit & _of_the_account(applied), then=models.Value(reason.APPLIED)),
                models.When(to_recruit & Exists(said_no), then=models.Value(reason.DECLINED)),
                models.When(to_recruit & Exists(elsewhere), then=models.Value(reason.INVITED)),
                models.When(this_week__gte=cap, then=models.Value(reason.CAPPED)),
                default=models.Value(""),
                output_field=models.CharField(),
            ),
        )

    def going_on(self) -> Self:
        """Those who are written to and have not joined, applied or said no: only they get the next mail.

        Nor does who turned out to be a member, also with another address than the one that was written to; of a
        circular, whoever is no member any more.
        """
        to_recruit, members = Q(drive__kind=Drive.Kind.RECRUITMENT), Member.objects.all()
        has_come = _of_the_account(members) | _of_the_account(MembershipApplication.objects.open())
        has_come |= Q(Exists(members.filter(user=OuterRef("user"))))
        waiting = self.filter(excluded_because="", declined_at=None, applied_at=None, joined_at=None)
        return waiting.exclude(to_recruit & has_come).exclude(~to_recruit & ~_of_the_account(members.active()))

    def answered(self) -> Self:
        return self.exclude(declined_at=None, applied_at=None, joined_at=None)

    def mailed(self) -> Self:
        """Those to whom a mail of the drive has left."""
        return self.filter(Exists(DriveMail.objects.sent().filter(invitation=OuterRef("pk"))))

    def with_a_page(self) -> Self:
        """Those whose link leads to a page: whoever may join. A circular's links lead into the portal."""
        found = self.filter(drive__kind=Drive.Kind.RECRUITMENT)
        return found.select_related("drive__package", "contact", "invited_by")

    def once_each_by(self, inviter: Any) -> Self:
        """Whom somebody invited, each person once: by the first of the drives that they stand in."""
        first = self.filter(invited_by=inviter).order_by("contact_id", "pk").distinct("contact_id")
        return self.filter(pk__in=first.values("pk")).select_related("contact").order_by("-invited_at", "-pk")

    def to_thank_for(self) -> Self:
        """They joined because somebody invited them, who has not been told."""
        return self.filter(thanked_at=None, joined_at__isnull=False, invited_by__is_active=True)

    def without(self, step: Step) -> Self:
        """Those to whom this step was not written yet."""
        return self.exclude(Exists(DriveMail.objects.filter(invitation=OuterRef("pk"), step=step)))

    def still_to_get(self, step: Step) -> Self:
        """Those who get this step now or later. A follow-up needs a first mail that left, or may yet."""
        waiting = self.going_on().without(step)
        if step.is_first:
            return waiting
        first = DriveMail.objects.filter(invitation=OuterRef("pk"), step__days=0).exclude(mail__status__in=NOT_SENT)
        return waiting.reachable(step.drive.mail_kind).filter(Exists(first))

    def due(self, step: Step, now: datetime) -> Self:
        """Those to whom this step is to be written now: so many days after the first one has left, and not at once
        with another follow-up that is late."""
        waiting = self.still_to_get(step)
        if step.is_first:
            return waiting
        since = now - timedelta(days=step.days)
        has_left = Q(mail=None, created_at__lte=since) | Q(mail__status="sent", mail__sent_at__lte=since)
        has_left |= Q(mail__status="unknown", mail__taken_at__lte=since)
        first = DriveMail.objects.filter(has_left, invitation=OuterRef("pk"), step__days=0)
        just_now = DriveMail.objects.filter(invitation=OuterRef("pk"), created_at__gt=now - BETWEEN_MAILS)
        return waiting.filter(Exists(first)).exclude(Exists(just_now))

    def reachable(self, kind: str) -> Self:
        return self.filter(contact__bounced_at=None).exclude(contact__in=Contact.objects.opted_out(kind))


class Invitation(models.Model):
    """One person in a drive, and how far they came. The token is theirs alone; it greets, and does no more."""

    class Reason(models.TextChoices):
        OPTED_OUT = "opted_out", _("does not want such mails")
        BOUNCED = "bounced", _("mails come back")
        NO_MEMBER = "no_member", _("is no member")
        MEMBER = "member", _("is or was a member")
        APPLIED = "applied", _("has applied already")
        DECLINED = "declined", _("said no already")
        INVITED = "invited", _("was invited by another drive")
        AGAIN = "again", _("was in this drive already when a member invited them")
        CAPPED = "capped", _("had enough mails this week")

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("drive"))
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("to"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations",
        verbose_name=_("invited by"),
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="answered_invitations",
        verbose_name=_("account"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), default="en", max_length=5, choices=settings.LANGUAGES)
    token = models.CharField(max_length=30, unique=True, default=new_token, editable=False)
    excluded_because = models.CharField(_("not written to"), max_length=10, choices=Reason, blank=True)
    # Another member invited somebody who was in the drive already: with a page of its own, and never a mail.
    is_again = models.BooleanField(default=False, editable=False)
    invited_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    opened_at = models.DateTimeField(_("opened the page"), null=True, blank=True)
    declined_at = models.DateTimeField(_("said no"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    thanked_at = models.DateTimeField(_("inviter thanked"), null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["contact__address"]
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "contact"],
                condition=Q(is_again=False),
                name="invitation_once_a_drive",
                violation_error_message=_("This person is in the audience already."),
            ),
            models.CheckConstraint(
                name="invitation_again_is_not_written_to",
                condition=Q(is_again=False) | Q(excluded_because="again"),
            ),
        ]
        indexes = [
            # the sweep: whether somebody who was invited has applied or joined since
            models.Index(fields=["drive", "id"], name="invitation_going_on", condition=Q(joined_at__isnull=True)),
            # the sweep: to_thank_for()
            models.Index(
                fields=["joined_at"],
                name="invitation_to_thank_for",
                condition=Q(thanked_at__isnull=True, joined_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.contact.address

    @property
    def personal_path(self) -> str:
        """The page that greets them, in their language. It holds their token: for mails to them, and their inviter."""
        with override(self.language):
            return reverse("invitation", args=[self.token])

    @property
    def can_be_removed(self) -> bool:
        return self.drive.is_open

    @property
    def shown_inviter(self) -> Profile | None:
        """The profile of whoever invited them, as everybody may see it."""
        shown = Member.objects.active().filter(visibility=Member.Visibility.EVERYONE).select_related("user", "country")
        member = shown.filter(user=self.invited_by_id).first() if self.invited_by_id else None
        return Profile(member, Audience.EVERYONE) if member else None

    @property
    def has_joined(self) -> bool:
        return self.joined_at is not None


class DriveMailQuerySet(models.QuerySet["DriveMail"]):
    def sent(self) -> Self:
        """Those that left. A mail that is not kept any more left long ago."""
        return self.filter(Q(mail=None) | Q(mail__status=OutgoingMail.Status.SENT))


class DriveMail(models.Model):
    """One step written to one person: the row that keeps anybody from getting it twice. It outlives the mail."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="mails")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="mails")
    mail = models.OneToOneField(OutgoingMail, on_delete=models.SET_NULL, null=True, related_name="drive_mail")
    created_at = models.DateTimeField(default=timezone.now)

    objects = DriveMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of a drive")
        verbose_name_plural = _("mails of drives")
        constraints = [models.UniqueConstraint(fields=["invitation", "step"], name="drivemail_once")]

    def __str__(self) -> str:
        return f"{self.step} {self.invitation}"
