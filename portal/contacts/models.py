from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def normalise(address: str) -> str:
    """An e-mail address as it is kept: composed, lower case, the domain in its ASCII form (RFC 5891).

    Raises ValueError where there is no single @ or the domain cannot be written in ASCII.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not (local and at and domain):
        raise ValueError(address)
    return f"{local.lower()}@{domain.lower().encode('idna').decode('ascii')}"


class ContactManager(models.Manager["Contact"]):
    def of(self, address: str, **defaults: object) -> Contact:
        """The contact with this address, made when it is new. A person's contact moves along with their address."""
        user: Any = defaults.get("user")
        contact, _created = self.get_or_create(
            address=normalise(address), defaults={name: value for name, value in defaults.items() if name != "user"}
        )
        if user is not None and contact.user_id is None:
            self.filter(user=user).exclude(pk=contact.pk).update(user=None)
            contact.user = user
            contact.save(update_fields=["user"])
        return contact


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
    basis = models.CharField(_("lawful basis"), max_length=10, choices=Basis, default=Basis.ACCOUNT)
    source = models.CharField(_("where the address is from"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)

    objects = ContactManager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address
