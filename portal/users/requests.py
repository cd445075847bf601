import time

from django.http import HttpRequest

from portal.users.models import User


class SignedInRequest(HttpRequest):
    """What a view gets that is not marked `login_not_required`: the middleware saw that somebody is there."""

    user: User


SIGN_UP = "sign_up"
AN_HOUR = 3600  # seconds; then whoever sits at this browser may be somebody else


def expect_sign_up(request: HttpRequest, *, name: str, email: str) -> None:
    """Whoever signs up next in this browser finds name and address filled in. Nothing is verified by that."""
    request.session[SIGN_UP] = {"name": name, "email": email, "at": time.time()}


def expected_sign_up(request: HttpRequest) -> dict[str, str]:
    """Name and address, for an hour after the invitation was taken up."""
    found = request.session.get(SIGN_UP, {})
    if time.time() - found.get("at", 0) > AN_HOUR:
        return {}
    return {"name": found["name"], "email": found["email"]}


def forget_sign_up(request: HttpRequest) -> None:
    request.session.pop(SIGN_UP, None)
