"""The link that was mailed to whoever was on the list. GET shows, since mail programs follow links too; POST acts."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.intake import claims
from members.intake.forms import ClaimForm
from members.intake.models import ProfileClaim
from portal.users.models import User


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """What is held of a person, for them to correct and accept."""
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    form = ClaimForm(request.POST or None, instance=found.member)
    if request.method == "POST" and form.is_valid() and _accepted(found, form):
        return _let_in(request, found, is_new="password" in form.cleaned_data)
    return render(request, "members/claim.html", {"form": form, "claim": found, "token": token})


def _accepted(claim: ProfileClaim, form: ClaimForm) -> bool:
    """Whether the profile is theirs now; a refusal stands above the form, and nothing is saved."""
    said = {name: form.cleaned_data.get(name) for name in ("password", "accepts")}
    try:
        with transaction.atomic():
            form.save()
            claims.accept(claim, password=said["password"] or "", accepts=said["accepts"])
    except claims.ClaimError as error:
        form.add_error(None, str(error))
        return False
    return True


def _let_in(request: HttpRequest, claim: ProfileClaim, *, is_new: bool) -> HttpResponse:
    """In with the password just chosen; whoever had an account before signs in as ever."""
    messages.success(request, _("This profile is yours now. Thank you!"))
    if is_new and not request.user.is_authenticated:
        user = User.objects.get(pk=claim.member.user_id)
        response: HttpResponse = perform_login(request, user, redirect_url=reverse("me"))
        return response
    return redirect("me")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline_profile(request: HttpRequest, token: str) -> HttpResponse:
    """ "Take me off your list": asked once more, then done."""
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "POST":
        try:
            claims.decline(found)
        except claims.ClaimError:
            return render(request, "members/claim_gone.html", {"is_claimed": True})
        return render(request, "members/claim_gone.html", {"is_declined": True})
    return render(request, "members/claim_decline.html", {"claim": found, "token": token})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link was too old. A new one goes to the address that it was mailed to, and nowhere else."""
    try:
        found = ProfileClaim.objects.by_token(token, valid_for=None)
    except (signing.BadSignature, ProfileClaim.DoesNotExist):
        return render(request, "members/claim_gone.html", {}, status=404)
    if not found.is_waiting:
        return render(request, "members/claim_gone.html", {"is_claimed": True})
    if request.method == "POST":
        claims.send_new_link(found)  # also where one went out just now: whoever asks learns nothing from it
        return render(request, "members/claim_old.html", {"is_sent": True})
    return render(request, "members/claim_old.html", {"token": token})


def _found(request: HttpRequest, token: str) -> ProfileClaim | HttpResponse:
    """The claim that waits for this link, or the page that says kindly why there is none."""
    try:
        found = ProfileClaim.objects.by_token(token)
    except signing.SignatureExpired:
        return redirect("new_claim_link", token=token)
    except (signing.BadSignature, ProfileClaim.DoesNotExist):
        return render(request, "members/claim_gone.html", {}, status=404)
    if not found.is_waiting:
        return render(request, "members/claim_gone.html", {"is_claimed": True})
    if request.user.is_authenticated and request.user != found.member.user:
        return render(request, "members/claim_other.html", {})
    return found
