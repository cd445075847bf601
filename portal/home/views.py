"""The portal's roof: home, one's own page, errors, and the small addresses that machines ask for."""

import mimetypes
from collections import Counter
from pathlib import PurePosixPath

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from members.directory import completeness
from members.directory.models import Member
from members.joining.models import MembershipApplication
from portal import registry
from portal.forms import examples
from portal.home import addresses
from portal.shared.pages import fresh_until, shared_page
from portal.users.requests import SignedInRequest

MORE_THINGS, WAITING = 4, 10  # that wait for somebody beside the next one; for which somebody waits
YEAR = 60 * 60 * 24 * 365


@shared_page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    panels = registry.panels(registry.home_panels, request.user)
    for panel in panels:
        fresh_until(request, panel.until)
    return render(request, "portal/home.html", {"panels": panels})


@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """Everything of mine in one place, with the one next thing to do first."""
    member = Member.objects.filter(user=request.user).with_links().select_related("user__contact").first()
    applications = MembershipApplication.objects.filter(user=request.user).order_by("-submitted_at")
    things = [thing for give in registry.next_things for thing in give(request.user)]
    waiting = [one for give in registry.waiting for one in give(request.user)]
    context = {
        "member": member,
        "completeness": completeness.of(member) if member is not None and member.is_in_force else None,
        "application": applications.first() if member is None else None,
        "next_thing": things[0] if things else None,
        "more_things": things[1 : 1 + MORE_THINGS],
        "waiting": sorted(waiting, key=lambda one: one.since)[:WAITING],
        "panels": registry.panels(registry.me_panels, request.user) if member is not None else [],
        "factors": Counter(Authenticator.objects.filter(user=request.user).values_list("type", flat=True)),
        "contact": getattr(member.user if member is not None else request.user, "contact", None),
    }
    return render(request, "portal/me.html", context)


@require_safe
@permission_required("portal.change_specialtygroup", raise_exception=True)
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/styleguide.html", examples())


@login_not_required
@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """A public upload. Names are never used twice, so it may be kept for ever; nothing is shown that could run."""
    try:
        if not default_storage.exists(name):
            raise Http404
        file = default_storage.open(name)
    except (SuspiciousFileOperation, IsADirectoryError, ValueError) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_picture = kind in {"image/webp", "image/png", "image/jpeg"}
    response = FileResponse(file, content_type=kind, as_attachment=not is_picture, filename=PurePosixPath(name).name)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@shared_page()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/", "Disallow: /me/", ""]
    return HttpResponse("\n".join([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]), content_type="text/plain")


@shared_page()
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    words = render_to_string("portal/sitemap.xml", {"entries": addresses.public()})
    return HttpResponse(words, content_type="application/xml")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context: what failed may be just what a context would ask."""
    return HttpResponse(render_to_string("500.html"), status=500)
