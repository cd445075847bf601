"""What a list shows of each member, put together once a change for all readers of an audience."""

from collections.abc import Iterable, Mapping, Sequence

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from members.directory.models import Member
from members.directory.parts import Audience
from members.directory.profile import Profile
from portal.registry import Viewer
from portal.shared.kept import each_once_a_change

CARD, LINE = "members/_member_card.html", "members/_member_line.html"


def cards(template: str, ids: Sequence[int], viewer: Viewer, level: Audience) -> SafeString:
    """These members, one after the other, as the viewer sees them: their own self whole, as coordinators do."""
    own = _own(viewer)
    whole = _kept(template, [pk for pk in ids if pk == own], Audience.COORDINATORS)
    seen = {**_kept(template, [pk for pk in ids if pk != own], level), **whole}
    return SafeString("".join(seen[pk] for pk in ids if pk in seen))


def _own(viewer: Viewer) -> int | None:
    if not viewer.is_authenticated:
        return None
    return Member.objects.filter(user_id=viewer.pk).values_list("pk", flat=True).order_by().first()


def _kept(template: str, ids: Sequence[int], level: Audience) -> Mapping[int, str]:
    """Who is away today may be back tomorrow."""
    name = f"{template}-{get_language()}-{level.value}-{timezone.localdate()}"
    return each_once_a_change(name, ids, lambda missing: _made(template, missing, level))


def _made(template: str, ids: Iterable[int], level: Audience) -> dict[int, str]:
    made = get_template(template)
    members = Member.objects.with_faces().in_bulk(list(ids))
    return {pk: made.render({"profile": Profile(member, level)}) for pk, member in members.items()}
