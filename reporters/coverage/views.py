"""Reading coverage. Writing it has its own module."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from events.calendar.models import Event
from members.directory.models import Member
from portal.group import services as groups
from portal.shared.pages import shared_page
from reporters.coverage.models import Coverage, Photo

PER_PAGE = 20
ON_WALL = 24


@shared_page("page", "event")
@require_safe
def coverage_list(request: HttpRequest) -> HttpResponse:
    found = Coverage.objects.approved().newest().for_list()
    event = None
    if slug := request.GET.get("event"):
        event = get_object_or_404(Event.objects.published(), slug=slug)
        found = found.filter(event=event)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reporters/coverage_list.html", {"page_obj": page, "event": event})


@shared_page()
@require_safe
def coverage_detail(request: HttpRequest, reference: str) -> HttpResponse:
    coverage = get_object_or_404(Coverage.objects.visible_to(request.user).for_list(), reference=reference)
    if coverage.is_draft:
        return redirect("reporters:coverage_edit", reference)
    author = Member.objects.visible_to(request.user).filter(user=coverage.author).first()
    author_url = author.get_absolute_url() if author else ""
    return render(request, "reporters/coverage_detail.html", {"coverage": coverage, "author_url": author_url})


@require_safe
def coverage_photo(request: HttpRequest, reference: str, pk: int) -> HttpResponse | FileResponse:
    """A picture that is not public, for those who may see its coverage."""
    coverage = get_object_or_404(Coverage.objects.visible_to(request.user), reference=reference)
    photo = get_object_or_404(Photo, coverage=coverage, pk=pk)
    try:
        file = photo.original.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    patch_cache_control(response, private=True, max_age=600)
    return response


@shared_page()
@require_safe
def wall(request: HttpRequest, tag: str) -> HttpResponse:
    """The newest coverage on a big screen: for one of the group's tags, or for an event's own."""
    shown = Coverage.objects.on_wall().newest().for_list()
    event = None
    if not groups.current_group().owns_tag(tag):
        event = Event.objects.published().filter(hashtags__name__iexact=tag).order_by("-starts_at").first()
        if event is None:
            raise Http404
        shown = shown.filter(event=event)
    where = (settings.BASE_URL + reverse("reporters:coverage_new")).split("//")[1]
    context = {"tag": tag, "event": event, "coverage": shown[:ON_WALL], "count": shown.count(), "wall_address": where}
    return render(request, "reporters/wall.html", context)
