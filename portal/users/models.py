from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.users.sorting import SortKey

COORDINATORS = "Coordinators"
MODERATORS = "Moderators"
EDITORS = "Editors"


# Whose name stands at what was done at the desk by people who have deleted their account. No mail ever gets there
# (RFC 2606, 2), nobody signs in by it, and it is in no list.
FORMER_COORDINATOR = "former-coordinator@accounts.invalid"
ALIKE = 0.55  # of pg_trgm's similarity: "Jon Smith" is like "John Smith" (0.62), not "Maria Santos" like "Maria Silva"


class UserQuerySet(models.QuerySet["User"]):
    def named_like(self, sort_key: Any) -> Self:
        """Active accounts of the same name but for accents and the order of words, or nearly; the nearest first."""
        alike = self.filter(is_active=True, sort_key__trigram_similar=sort_key)
        return (
            alike.alias(likeness=TrigramSimilarity("sort_key", sort_key))
            .filter(likeness__gte=ALIKE)
            .order_by("-likeness", "pk")
        )

    def of_people(self) -> Self:
        """All but the account that stands for people who left."""
        return self.exclude(email=FORMER_COORDINATOR)

    def coordinators(self) -> Self:
        return self.filter(is_active=True, is_staff=True, groups__name=COORDINATORS)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def of_people(self) -> UserQuerySet:
        return self.get_queryset().of_people()

    def former_coordinator(self) -> User:
        """The account that keeps what coordinators did who are gone. It is made when the first of them goes."""
        fields = {"name": "", "is_active": False, "password": make_password(None)}
        return self.get_or_create(email=FORMER_COORDINATOR, defaults=fields)[0]

    def coordinators(self) -> UserQuerySet:
        return self.get_queryset().coordinators()

    def named_like(self, sort_key: Any) -> UserQuerySet:
        return self.get_queryset().named_like(sort_key)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A person with an account. The e-mail address is the login; it is kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; the e-mail address is the login and is never shown to visitors or members."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, help_text=_("As you want to be addressed, in your own script."))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the desk"), default=False)
    joined_at = models.DateTimeField(_("signed up"), default=timezone.now, editable=False)
    sort_key = models.GeneratedField(expression=SortKey("name"), output_field=models.TextField(), db_persist=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["sort_key"]
        indexes = [
            # named_like()
            GinIndex(fields=["sort_key"], opclasses=["gin_trgm_ops"], name="user_names_alike"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("There is already an account with this e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        if self.email == FORMER_COORDINATOR:
            return str(_("A former coordinator"))
        return self.name or str(_("Somebody without a name"))

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def is_coordinator(self) -> bool:
        return self.is_superuser or (self.is_staff and any(group.name == COORDINATORS for group in self.groups.all()))
