"""The accounts that anybody at the demo's computer may sign in to."""

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from portal.embedded import places
from portal.users.models import User

ROLES = {
    "coordinator@example.org": "coordinator",
    "coordinator2@example.org": "coordinator",
    "coordinator3@example.org": "coordinator",
    "member@example.org": "member",
    "reporter@example.org": "member who has written coverage",
    "juror@example.org": "member",
}
MARKER = "coordinator@example.org"  # whose account says that the demo has been built


def password() -> str:
    """DEMO_PASSWORD, else a random one that is made once and kept in the data folder."""
    return settings.ENVIRONMENT.demo_password or places.kept_secret(settings.DATA_DIR, "demo-password")


@transaction.atomic
def admit() -> None:
    """Give every demo account the demo's password, unless it has it: what is printed at a start must be true.

    They share one hash, as hashing is slow on purpose.
    """
    word = password()
    users = User.objects.filter(email__in=ROLES)
    right = {kept for kept in set(users.values_list("password", flat=True)) if check_password(word, kept)}
    users.exclude(password__in=right).update(password=next(iter(right), None) or make_password(word))


def are_there() -> bool:
    return User.objects.filter(email=MARKER).exists()
