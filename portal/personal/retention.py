"""How long accounts that nobody uses, sessions, copies and last mails are kept."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail
from portal.personal import deletion, services
from portal.personal.traces import erase
from portal.personal.uses import unused as on_which_nothing_hangs
from portal.registry import RetentionRule
from portal.users.models import User

UNUSED_KEPT_FOR = timedelta(days=180)
UNCONFIRMED_KEPT_FOR = timedelta(days=30)


def unconfirmed(now: datetime) -> QuerySet[User]:
    """Accounts by which nobody ever came: the address was never confirmed, and no profile waits for its person."""
    shown = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    signed_up = EmailAddress.objects.filter(user=OuterRef("pk"))
    old = User.objects.filter(joined_at__lt=now - UNCONFIRMED_KEPT_FOR, last_login=None, member=None)
    return old.filter(Exists(signed_up), ~Exists(shown), is_staff=False, is_superuser=False)


def end_unconfirmed(now: datetime, limit: int) -> int:
    """Without a last mail: whoever typed that address may not be its owner."""
    return sum(_end(pk, now) for pk in list(unconfirmed(now).values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _end(pk: int, now: datetime) -> bool:
    """Looked at again under the lock: somebody may confirm the address in this very moment."""
    user = User.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    list(EmailAddress.objects.select_for_update().filter(user=pk))
    if user is None or not unconfirmed(now).filter(pk=pk).exists():
        return False
    came_by_it = list(Contact.objects.filter(user=user, created_at__gte=user.joined_at).values_list("pk", flat=True))
    deletion.end_unused_account(user)
    erase(on_which_nothing_hangs(Contact.objects.filter(pk__in=came_by_it).exclude(basis=Contact.Basis.CONSENT)))
    return True


def over(now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def end_sessions(now: datetime, limit: int) -> int:
    return Session.objects.filter(pk__in=list(over(now).values_list("pk", flat=True)[:limit])).delete()[0]


def unused(now: datetime) -> QuerySet[Contact]:
    """Addresses that no account has and no other row names, such as one that its owner has changed for another."""
    since = now - UNUSED_KEPT_FOR
    found = Contact.objects.filter(user=None, created_at__lt=since)
    for relation in Contact._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        if relation.related_model is OutgoingMail:
            rows = rows.filter(created_at__gte=since)
        found = found.filter(~Exists(rows))
    return found


@transaction.atomic
def end_unused(now: datetime, limit: int) -> int:
    locked = unused(now).select_for_update(of=("self",), skip_locked=True).order_by("pk")[:limit]
    return erase(Contact.objects.filter(pk__in=[one.pk for one in locked]))


RULES = (
    RetentionRule(
        "unused-addresses",
        _("Addresses that nobody uses any more"),
        _("half a year after the last mail"),
        _("Address and mails are deleted. That no mail was wanted stays, as a code."),
        lambda now: unused(now).count(),
        end_unused,
    ),
    RetentionRule(
        "copies",
        _("Copies of their data that people asked for"),
        _("7 days after they are ready"),
        _("The file is deleted."),
        services.count_over,
        services.end_those_over,
    ),
    RetentionRule(
        "unconfirmed-accounts",
        _("Accounts whose address nobody has confirmed"),
        _("30 days"),
        _("The account is deleted."),
        lambda now: unconfirmed(now).count(),
        end_unconfirmed,
    ),
    RetentionRule(
        "sessions",
        _("Who is signed in on which device"),
        _("30 days after they signed in there"),
        _("They sign in again."),
        lambda now: over(now).count(),
        end_sessions,
    ),
    RetentionRule(
        "last-mails",
        _("The address of a deleted account, for its last mail"),
        _("until the mail has left, 3 days at most"),
        _("Address and mail are deleted."),
        lambda now: len(deletion.farewells_over(now)),
        lambda now, limit: deletion.forget_farewells(now=now, limit=limit),
    ),
)
