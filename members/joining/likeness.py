"""Whether an applicant is known here already, under another address: by their name and by their links."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.directory.models import Link, Member, same_links
from members.joining.models import MembershipApplication
from portal.users.models import User

NAMES_AT_MOST = 5  # namesakes that one application shows


@dataclass
class Likeness:
    """Somebody who might be the same person, and what speaks for it."""

    user: User
    reasons: list[str] = field(default_factory=list)

    @property
    def what(self) -> str:
        """What this person is here, and since when."""
        member: Member | None = getattr(self.user, "member", None)
        if member is None:
            return _("account since %(day)s") % {"day": date_format(self.user.joined_at)}
        return _("member since %(day)s") % {"day": date_format(member.joined_on)}


def likenesses(applications: Iterable[MembershipApplication]) -> dict[int, list[Likeness]]:
    """For each application (by its key) who else its applicant might be; five questions, however many there are."""
    given = {one.pk: one for one in applications}
    by_name, by_link = _by_name(given), _by_link(given)
    everybody = {pk for found in (*by_name.values(), *by_link.values()) for pk in found}
    people = User.objects.filter(pk__in=everybody, is_active=True).select_related("member").in_bulk()
    return {pk: _of(one, by_name[pk], by_link[pk], people) for pk, one in given.items()}


def _of(
    application: MembershipApplication, by_name: list[int], by_link: list[int], people: dict[int, User]
) -> list[Likeness]:
    found = {pk: Likeness(people[pk]) for pk in (*by_name, *by_link) if pk in people and pk != application.user_id}
    for pk, one in found.items():
        if pk in by_name:
            is_same = one.user.sort_key == application.user.sort_key
            one.reasons.append(_("the same name") if is_same else _("nearly the same name"))
        if pk in by_link:
            one.reasons.append(_("the same link"))
    return list(found.values())


def _by_name(given: dict[int, MembershipApplication]) -> dict[int, list[int]]:
    alike = User.objects.named_like(OuterRef("user__sort_key")).exclude(pk=OuterRef("user_id"))
    asked = MembershipApplication.objects.filter(pk__in=given).annotate(
        alike=ArraySubquery(alike.values("pk")[:NAMES_AT_MOST])
    )
    return dict(asked.values_list("pk", "alike"))


def _by_link(given: dict[int, MembershipApplication]) -> dict[int, list[int]]:
    ways = {pk: {way for link in one.links for way in same_links(link)} for pk, one in given.items()}
    wanted = sorted(set().union(*ways.values()))
    owners: dict[str, set[int]] = defaultdict(set)
    for url, owner in Link.objects.filter(url__in=wanted).values_list("url", "member__user"):
        owners[url].add(owner)
    others = MembershipApplication.objects.filter(links__overlap=wanted) if wanted else []
    for other in others:
        for url in other.links:
            owners[url].add(other.user_id)
    return {pk: sorted({owner for way in these for owner in owners[way]}) for pk, these in ways.items()}
