"""What django-allauth asks of a project: mails go through our outbox, secrets are stored encrypted."""

import base64
import hashlib
import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import get_language, override
from requests import RequestException

from portal.group.models import SpecialtyGroup
from portal.outbox import services as outbox

logger = logging.getLogger(__name__)


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

    def set_password(self, user: Any, password: str) -> None:
        """Before an address is verified only the link in a mail leads here, so this is the address's owner. Whoever
        signed up with it by another service may be somebody else, and has no way in any more."""
        if not EmailAddress.objects.filter(user=user, verified=True).exists():
            SocialAccount.objects.filter(user=user).delete()
        super().set_password(user, password)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        whole = " ".join(filter(None, [data.get("first_name"), data.get("last_name")]))
        user.name = (data.get("name") or whole).strip()[:150]
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever comes without a name is asked for it by a form."""
        return bool(sociallogin.user.name) and super().is_auto_signup_allowed(request, sociallogin)

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return super().get_signup_form_initial_data(sociallogin) | {"name": sociallogin.user.name}

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        sociallogin.user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, sociallogin, form)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Tell the page, and the log where it is the provider's doing, what went wrong."""
        extra_context["is_away"] = isinstance(exception, RequestException)
        extra_context["is_late"] = exception is None and "state_id" in extra_context
        if exception is not None:
            logger.warning("%s signed nobody in: %s", provider.sub_id, exception)


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
