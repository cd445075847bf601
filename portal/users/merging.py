"""Two accounts of one person become one: what hangs on the one that goes follows to the one that stays."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models, transaction
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from portal import registry
from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut
from portal.outbox import services as outbox
from portal.personal.traces import move_log
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.users.models import User


class MergeError(Refusal):
    """These accounts cannot become one; the message is safe to show."""


# --- who points to whom ---------------------------------------------------------------------------------------------
def relations_to(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Every foreign key of any model that points to this one, those behind many-to-many fields too."""
    for one in apps.get_models(include_auto_created=True):
        for field in one._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is model:
                yield field


def label(relation: models.ForeignKey) -> str:
    return f"{relation.model._meta.label}.{relation.name}"


def is_history(relation: models.ForeignKey) -> bool:
    """Whether its rows are versions of other rows."""
    return issubclass(relation.model, HistoricalChanges)


def rows(relation: str, of: models.Model) -> models.QuerySet:
    """What points to a row by a relation, named as in a rule."""
    model, _dot, name = relation.rpartition(".")
    return apps.get_model(model)._base_manager.filter(**{name: of})


def point(relation: str, *, old: models.Model, new: models.Model) -> None:
    """Everything that pointed to the old row by this relation points to the new one."""
    rows(relation, old).update(**{relation.rpartition(".")[2]: new})


def what_follows(gone: User) -> list[tuple[str, int]]:
    """What goes along with an account, for people to read: each kind of row, and how many there are."""
    found = []
    for relation in relations_to(User):
        if not is_history(relation) and label(relation) not in ENDING:
            kind = f"{relation.model._meta.verbose_name_plural} ({relation.verbose_name})"
            found.append((kind, rows(label(relation), gone).count()))
    return sorted((kind, count) for kind, count in found if count)


# --- the act --------------------------------------------------------------------------------------------------------
def refusal(keep: User, gone: User, *, by: User) -> str:
    """Why this person may not merge these two; empty where they may. Nobody gets more rights by a merge."""
    if not by.is_coordinator:
        return _("Only coordinators merge accounts.")
    if keep.pk == gone.pk:
        return _("Choose another account: this is the same one.")
    if by.pk in {keep.pk, gone.pk}:
        return _("This is your own account. Ask another coordinator to merge it.")
    if gone.is_staff or gone.is_superuser:
        return _("%(name)s may enter the desk, so this account stays. Merge the other one into it.") % {"name": gone}
    if (keep.is_staff or keep.is_superuser) and not by.is_superuser:
        return _("%(name)s may enter the desk. Only a superuser merges another account into theirs.") % {"name": keep}
    if not keep.is_active:
        return _("%(name)s may not sign in. Keep the other account.") % {"name": keep}
    return ""


@transaction.atomic
def merge(keep: User, gone: User, *, by: User) -> User:
    """Make one account of two. What was written follows; the account that goes is deleted, or, where something that
    no rule knows hangs on it, closed. Both addresses get a mail that says so.

    Whoever reads the mail of a verified address of either can sign in to the one that stays. Raises MergeError.
    """
    locked = User.objects.select_for_update().filter(pk__in=[keep.pk, gone.pk]).order_by("pk").in_bulk()
    if not {keep.pk, gone.pk} <= locked.keys():
        raise MergeError(_("One of the two accounts is gone already."))
    keep, gone = locked[keep.pk], locked[gone.pk]
    if words := refusal(keep, gone, by=by):
        raise MergeError(words)
    for one in (keep, gone):
        outbox.write(one, "portal/email/accounts_merged", {"keep": keep, "gone": gone}, kind="accounts_merged")
    for rule in registry.merge_rules:
        _follow(rule, keep, gone, by)
    for relation in relations_to(User):
        if is_history(relation):
            point(label(relation), old=gone, new=keep)
    words = _("Merged with %(name)s (%(email)s)") % {"name": gone, "email": gone.email}
    move_log(gone, keep)
    _take_over(keep, gone)
    LogEntry.objects.log_actions(by.pk, [keep], CHANGE, change_message=words, single_object=True)
    raise_version()
    return keep


def _follow(rule: registry.MergeRule, keep: User, gone: User, by: User) -> None:
    if rule.follow is not None:
        rule.follow(keep, gone, by)
    else:
        for relation in rule.relations:
            point(relation, old=gone, new=keep)


def _take_over(keep: User, gone: User) -> None:
    """The account that stays is as old as the older one, and keeps a way in; the other one goes."""
    keep.joined_at = min(keep.joined_at, gone.joined_at)
    if not keep.has_usable_password():
        keep.password = gone.password
    keep.save(update_fields=["joined_at", "password"])
    if any(rows(label(relation), gone).exists() for relation in relations_to(User)):
        gone.is_active = False
        gone.set_unusable_password()
        gone.save(update_fields=["is_active", "password"])
    else:
        gone.delete()


# --- the ground's own rules -----------------------------------------------------------------------------------------
# Rights and second factors belong to the account that goes, and end with it.
ENDING = ("portal.User_groups.user", "portal.User_user_permissions.user", "mfa.Authenticator.user")


def end(_keep: User, gone: User, _by: User) -> None:
    for relation in ENDING:
        rows(relation, gone).delete()


def bring_addresses(keep: User, gone: User, _by: User) -> None:
    """Verified addresses go on leading to the person; one that nobody has verified may be a stranger's, and ends.
    So does a service that was connected to an account without any verified address."""
    verified = EmailAddress.objects.filter(user=gone, verified=True)
    connected = SocialAccount.objects.filter(user=gone)
    if verified.exists():
        connected.update(user=keep)
    else:
        connected.delete()
    EmailAddress.objects.filter(user=keep, verified=False, email__in=verified.values("email")).delete()
    verified.update(user=keep, primary=False)
    EmailAddress.objects.filter(user=gone).delete()


def bring_contact(keep: User, gone: User, _by: User) -> None:
    """Mails stay with the address they went to. What was refused at one address is refused at the other, too."""
    theirs: Any = Contact.objects.filter(user=gone).first()
    mine: Any = Contact.objects.filter(user=keep).first()
    if theirs is None:
        return
    theirs.user = None if mine else keep
    theirs.save(update_fields=["user"])
    for kind in theirs.refused_kinds if mine else ():
        contacts.opt_out(mine, kind, source=OptOut.Source.PERSON)


RULES = (
    registry.MergeRule(ENDING, end),
    registry.MergeRule(("account.EmailAddress.user", "socialaccount.SocialAccount.user"), bring_addresses),
    registry.MergeRule(("portal.Contact.user",), bring_contact),
    registry.MergeRule(("admin.LogEntry.user",)),
)
