from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.directory import files
from members.directory.forms import ProfileForm
from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.places import Places
from members.directory.profile import level_of, seen_by
from members.directory.states import State
from portal import registry
from portal.shared.pages import shared_page
from portal.users.requests import SignedInRequest

PER_PAGE = 24


@shared_page("page", "view", "sort")
@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Members who answer to words and filters of the address; to HTMX alone what depends on them."""
    state = State.of(request.GET)
    level = level_of(request.user)
    found = state.found(level)
    pages: Paginator[Member] = Paginator(found, PER_PAGE)  # type: ignore[arg-type]  # a slice is a list
    page, choices = pages.get_page(request.GET.get("page")), state.wish.choices(found)
    context = {
        "page_obj": page,
        "people": [seen_by(request.user, member, level) for member in page],
        "state": state,
        "wish": state.wish,
        "choices": choices,
        "chips": state.chips(choices),
        "places": Places(state, choices),
        "is_insider": level > Audience.EVERYONE,
        "has_blogs": files.has_feeds(level),
    }
    is_part = request.headers.get("HX-Request") == "true"
    response = render(request, f"members/{'_members_found' if is_part else 'member_list'}.html", context)
    if is_part:
        _keep_in_address(request, response, state)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _keep_in_address(request: HttpRequest, response: HttpResponse, state: State) -> None:
    """Each choice is a step back in the browser's history, each letter that is typed is not."""
    is_typing = request.headers.get("HX-Trigger-Name") == "q"
    response["HX-Replace-Url" if is_typing else "HX-Push-Url"] = request.path + state.address().removesuffix("?")


@shared_page()
@require_safe
def member_detail(request: HttpRequest, slug: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user).with_links(), slug=slug)
    panels = registry.panels(registry.member_panels, member, request.user)
    level = level_of(request.user)
    context = {
        "profile": seen_by(request.user, member, level),
        "panels": panels,
        "is_insider": level > Audience.EVERYONE,
    }
    return render(request, "members/member_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: SignedInRequest) -> HttpResponse:
    """A member's own profile; who is no member yet is shown the way to join."""
    member = Member.objects.active().filter(user=request.user).select_related("user").first()
    if member is None:
        return redirect("join")
    form = ProfileForm(request.POST or None, request.FILES or None, instance=member)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("Your profile is saved."))
        return HttpResponseRedirect(member.get_absolute_url())
    return render(request, "members/profile_edit.html", {"form": form, "member": member})
