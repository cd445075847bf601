"""An address that its person leaves: what hangs on it goes along with them, and whoever has it next begins anew."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, models, transaction

from portal.contacts import services as contacts
from portal.contacts.models import Contact, OptOut, normalise
from portal.outbox.models import OutgoingMail
from portal.personal.traces import erase
from portal.users.models import User

STILL_HERE = (*OutgoingMail.WAITING, OutgoingMail.Status.HELD)


def address_deleted(instance: EmailAddress, origin: object, **kwargs: Any) -> None:
    """A confirmed address was changed for another, or removed. Where a whole account goes, the rooms' rules say how."""
    is_alone = isinstance(origin, EmailAddress) or getattr(origin, "model", None) is EmailAddress
    if is_alone and instance.verified:
        leave(instance.user, instance.email)


@transaction.atomic
def leave(user: User, address: str) -> None:
    """Mails, invitations and requests of this address are of the person's present one from now on.

    What was refused stays refused at both. The key of the links in earlier mails still leads to the person's page.
    """
    present = normalise(user.email)
    old = Contact.objects.select_for_update().filter(address=normalise(address)).first()
    if old is None or old.address == present or old.user_id not in {None, user.pk}:
        return
    was_own, key, refused = old.user_id == user.pk, old.key, old.refused_kinds
    new = Contact.objects.of(present, user=user)
    for kind in refused:
        contacts.opt_out(new, kind, source=OptOut.Source.PERSON)
    _move(old, new)
    OutgoingMail.objects.filter(contact=new, status__in=STILL_HERE).update(domain=new.domain)
    erase(Contact.objects.filter(pk=old.pk))
    if was_own:
        Contact.objects.filter(pk=new.pk).update(key=key)


def _move(old: Contact, new: Contact) -> None:
    """Every row that names the one names the other, whichever room it is of; one that is there already goes."""
    for relation in Contact._meta.related_objects:
        for row in relation.related_model._base_manager.filter(**{relation.field.name: old}):
            try:
                with transaction.atomic():
                    _point(row, relation.field.name, new)
            except IntegrityError:
                erase(type(row)._base_manager.filter(pk=row.pk))


def _point(row: models.Model, name: str, new: Contact) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**{name: new})
