"""From an application to a member."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory import services as directory
from members.directory.models import Member
from members.joining import emails
from members.joining.models import WORDS_AT_MOST, MembershipApplication
from members.statements import services as statements
from members.statements.models import Version
from portal.group.models import Topic
from portal.refusal import Refusal
from portal.users.models import User

Status = MembershipApplication.Status


class JoiningError(Refusal):
    """An application cannot go that way; the message is safe to show."""


@transaction.atomic
def apply(
    user: User, *, topics: Iterable[Topic] = (), accepts: Version | None = None, **answers: Any
) -> MembershipApplication:
    """Hand in an application; `answers` are its fields, `accepts` the version of the statement in force.

    Raises JoiningError for members, for a second one while the first is open, and where nothing is accepted.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if Member.objects.filter(user=user).exists():
        raise JoiningError(_("You are a member already."))
    if MembershipApplication.objects.open().filter(user=user).exists():
        raise JoiningError(_("Your application is already with the coordinators."))
    return _hand_in(MembershipApplication(user=user), topics=topics, accepts=accepts, **answers)


@transaction.atomic
def hand_in_again(
    application: MembershipApplication,
    *,
    topics: Iterable[Topic] = (),
    accepts: Version | None = None,
    **answers: Any,
) -> MembershipApplication:
    """The applicant answers a coordinator's question by changing what they wrote."""
    application = _locked(application)
    if not application.is_asked:
        raise JoiningError(_("Nothing more was asked of you."))
    application.status, application.submitted_at = Status.SUBMITTED, timezone.now()
    return _hand_in(application, topics=topics, accepts=accepts, **answers)


def _hand_in(
    application: MembershipApplication, *, topics: Iterable[Topic], accepts: Version | None, **answers: Any
) -> MembershipApplication:
    asked = statements.asked_of(application.user)
    if asked is not None and asked != accepts:
        raise JoiningError(_("To join, accept “%(statement)s” first.") % {"statement": asked.statement.name})
    for name, value in answers.items():
        setattr(application, name, value)
    application.full_clean()
    application.save()
    application.topics.set(topics)
    if asked is not None:
        statements.accept(application.user, asked)
    emails.application_received(application)
    return application


@transaction.atomic
def ask(application: MembershipApplication, *, by: User, question: str) -> MembershipApplication:
    """Ask the applicant for more; the application waits for them until they hand it in again."""
    if not question:
        raise JoiningError(_("Write what you would like to know: the applicant will read it."))
    _check(question)
    application = _undecided(application, by=by)
    if not application.is_waiting:
        raise JoiningError(_("The applicant was asked already and has not answered yet."))
    application.status, application.question = Status.ASKED, question
    application.asked_by, application.asked_at = by, timezone.now()
    application.save(update_fields=["status", "question", "asked_by", "asked_at"])
    emails.asked(application)
    return application


@transaction.atomic
def approve(application: MembershipApplication, *, by: User) -> MembershipApplication:
    application = _decide(application, Status.APPROVED, by=by)
    member = directory.enrol(application.user, country=application.country)
    member.topics.add(*application.topics.all())
    if not member.links.exists():
        directory.set_links(member, application.links)
    emails.welcome(application)
    return application


@transaction.atomic
def decline(application: MembershipApplication, *, by: User, reason: str) -> MembershipApplication:
    """Say no, with a reason that the applicant reads."""
    if not reason:
        raise JoiningError(_("Write a reason: the applicant will read it."))
    _check(reason)
    application = _decide(application, Status.DECLINED, by=by, reason=reason)
    emails.declined(application)
    return application


def _decide(application: MembershipApplication, status: str, *, by: User, reason: str = "") -> MembershipApplication:
    application = _undecided(application, by=by)
    application.status, application.reason = status, reason
    application.decided_by, application.decided_at = by, timezone.now()
    application.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return application


def _undecided(application: MembershipApplication, *, by: User) -> MembershipApplication:
    application = _locked(application)
    if not application.is_open:
        raise JoiningError(_("This application has been decided already."))
    if application.user_id == by.pk:
        raise JoiningError(_("Nobody decides on their own application."))
    return application


def _locked(application: MembershipApplication) -> MembershipApplication:
    locked = MembershipApplication.objects.select_for_update(of=("self",)).select_related("user", "country")
    return locked.get(pk=application.pk)


def _check(words: str) -> None:
    """A coordinator's words come from a plain box at the desk, so their length is looked at here."""
    if len(words) > WORDS_AT_MOST:
        raise JoiningError(_("Please be briefer: %(limit)d characters at most.") % {"limit": WORDS_AT_MOST})
