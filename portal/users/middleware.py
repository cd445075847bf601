from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import middleware as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _


def is_desk(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "admin" in match.app_names


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Closed by default. Unlike Django's, it looks at `login_not_required` before it touches `request.user`:
    touching it reads the session and adds `Vary: Cookie` to pages that are the same for everybody."""

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class SecondFactorMiddleware:
    """Nobody enters the desk with a password alone: staff without a second factor are sent to set one up.

    Passkeys and one-time codes both count. Demo accounts are let in without, since the demo listens on loopback only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if settings.DEMO or not is_desk(request) or not request.user.is_authenticated:
            return None
        if not request.user.is_staff or is_mfa_enabled(request.user):
            return None
        messages.info(
            request,
            _("The desk asks for a second step at sign-in. Set it up now: it takes an app and two minutes."),
        )
        back = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?{back}")


class DeskLanguageMiddleware:
    """The desk has one address for all languages, so it speaks the language of the person who works there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if is_desk(request) and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
