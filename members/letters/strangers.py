"""Somebody without an account writes to a member: first we ask by a mail whether the address is theirs."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members.directory.models import Member
from members.directory.profile import Profile
from members.letters import services
from members.letters.forms import StrangerForm
from members.letters.models import CONFIRM_WITHIN, Letter


def write(request: HttpRequest, member: Member, profile: Profile) -> HttpResponse:
    """The form, and what becomes of it. What it says does not depend on what we know of the address."""
    form = StrangerForm(request.POST or None, profile=profile)
    if request.method == "POST" and form.is_valid():
        try:
            _proposed(request, member, form)
        except services.LetterError as error:
            form.add_error(None, str(error))
        else:
            return redirect("letter_sent", slug=member.slug)
    context = {"form": form, "profile": profile, "is_stranger": True}
    return render(request, "members/write_letter.html", context)


def _proposed(request: HttpRequest, member: Member, form: StrangerForm) -> None:
    if not ratelimit.consume(request, action="letter"):
        raise services.LetterError(_("From your network many requests were sent just now. Please try again later."))
    services.propose(member, language=get_language() or "en", **form.cleaned_data)


@login_not_required
@never_cache
@require_safe
def letter_sent(request: HttpRequest, slug: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), slug=slug)
    context = {"member": member, "days": CONFIRM_WITHIN.days}
    return render(request, "members/letter_to_confirm.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_letter(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail. GET shows, since mail programs follow links too; POST sends the request on."""
    try:
        letter = Letter.objects.by_token(token)
    except (signing.BadSignature, Letter.DoesNotExist):
        return render(request, "members/letter_gone.html", {}, status=404)
    refusal = ""
    if request.method == "POST":
        try:
            letter = services.confirm(letter)
        except services.LetterError as error:
            refusal = str(error)
    return render(request, "members/letter_confirm.html", {"letter": letter, "refusal": refusal})
