from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.forms import DisconnectForm as BaseForm
from allauth.socialaccount.models import SocialAccount, SocialApp
from django import forms
from django.utils.translation import gettext_lazy as _


class ConnectionField(forms.ModelChoiceField):
    def label_from_instance(self, account: Any) -> str:
        """The provider, by its id where it is gone from the settings, and who one is there."""
        try:
            name = account.get_provider().name
        except SocialApp.DoesNotExist:
            name = account.provider
        return ", ".join(filter(None, [name, account.extra_data.get("email")]))


class DisconnectForm(BaseForm):
    account = ConnectionField(SocialAccount.objects.none(), label=_("Connected services"), widget=forms.RadioSelect)

    def save(self) -> None:
        """allauth's, which does not know what to do where the provider is gone from the settings."""
        try:
            super().save()
        except SocialApp.DoesNotExist:
            account = self.cleaned_data["account"]
            account.delete()
            get_adapter().send_notification_mail("socialaccount/email/account_disconnected", self.request.user)
