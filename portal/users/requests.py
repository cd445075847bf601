from django.http import HttpRequest

from portal.users.models import User


class SignedInRequest(HttpRequest):
    """What a view gets that is not marked `login_not_required`: the middleware saw that somebody is there."""

    user: User


SIGN_UP = "sign_up"


def expect_sign_up(request: HttpRequest, *, name: str, email: str) -> None:
    """Whoever signs up next in this browser finds name and address filled in. Nothing is verified by that."""
    request.session[SIGN_UP] = {"name": name, "email": email}


def expected_sign_up(request: HttpRequest) -> dict[str, str]:
    found: dict[str, str] = request.session.get(SIGN_UP, {})
    return found


def forget_sign_up(request: HttpRequest) -> None:
    request.session.pop(SIGN_UP, None)
