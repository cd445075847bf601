"""What django-allauth asks of a project: mails go through our outbox, secrets are stored encrypted."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import get_language, override

from portal.group.models import SpecialtyGroup
from portal.outbox import services as outbox


def _at_base_url(address: str) -> str:
    """The same page at the portal's own address: allauth takes the host that the browser named."""
    return settings.BASE_URL + urlsplit(address)._replace(scheme="", netloc="").geturl()


def display(user: AbstractBaseUser) -> str:
    return str(user)


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Queue the mail; its body, which may hold a token, is erased once it was sent."""
        user = context.get("user")
        with override(getattr(user, "language", None) or get_language()):
            ours = {name: _at_base_url(value) for name, value in context.items() if name.endswith("_url")}
            group = SpecialtyGroup.objects.current()
            message = self.render_mail(
                template_prefix, email, {**context, **ours, "group": group, "base_url": settings.BASE_URL}
            )
        outbox.queue_message(message, kind=template_prefix.rsplit("/", 1)[-1])

    def send_account_already_exists_mail(self, email: str) -> None:
        """Takes as long as making an account, so that the clock does not tell who has one."""
        make_password(secrets.token_urlsafe(12))
        super().send_account_already_exists_mail(email)

    def get_from_email(self) -> str:
        return SpecialtyGroup.objects.current().sender

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        whole = " ".join(filter(None, [data.get("first_name"), data.get("last_name")]))
        user.name = (data.get("name") or whole)[:150]
        return user


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted with a key made from SECRET_KEY."""

    def get_totp_issuer(self) -> str:
        return SpecialtyGroup.objects.current().short_name

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.scrypt(settings.SECRET_KEY.encode(), salt=b"second-factor", n=2**12, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))
