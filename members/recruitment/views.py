from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members.recruitment.models import Invitation


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Greets whoever was invited. It neither signs in nor verifies, and that it was fetched tells nothing."""
    found = get_object_or_404(Invitation.objects.select_related("drive__package", "invited_by"), token=token)
    return render(request, "members/invitation.html", {"invitation": found})
