from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.group import services
from portal.group.models import Page
from portal.shared.pages import shared_page

COLOURS = """@layer tokens {{
  :root {{ --forest: light-dark({light}, {dark}); --forest-strong: light-dark({light}, {dark}); }}
}}
"""


@shared_page()
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Page.objects.published().with_texts().prefetch_related("files"), slug=slug)
    return render(request, "portal/page.html", {"page": found, "text": found.text})


@shared_page()
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The group's own colours as custom properties, loaded after the stylesheets where they differ from ours."""
    group = services.current_group()
    return HttpResponse(
        COLOURS.format(light=group.colour, dark=group.colour_dark), content_type="text/css; charset=utf-8"
    )
