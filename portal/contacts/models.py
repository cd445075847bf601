from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

EVERYTHING = "*"  # among the kinds of mail that are refused: whatever was not asked for


def normalise(address: str) -> str:
    """An e-mail address as it is kept: composed, lower case, the domain in its ASCII form (RFC 5891).

    Raises ValueError where there is no single @ or the domain cannot be written in ASCII.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not (local and at and domain):
        raise ValueError(address)
    return f"{local.lower()}@{domain.lower().encode('idna').decode('ascii')}"


def fingerprint_of(address: str) -> str:
    """A normalised address as a keyed hash (HMAC-SHA-256, hex): what is left of it once the contact is deleted."""
    return salted_hmac("portal.contacts", address, algorithm="sha256").hexdigest()


def new_key() -> str:
    """128 random bits, as they stand in links to the preferences page."""
    return secrets.token_urlsafe(16)


class OptOut(models.Model):
    """What somebody does not want to be written about. It names the address by its hash alone and outlives it."""

    class Source(models.TextChoices):
        PAGE = "page", _("the preferences page")
        ONE_CLICK = "one_click", _("a button of the mail program")
        COMPLAINT = "complaint", _("reported as spam")
        PERSON = "person", _("told a coordinator")

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("kinds of mail"), default=list)
    source = models.CharField(_("how we know"), max_length=10, choices=Source)
    updated_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")

    def __str__(self) -> str:
        return ", ".join(self.kinds)

    def covers(self, kind: str) -> bool:
        return EVERYTHING in self.kinds or kind in self.kinds


class ContactQuerySet(models.QuerySet["Contact"]):
    def opted_out(self, kind: str) -> Self:
        """Those who do not want mails of this kind."""
        return self.filter(fingerprint__in=_refusals(kind))

    def undeliverable(self) -> Self:
        return self.filter(bounced_at__isnull=False)

    def reachable(self, kind: str) -> Self:
        """Those to whom mail of a kind they did not ask for may be written: neither opted out nor bounced."""
        return self.filter(bounced_at=None).exclude(fingerprint__in=_refusals(kind))


def _refusals(kind: str) -> models.QuerySet[OptOut, str]:
    return OptOut.objects.filter(kinds__overlap=[kind, EVERYTHING]).values_list("fingerprint", flat=True)


class ContactManager(models.Manager["Contact"]):
    def get_queryset(self) -> ContactQuerySet:
        return ContactQuerySet(self.model, using=self._db)

    def opted_out(self, kind: str) -> ContactQuerySet:
        return self.get_queryset().opted_out(kind)

    def reachable(self, kind: str) -> ContactQuerySet:
        return self.get_queryset().reachable(kind)

    def of(self, address: str, **defaults: object) -> Contact:
        """The contact with this address, made when it is new. A person's contact moves along with their address.

        Where another account had this address and has it no longer, it is the given one's from now on.
        """
        user: Any = defaults.pop("user", None)
        contact, _created = self.get_or_create(address=normalise(address), defaults=defaults)
        if user is not None and contact.user_id != user.pk and not contact.is_held:
            self.filter(user=user).exclude(pk=contact.pk).update(user=None)
            contact.user = user
            contact.save(update_fields=["user"])
        return contact

    def of_many(self, addresses: Iterable[str], **defaults: object) -> dict[str, Contact]:
        """The contacts with these normalised addresses, by address, those that are new made with the defaults."""
        wanted = set(addresses)
        known = set(self.filter(address__in=wanted).values_list("address", flat=True))
        new = [Contact(address=one, fingerprint=fingerprint_of(one), **defaults) for one in sorted(wanted - known)]
        self.bulk_create(new, batch_size=1000, ignore_conflicts=True)
        return {contact.address: contact for contact in self.filter(address__in=wanted)}


class Contact(models.Model):
    """An address in the world that we may write to: one row per normalised address, with or without an account."""

    class Basis(models.TextChoices):
        ACCOUNT = "account", _("has an account here")
        CONSENT = "consent", _("asked for it")
        INTEREST = "interest", _("legitimate interest")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
        verbose_name=_("account"),
    )
    address = models.EmailField(_("address"), max_length=400, unique=True)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    key = models.CharField(max_length=30, unique=True, default=new_key, editable=False)
    basis = models.CharField(_("lawful basis"), max_length=10, choices=Basis, default=Basis.ACCOUNT)
    source = models.CharField(_("where the address is from"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)
    bounced_at = models.DateTimeField(_("mails come back since"), null=True, blank=True)
    bounce = models.CharField(_("what the mail server said"), max_length=500, blank=True)

    objects = ContactManager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fingerprint = fingerprint_of(self.address)  # a fact about the address, which no caller may forget
        super().save(*args, **kwargs)

    @property
    def personal_path(self) -> str:
        """The page on which people say what may be written to them. It holds their key: for mails to them alone."""
        return reverse("preferences", args=[self.key])

    @property
    def is_held(self) -> bool:
        """Whether the account that it belongs to has this address still: signs in by it, or has shown it to be its."""
        user: Any = self.user
        if user is None:
            return False
        shown = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        return any(one and normalise(one) == self.address for one in [user.email, *shown])

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def has_bounced(self) -> bool:
        return self.bounced_at is not None

    @property
    def masked(self) -> str:
        """ "ada@example.org" as "a…@example.org": enough to know which address is meant, and no more."""
        local, _at, domain = self.address.rpartition("@")
        return f"{local[:1]}…@{domain}"

    @property
    def refused_kinds(self) -> frozenset[str]:
        """The kinds of mail that this person does not want; `EVERYTHING` among them stands for all."""
        found = OptOut.objects.filter(fingerprint=self.fingerprint).first()
        return frozenset(found.kinds) if found else frozenset()

    @property
    def may_be_written_to(self) -> bool:
        """Whether there is any kind of mail that they have not refused."""
        return EVERYTHING not in self.refused_kinds
