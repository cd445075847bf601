"""Pages that are the same for everybody without a session: rendered once, kept until content or time changes them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
LONGEST = timedelta(minutes=10)


def shared_page(*parameters: str) -> Callable[[View], View]:
    """A public view whose page may be kept for everybody, by path and the named query parameters.

    With any other parameter, and for anyone with a session, it is rendered in full. Inside, `request.is_shared`
    says that the page must hold nothing personal and no token.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        page.shared_parameters = frozenset(parameters)  # type: ignore[attr-defined]
        return login_not_required(page)

    return decorate


def fresh_until(request: HttpRequest, moment: datetime | None) -> None:
    """The page being rendered is true only until this moment (an event begins, a deadline passes)."""
    if moment is not None:
        now = getattr(request, "shared_until", None)
        request.shared_until = min(now, moment) if now else moment  # type: ignore[attr-defined]


def expiry(request: HttpRequest, now: datetime) -> datetime:
    """When a page rendered now stops being true: at its own moment, at midnight UTC, or after ten minutes."""
    midnight = (now + timedelta(days=1)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    own = getattr(request, "shared_until", None) or midnight
    return min(own, midnight, now + LONGEST)
