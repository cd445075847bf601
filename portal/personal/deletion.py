"""The end of an account: each room lets go of what it holds, at once and inside one transaction."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import registry
from portal.contacts.models import Contact, normalise
from portal.outbox.models import OutgoingMail
from portal.personal import emails
from portal.personal.traces import erase, forget_log
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.users.models import User
from portal.wake import wake

END_SESSIONS = "portal.personal.tasks.end_sessions"
FAREWELL_AT_MOST = timedelta(days=3)  # that an address is kept for its last mail
FINAL = ("sent", "failed", "suppressed")


class DeletionError(Refusal):
    """This account cannot be deleted; the message is safe to show."""


# --- before ---------------------------------------------------------------------------------------------------------
def refusal(user: User, *, by: User) -> str:
    """Why this account stays as long as nothing else is done first; empty where it may go."""
    if user.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists():
        return _("Nobody else may do everything here yet. Make somebody else a superuser first, then come again.")
    if user.is_staff or user.is_superuser:
        return _(
            "This account may enter the desk. Hand the work over first: whoever runs the portal takes the right back "
            "(manage.py coordinator --dismiss), and then it can be deleted."
        )
    if by.pk != user.pk and not by.is_coordinator:
        return _("Only coordinators delete somebody else’s account.")
    return ""


def consequences(user: User) -> tuple[list[registry.Consequence], list[registry.Consequence]]:
    """What goes and what stays, of what is there."""
    told = [one for rule in registry.leave_rules for one in rule.tell(user)]
    return [one for one in told if not one.why], [one for one in told if one.why]


# --- the act --------------------------------------------------------------------------------------------------------
@transaction.atomic
def delete_account(user: User, *, by: User, keeps_name: bool = False) -> None:
    """Delete an account and all that hangs on it, as the rooms' rules say. One last mail says so.

    `keeps_name`: published work keeps the person's name; else it is by "a former member". Raises DeletionError.
    """
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        raise DeletionError(_("This account is deleted already."))
    if words := refusal(locked, by=by):
        raise DeletionError(words)
    pk, address, name, language = locked.pk, normalise(locked.email), locked.name, locked.language
    byline = name if keeps_name else ""
    let_go(locked, byline=byline)
    wake(END_SESSIONS, pk)
    if by.pk != pk:
        _write_down(pk, by=by)
    emails.farewell(address, name=name, language=language, byline=byline)


def let_go(user: User, *, byline: str = "") -> None:
    """All rooms' rules, and then the account itself. Whoever calls this has looked whether it may go."""
    pk = user.pk
    for rule in registry.leave_rules:
        rule.leave(user, byline)
    erase(User.objects.filter(pk=pk))
    raise_version()


def end_unused_account(user: User) -> None:
    """An account by which nobody ever came: its address may be a stranger's, so what hangs on that stays."""
    Contact.objects.filter(user=user).update(user=None)
    let_go(user)


def _write_down(pk: int, *, by: User) -> None:
    words = _("Account deleted because its person asked for it")
    forget_log(User, [pk])
    LogEntry.objects.log_actions(by.pk, [User(pk=pk, name="–")], DELETION, change_message=words, single_object=True)


# --- after ----------------------------------------------------------------------------------------------------------
def end_sessions(pk: int) -> int:
    """Delete the sessions of an account that is gone: they let nobody in any more, and still name it."""
    theirs = [one.pk for one in Session.objects.iterator() if one.get_decoded().get("_auth_user_id") == str(pk)]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def farewells_over(now: datetime) -> list[OutgoingMail]:
    """Last mails that left or never will, and those that waited for too long: to a deleted account's address, and to
    one that an account has changed for another."""
    is_over = Q(status__in=FINAL) | Q(created_at__lt=now - FAREWELL_AT_MOST)
    is_last = Q(kind=emails.FAREWELL) | Q(kind=emails.CHANGED, contact__user=None)
    return list(OutgoingMail.objects.filter(is_over, is_last).select_related("contact"))


def forget_farewells(*, now: datetime | None = None, limit: int = 100) -> int:
    """Delete the last mails that are done with and, unless they are used again, the addresses. Returns how many."""
    return sum(_forget(mail) for mail in farewells_over(now or timezone.now())[:limit])


@transaction.atomic
def _forget(mail: OutgoingMail) -> int:
    contact = mail.contact
    erase(OutgoingMail.objects.filter(pk=mail.pk))
    if contact.user_id is None and not _is_used(contact):
        erase(Contact.objects.filter(pk=contact.pk))
    return 1


def _is_used(contact: Contact) -> bool:
    """Whether any other row hangs on this address, whichever room it is of."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: contact}).exists()
        for relation in Contact._meta.related_objects
    )


def addresses_of(user: User) -> set[str]:
    """Every address that the account has shown to be its own, normalised."""
    shown = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {normalise(one) for one in shown}
