"""The one page on which people say which mails they want. The link's key is the right to say so; nobody signs in."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal import registry
from portal.contacts import services
from portal.contacts.forms import PreferencesForm
from portal.contacts.models import EVERYTHING, Contact, OptOut


@csrf_exempt  # mail programs post here without a page before (RFC 8058, 3.2); the key in the address is the secret
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, key: str) -> HttpResponse:
    """GET shows, since mail servers follow links too; POST acts: the form, or a mail program's one click."""
    contact = get_object_or_404(Contact, key=key)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        services.opt_out(contact, _known_kind(request.GET.get("kind", "")), source=OptOut.Source.ONE_CLICK)
        return HttpResponse(status=204)
    form = PreferencesForm(request.POST if request.method == "POST" else None, contact=contact)
    if request.method == "POST" and (refused := _choice(request, form)) is not None:
        services.prefer(contact, refused=refused)
        return redirect(f"{contact.personal_path}?kept")
    context = {"form": form, "contact": contact, "is_kept": "kept" in request.GET, "gets_nothing": form.gets_nothing}
    return render(request, "portal/preferences.html", context)


def _choice(request: HttpRequest, form: PreferencesForm) -> Iterable[str] | None:
    """The kinds refused by the form or by its second button; None where the form is not right."""
    if "nothing" in request.POST:
        return [EVERYTHING]
    return form.refused if form.is_valid() else None


def _known_kind(name: str) -> str:
    """A mail of a kind that is no more is answered like one of any kind."""
    return name if name in {kind.name for kind in registry.mail_kinds} else EVERYTHING
