from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import get_totp_secret
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def totp_qr(request: HttpRequest) -> HttpResponse:
    """The QR code of the one-time secret being set up, as a picture of our own: `data:` images are not allowed."""
    adapter = get_adapter()
    address = adapter.build_totp_url(request.user, get_totp_secret(regenerate=False))
    return HttpResponse(adapter.build_totp_svg(address), content_type="image/svg+xml")
