from typing import Any

from allauth.account.views import SignupView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import get_totp_secret
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.users.requests import expected_sign_up, forget_sign_up


class SignUp(SignupView):
    """Signing up, with name and address filled in for whoever comes by an invitation. They may type others."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **expected_sign_up(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        forget_sign_up(self.request)
        return super().form_valid(form)


sign_up = SignUp.as_view()


@require_safe
def totp_qr(request: HttpRequest) -> HttpResponse:
    """The QR code of the one-time secret being set up, as a picture of our own: `data:` images are not allowed."""
    adapter = get_adapter()
    address = adapter.build_totp_url(request.user, get_totp_secret(regenerate=False))
    return HttpResponse(adapter.build_totp_svg(address), content_type="image/svg+xml")
