"""How a passkey is added: allauth's form in words for people. allauth loads other forms sooner, so it stands alone."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey replaces the password unless its owner says otherwise: that is what people take it for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = _("Let me sign in with it alone, without my password")
        alone.help_text = _("Your device asks for your finger, your face or a PIN. Untick it for an old key without.")
