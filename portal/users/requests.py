from django.http import HttpRequest

from portal.users.models import User


class SignedInRequest(HttpRequest):
    """What a view gets that is not marked `login_not_required`: the middleware saw that somebody is there."""

    user: User
