"""What the directory holds on a person: how it is told, how it goes, and what was agreed to."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.directory.models import Link, Member
from members.directory.parts import PARTS as SHOWN
from members.directory.parts import column
from portal.personal.traces import erase, told
from portal.registry import Consent, Consequence, ExportPart, LeaveRule
from portal.users.models import User

FACTS = (
    "slug", "headline", "organisation", "bio", "country", "city", "languages", "time_zone", "portrait",
    "takes_requests", "hours_pledged", "away_until", "stand_in", "visibility", "joined_on", "edited_at", "status",
    "leave_until", "left_at",
)  # fmt: skip
LINK = ("url", "checked_at", "confirmed_at", "feed", "harvest_agreed_at")
OF_A_VERSION = ("history_date", "headline", "organisation", "bio", "city", "languages", "visibility", "status")


def profile(user: User) -> dict[str, Any]:
    """With earlier versions, and who was shown what."""
    member = Member.objects.filter(user=user).select_related("country", "stand_in__user").first()
    if member is None:
        return {}
    return {
        **told(member, *FACTS),
        "topics": [topic.name for topic in member.topics.all()],
        "links": [told(link, *LINK) for link in member.links.all()],
        "shown_to": {part: getattr(member, f"get_{column(part)}_display")() for part in SHOWN},
        "stands_in_for": [str(other) for other in member.stands_in_for.select_related("user")],
        "earlier_versions": [told(one, *OF_A_VERSION) for one in member.history.order_by("history_date")],
    }


def portraits(user: User) -> Iterable[tuple[str, FieldFile]]:
    for member in Member.objects.filter(user=user).exclude(portrait=""):
        yield "portrait.webp", member.portrait


def tell(user: User) -> Iterable[Consequence]:
    if Member.objects.filter(user=user).exists():
        yield Consequence(_("Your profile with its picture, links and earlier versions, and your membership."))


def leave(user: User, _byline: str) -> None:
    """Earlier versions of others' profiles may say that this member stood in for them; those say nobody then."""
    mine = Member.objects.filter(user=user)
    Member.history.filter(stand_in_id__in=mine.values("pk")).update(stand_in=None)
    erase(Link.objects.filter(member__in=mine))
    erase(mine)


def consents(user: User) -> Iterable[Consent]:
    """Who may see the profile, and which of the member's sites we may read."""
    member = Member.objects.active().filter(user=user).first()
    if member is None:
        return
    yield Consent(
        "profile",
        _("Your profile is shown to: %(whom)s") % {"whom": member.get_visibility_display()},
        None,
        hint=_("You say so for the whole profile and for each part of it."),
        url=reverse("profile_edit"),
    )
    for link in member.links.exclude(harvest_agreed_at=None):
        yield Consent(
            f"harvest-{link.pk}",
            _("We may read %(site)s and show what is new there") % {"site": link.label},
            link.harvest_agreed_at,
            withdraw=partial(_no_harvest, link),
        )


def _no_harvest(link: Link) -> None:
    Link.objects.filter(pk=link.pk).update(harvest_agreed_at=None)


RELATIONS = (
    "members.Member.user", "members.Member.stand_in", "members.Link.member", "members.Member_topics.member",
)  # fmt: skip
PARTS = (
    ExportPart(
        "profile", gettext_lazy("Your profile with links, picture and earlier versions"), RELATIONS, profile, portraits
    ),
)
RULES = (LeaveRule(RELATIONS, leave, tell),)
