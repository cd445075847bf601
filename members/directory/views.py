from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.directory import files, person
from members.directory.cards import CARD, LINE, cards
from members.directory.forms import ProfileForm
from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.places import Places
from members.directory.profile import Profile, is_seen_at_all, level_of, seen_by
from members.directory.search import Some
from members.directory.states import State
from portal import registry
from portal.registry import Viewer
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
    pages: Paginator[Member] = Paginator(found, PER_PAGE)  # type: ignore[arg-type]  # it is asked for slices alone
    page, choices = pages.get_page(request.GET.get("page")), state.wish.choices(found)
    ids = cast("Some", page.object_list).ids
    context = {
        "page_obj": page,
        "cards": cards(LINE if state.view == "table" else CARD, ids, request.user, level),
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
    level = level_of(request.user)
    context = _told(member, seen_by(request.user, member, level), request.user)
    return render(request, "members/member_detail.html", context | {"is_insider": level > Audience.EVERYONE})


def _told(member: Member, profile: Profile, viewer: Viewer) -> dict[str, Any]:
    """What the page of a profile needs; it is the same for whoever looks and for the member who looks through them."""
    return {
        "profile": profile,
        "panels": registry.panels(registry.member_panels, member, viewer),
        "portrait": person.absolute(profile.portrait_url),
        "linked_data": person.as_json(profile) if profile.is_open else "",
        "audiences": [(audience.name.lower(), audience.label) for audience in Audience],
    }


@require_safe
def seen_as(request: SignedInRequest, audience: str) -> HttpResponse:
    """One's own page as everyone, members or coordinators see it."""
    member = _own(request)
    level = {one.name.lower(): one for one in Audience}.get(audience)
    if member is None:
        return redirect("join")
    if level is None:
        raise Http404
    viewer = AnonymousUser() if level == Audience.EVERYONE else request.user
    context = _told(member, Profile(member, level), viewer)
    seen = {"seen_as": audience, "is_seen": is_seen_at_all(member, level)}
    return render(request, "members/seen_as.html", context | seen | {"is_insider": level > Audience.EVERYONE})


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: SignedInRequest) -> HttpResponse:
    """A member's own profile; who is no member yet is shown the way to join."""
    member = _own(request)
    if member is None:
        return redirect("join")
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ProfileForm(*typed, instance=member)
    if form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("Your profile is saved."))
        return HttpResponseRedirect(member.get_absolute_url())
    if form.is_bound and form.keep_portrait():
        messages.success(request, _("Your picture is kept already; the rest waits for your correction."))
    return render(request, "members/profile_edit.html", {"form": form, "member": member})


def _own(request: SignedInRequest) -> Member | None:
    return Member.objects.active().filter(user=request.user).with_links().first()
