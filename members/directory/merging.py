"""A member who came twice: one profile is left, with the gaps filled from the other."""

from django.db import transaction

from members.directory.models import Link, Member
from members.directory.parts import column
from portal.registry import MergeRule
from portal.users.models import User

TOLD = (
    "headline", "organisation", "bio", "city", "country", "time_zone", "hours_pledged", "away_until", "stand_in",
)  # fmt: skip

JOINED = ("topics", "languages", "links")  # of both; shown to those alone who could see either


def bring_profile(keep: User, gone: User, _by: User) -> None:
    """The profile moves; where both have one, what the kept one does not tell is taken from the other."""
    profiles = {one.user_id: one for one in Member.objects.select_for_update().filter(user__in=[keep, gone])}
    mine, theirs = profiles.get(keep.pk), profiles.get(gone.pk)
    if theirs is None:
        return
    if mine is None:
        theirs.user = keep
        theirs.save(update_fields=["user"])
        return
    _fill(mine, theirs)
    _add_links(mine, theirs)
    theirs.delete()


def _fill(mine: Member, theirs: Member) -> None:
    for name in TOLD:
        if not getattr(mine, name):
            setattr(mine, name, getattr(theirs, name))
            _shown_as_before(mine, theirs, name)
    theirs.stands_in_for.exclude(pk=mine.pk).update(stand_in=mine)
    if mine.stand_in_id in {mine.pk, theirs.pk}:
        mine.stand_in = None
    for part in JOINED:
        setattr(mine, column(part), max(getattr(mine, column(part)), getattr(theirs, column(part))))
    mine.languages = list(dict.fromkeys([*mine.languages, *theirs.languages]))
    if theirs.is_in_force and mine.status in {Member.Status.UNCLAIMED, Member.Status.ALUMNI}:
        mine.status, mine.leave_until, mine.left_at = theirs.status, theirs.leave_until, None
    mine.joined_on = min(mine.joined_on, theirs.joined_on)
    if mine.portrait:
        _forget_portrait(theirs)
    else:
        mine.portrait = theirs.portrait.name
        _shown_as_before(mine, theirs, "portrait")
    mine.save()
    mine.topics.add(*theirs.topics.all())


def _shown_as_before(mine: Member, theirs: Member, name: str) -> None:
    """What was told to few is not told to more because it moved."""
    if hasattr(theirs, column(name)):
        setattr(mine, column(name), getattr(theirs, column(name)))


def _forget_portrait(theirs: Member) -> None:
    if name := theirs.portrait.name:
        storage = theirs.portrait.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def _add_links(mine: Member, theirs: Member) -> None:
    """Theirs come after mine, each address once; more than twelve are kept until the member chooses."""
    known = list(mine.links.values_list("url", flat=True))
    new = theirs.links.exclude(url__in=known)
    Link.objects.bulk_create(
        Link(member=mine, url=link.url, position=place) for place, link in enumerate(new, start=len(known) + 1)
    )


HELD = (
    "members.Member.user", "members.Member.stand_in", "members.Link.member", "members.Listing.member",
    "members.Member_topics.member",
)  # fmt: skip
RULES = (MergeRule(HELD, bring_profile),)
