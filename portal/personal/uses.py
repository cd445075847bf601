"""Whether anything hangs on an address. Nothing that is over its time takes along what somebody else still needs."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from portal.contacts.models import Contact
from portal.outbox.models import OutgoingMail


def unused(contacts: QuerySet[Contact], *, but: Collection[str] = ()) -> QuerySet[Contact]:
    """Those of the contacts that no account has, no row of any room names, and no mail is still to be sent to.

    `but` are relations by name ("invitations") that do not count, since their rows go along.
    """
    found = contacts.filter(user=None)
    for relation in Contact._meta.related_objects:
        if relation.name not in but:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            if relation.related_model is OutgoingMail:
                rows = rows.filter(status__in=OutgoingMail.YET_TO_LEAVE)
            found = found.filter(~Exists(rows))
    return found
