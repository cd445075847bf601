from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import MultipleObjectsReturned
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from requests import RequestException

from portal.users.openid_connect.adapter import Adapter

LANGUAGE = "language_of_signing_in"  # in the session


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider; a page with a button for whoever comes without having pressed one."""
    if request.method == "POST":
        request.session[LANGUAGE] = translation.get_language()
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider, who knows one address for all languages: the one of before goes on."""
    translation.activate(request.session.get(LANGUAGE) or translation.get_language_from_request(request))
    request.LANGUAGE_CODE = translation.get_language()
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """allauth's view; it has no page for a provider that is away before anybody was sent there."""
    adapter = Adapter(request, provider_id)
    try:
        return view.adapter_view(adapter)(request)
    except (SocialApp.DoesNotExist, MultipleObjectsReturned):
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)
