from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from portal.users.openid_connect.adapter import Adapter


class Provider(OpenIDConnectProvider):
    """A provider of identities; allauth gets it by the setting `provider_class`, and its addresses from `urls` here."""

    oauth2_adapter_class = Adapter

    def get_pkce_params(self) -> dict[str, Any]:
        """PKCE (RFC 7636) always, and its challenge as the nonce too: a hash of what the session keeps, as in Core
        15.5.2, so that a code and an ID Token count for the browser alone that asked for them."""
        challenge = generate_code_challenge()
        return challenge | {"nonce": challenge["code_challenge"]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Only a true `email_verified` counts (Core 5.1), not the word "false" that some providers send."""
        email = data.get("email")
        return [EmailAddress(email=email, verified=data["email_verified"], primary=True)] if email else []

    def serialize(self) -> dict[str, Any]:
        """Named by its own id: two providers may know the portal by the same client id."""
        return super().serialize() | {"id": self.sub_id}


provider_classes = [Provider]
