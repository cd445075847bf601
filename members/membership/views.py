"""A member's own say on their membership: the page where they pause, leave and come back, and the link of a round."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.directory.models import Member
from members.membership import rounds, services
from members.membership.forms import LeaveForm
from members.membership.models import Renewal
from portal.users.requests import SignedInRequest


@require_safe
def membership(request: SignedInRequest) -> HttpResponse:
    """Where one's membership stands, and what one can do about it."""
    member = _own(request)
    return _page(request, member, LeaveForm(initial={"until": member.leave_until}))


@require_POST
def pause(request: SignedInRequest) -> HttpResponse:
    member, form = _own(request), LeaveForm(request.POST)
    if not form.is_valid():
        return _page(request, member, form)
    try:
        services.go_on_leave(member, until=form.cleaned_data["until"])
    except services.MembershipError as error:
        form.add_error("until", str(error))
        return _page(request, member, form)
    messages.success(request, _("You are on leave now. Come back whenever you like."))
    return redirect("membership")


@require_POST
def resume(request: SignedInRequest) -> HttpResponse:
    return _act(request, services.come_back, _("Welcome back!"))


@require_POST
def leave(request: SignedInRequest) -> HttpResponse:
    return _act(request, services.make_alumni, _("You have left. Thank you for everything you shared."))


@require_POST
def return_(request: SignedInRequest) -> HttpResponse:
    return _act(request, services.ask_to_return, _("Your wish is with the coordinators. We write to you."))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a round. GET shows, since mail programs follow links too; POST answers, and nobody signs in."""
    try:
        renewal = Renewal.objects.by_token(token)
    except (signing.BadSignature, Renewal.DoesNotExist):
        return render(request, "members/renew.html", {}, status=404)
    answers: dict[str, Callable[[], object]] = {
        "stay": lambda: rounds.stay(renewal),
        "leave": lambda: rounds.leave(renewal),
        "return": lambda: services.ask_to_return(renewal.member),
    }
    said = request.POST.get("answer", "")
    refusal = ""
    if request.method == "POST" and said in answers:
        try:
            answers[said]()
        except services.MembershipError as error:
            refusal = str(error)
    renewal = Renewal.objects.by_token(token)
    context = {"renewal": renewal, "member": renewal.member, "said": "" if refusal else said, "refusal": refusal}
    return render(request, "members/renew.html", {**context, "is_asked_back": _waits(renewal.member)})


def _own(request: SignedInRequest) -> Member:
    """One's own membership, whatever became of it; a profile that is not claimed yet is none."""
    found = Member.objects.exclude(status=Member.Status.UNCLAIMED).select_related("user")
    return get_object_or_404(found, user=request.user)


def _act(request: SignedInRequest, service: Callable[[Member], object], words: str) -> HttpResponse:
    try:
        service(_own(request))
    except services.MembershipError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("membership")


def _page(request: SignedInRequest, member: Member, form: LeaveForm) -> HttpResponse:
    renewal = Renewal.objects.open().filter(member=member).select_related("round", "member__user").first()
    last = member.return_requests.order_by("-submitted_at").first()
    context = {"member": member, "form": form, "renewal": renewal, "last_return": last}
    return render(request, "members/membership.html", context)


def _waits(member: Member) -> bool:
    return member.return_requests.waiting().exists()
