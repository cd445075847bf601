"""A member's own links: what we know of each, and what they may do with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.directory.models import Link, Member
from members.links import services
from members.links.forms import LinkForm
from portal.users.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def my_links(request: SignedInRequest) -> HttpResponse:
    """The list; posting adds an address to it. Who is no member yet is shown the way to join."""
    member = Member.objects.active().filter(user=request.user).select_related("user").first()
    if member is None:
        return redirect("join")
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add(member, form.cleaned_data["url"])
        except services.LinkError as error:
            form.add_error("url", str(error))
        else:
            messages.success(request, _("Your link is added. We look at it now; reload this page in a moment."))
            return redirect("my_links")
    context = {"form": form, "member": member, "links": member.links.all(), "snippet": services.snippet(member)}
    return render(request, "members/my_links.html", context)


@require_POST
def remove_link(request: SignedInRequest, pk: int) -> HttpResponse:
    services.remove(_own(request, pk))
    messages.success(request, _("Your link is removed."))
    return redirect("my_links")


@require_POST
def move_link(request: SignedInRequest, pk: int) -> HttpResponse:
    services.move_up(_own(request, pk))
    return redirect("my_links")


@require_POST
def look_at_link(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        services.look_again(_own(request, pk))
    except services.LinkError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("We look at it again. Reload this page in a moment."))
    return redirect("my_links")


@require_POST
def harvest_link(request: SignedInRequest, pk: int) -> HttpResponse:
    agrees = request.POST.get("agrees") == "on"
    try:
        services.agree_to_harvest(_own(request, pk), agrees=agrees)
    except services.LinkError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The group may gather your posts.") if agrees else _("Your posts are yours alone."))
    return redirect("my_links")


def _own(request: SignedInRequest, pk: int) -> Link:
    """One's own, as long as one is a member; else 404."""
    mine = Link.objects.select_related("member").filter(member__in=Member.objects.active(), member__user=request.user)
    return get_object_or_404(mine, pk=pk)
