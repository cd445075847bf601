"""The demo's mailbox. It does not exist where a real mail server is set."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.outbox import mailbox as box


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_not_required
    @require_safe
    @wraps(view)
    def only_there(request: HttpRequest, **words: str) -> HttpResponse:
        if not (settings.HAS_MAILBOX and (settings.DEMO or settings.DEBUG)):
            raise Http404
        return view(request, **words)

    return only_there


@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(box.letters(), 30).get_page(request.GET.get("page"))
    return render(request, "portal/mailbox.html", {"page_obj": page})


@csp_update({"frame-src": ["'self'"]})
@demo_only
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "portal/letter.html", {"letter": _found(name)})


@xframe_options_sameorigin
@csp_replace(
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
        "sandbox": [""],
    }
)
@demo_only
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """A mail as a mail program would show it: in a sandbox of its own, where nothing runs and styles are the mail's."""
    return HttpResponse(_found(name).html)


def _found(name: str) -> box.Letter:
    found = box.letter(name)
    if found is None:
        raise Http404
    return found
