"""What the provider answers, checked as specified; whatever does not fit becomes one error, which has a page.

Core: https://openid.net/specs/openid-connect-core-1_0.html,
Discovery: https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlsplit

import jwt
from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_DIFFER = 60  # seconds
ENDPOINTS = ["authorization_endpoint", "token_endpoint", "jwks_uri"]
KEPT = ["sub", "name", "given_name", "family_name", "email"]


@contextmanager
def sense() -> Iterator[None]:
    """What comes of reading an answer of another shape than specified, as the error that allauth has a page for."""
    try:
        yield
    except (jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error(f"the answer makes no sense: {error!r}") from error


class Adapter(OpenIDConnectOAuth2Adapter):
    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider tells of itself; its issuer is the one that was asked for (Discovery 4.3)."""
        with sense():
            config = super().openid_config
            issuer, asked = config["issuer"], self.get_provider().server_url.partition("/.well-known/")[0]
            if issuer.rstrip("/") != asked.rstrip("/"):
                raise OAuth2Error(f"{asked} says that it is {issuer}")
            for name in ENDPOINTS:
                urlsplit(config[name])
            return config

    @property
    def authorize_url(self) -> str:
        """Where people sign in. Browsers go there only if the content security policy names its origin."""
        url = super().authorize_url
        origins = self.get_provider().app.settings.get("origins")
        if origins and "{0.scheme}://{0.netloc}".format(urlsplit(url)) not in origins:
            raise OAuth2Error(f"people sign in at {url}: name its origin by ?login=")
        return url

    @property
    def basic_auth(self) -> bool:
        """How the portal shows its secret where the provider takes it by one way alone (Discovery 3)."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in methods

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """One address for all languages, at the portal's own: the provider knows no other."""
        with override(settings.LANGUAGE_CODE):
            return settings.BASE_URL + reverse("openid_connect_callback", args=[self.provider_id])

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        with sense():
            self.nonce = _challenge(pkce_code_verifier)
            if client.basic_auth:  # encoded as RFC 6749, 2.3.1 asks
                client.consumer_key, client.consumer_secret = quote_plus(app.client_id), quote_plus(app.secret)
            return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        with sense():
            return super().parse_token(data)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who signs in: the one whom the ID Token names, with what else the provider tells of the same one."""
        with sense():
            told = self._id_token(app, kwargs["response"]["id_token"])
            if "userinfo_endpoint" in self.openid_config:
                told = _joined(told, self._fetch_user_info(token.token))
            return self.get_provider().sociallogin_from_response(request, _claims(told))

    def _id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The claims of an ID Token that passes the checks of Core 3.1.3.7, the signature's always."""
        kid = jwt.get_unverified_header(id_token).get("kid")
        keys = [key for key in self._keys() if kid in {None, key.key_id}]
        if len(keys) != 1:  # Core 10.1: one of several keys must be named
            raise OAuth2Error(f"{len(keys)} keys fit the ID Token")
        claims = jwt.decode(
            id_token,
            key=keys[0],
            algorithms=ALGORITHMS,
            audience=app.client_id,
            issuer=self.openid_config["issuer"],
            leeway=CLOCKS_DIFFER,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID Token was made for somebody else")
        if claims.get("nonce") != self.nonce:
            raise OAuth2Error("the ID Token has another nonce than the one that was sent")
        return claims

    def _keys(self) -> list[jwt.PyJWK]:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        return jwt.PyJWKSet.from_dict(response.json()).keys


def _challenge(verifier: str | None) -> str:
    """The nonce that went with this code verifier: its S256 challenge (RFC 7636, 4.2)."""
    if not verifier:
        raise ValueError("no code verifier")
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _joined(id_token: dict[str, Any], userinfo: dict[str, Any]) -> dict[str, Any]:
    """Both, if they are about the same person (Core 5.3.2); an address and whether it is verified from one of them."""
    if userinfo["sub"] != id_token["sub"]:
        raise OAuth2Error("userinfo is about somebody else than the ID Token")
    return id_token | {"email_verified": False} | userinfo if "email" in userinfo else userinfo | id_token


def _claims(told: dict[str, Any]) -> dict[str, Any]:
    """What the portal uses and keeps, and no more: text that a database takes, and a yes that is one."""
    kept = {name: told[name] for name in KEPT if isinstance(told.get(name), str) and "\0" not in told[name]}
    if not 0 < len(kept["sub"]) <= app_settings.UID_MAX_LENGTH:
        raise ValueError("sub")
    return kept | {"email_verified": told.get("email_verified") is True}
