"""Files of the directory. Whatever holds people's data is for members alone, and each taking is logged."""

import logging

from django.http import Http404, HttpResponse, HttpResponseBase
from django.http.request import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.directory import files
from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.profile import level_of, seen_by
from members.directory.states import State
from portal.group.services import current_group
from portal.lists.downloads import csv_file
from portal.shared.pages import shared_page
from portal.users.requests import SignedInRequest

log = logging.getLogger(__name__)


@require_safe
def member_export(request: SignedInRequest) -> HttpResponseBase:
    """The members of the list that the address describes, as a table."""
    level = _insiders_level(request)
    state = State.of(request.GET)
    wish = state.wish
    said = {"by": request.user.pk, "audience": level.name, "filters": [*wish.values], "words": bool(wish.q)}
    log.info("members exported", extra=said)
    return csv_file(files.table(state.found(level), request.user, level), "members.csv")


@require_safe
def member_card(request: SignedInRequest, slug: str) -> HttpResponse:
    """One member for the address book."""
    level = _insiders_level(request)
    member = get_object_or_404(Member.objects.visible_to(request.user).with_links(), slug=slug)
    log.info("member card taken", extra={"by": request.user.pk, "audience": level.name, "member": member.pk})
    made = files.card(member, seen_by(request.user, member, level), level)
    response = HttpResponse(made, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.vcf"'
    return response


@shared_page()
@require_safe
def member_blogs(request: HttpRequest) -> HttpResponse:
    """The feeds of members' blogs, for any reader of feeds."""
    links = files.feeds(Member.objects.visible_to(request.user), request.user, level_of(request.user))
    group = current_group()
    title = _("Blogs of members of %(group)s") % {"group": group.name}
    response = HttpResponse(files.blogs(title, links), content_type="text/x-opml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="blogs.opml"'
    return response


def _insiders_level(request: SignedInRequest) -> Audience:
    """The level of a reader who may take people's data along: members and staff; there is nothing for others."""
    level = level_of(request.user)
    if level == Audience.EVERYONE:
        raise Http404
    return level
