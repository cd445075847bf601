from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.directory.forms import ProfileForm
from members.directory.models import Member
from portal import registry
from portal.shared.pages import shared_page
from portal.users.requests import SignedInRequest

PER_PAGE = 24


@shared_page("page")
@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    members = Member.objects.visible_to(request.user).by_name().with_faces()
    page = Paginator(members, PER_PAGE).get_page(request.GET.get("page"))
    is_member = request.user.is_authenticated and Member.objects.active().filter(user=request.user).exists()
    return render(request, "members/member_list.html", {"page_obj": page, "is_member": is_member})


@shared_page()
@require_safe
def member_detail(request: HttpRequest, slug: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user).with_links(), slug=slug)
    panels = registry.panels(registry.member_panels, member, request.user)
    return render(request, "members/member_detail.html", {"member": member, "panels": panels})


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
