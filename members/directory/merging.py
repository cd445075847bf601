"""A member who came twice: one profile is left, with the gaps filled from the other."""

from django.db import transaction

from members.directory import services
from members.directory.models import Link, Member
from members.directory.parts import PARTS, Audience, column
from portal.personal.traces import forget_versions, move_log, move_versions
from portal.registry import MergeRule
from portal.users.models import User

TOLD = (
    "headline", "organisation", "bio", "city", "country", "time_zone", "hours_pledged", "away_until", "stand_in",
)  # fmt: skip

# Parts that hold what both profiles told; they are shown to those alone who could see either.
JOINED = ("topics", "languages", "links", "away")


def bring_profile(keep: User, gone: User, _by: User) -> None:
    """The profile moves; where both have one, what the kept one does not tell is taken from the other."""
    profiles = {one.user_id: one for one in Member.objects.select_for_update().filter(user__in=[keep, gone])}
    mine, theirs = profiles.get(keep.pk), profiles.get(gone.pk)
    if theirs is None:
        return
    if mine is None:
        _hand_over(theirs, keep)
        return
    _narrow(mine, theirs)
    _fill(mine, theirs)
    _add_links(mine, theirs)
    _bring_past(mine, theirs)
    _end(theirs)


def _hand_over(theirs: Member, keep: User) -> None:
    """The one profile there is. Nobody saw that of a closed account: in force again, it tells nobody what it told."""
    if theirs.is_in_force and not theirs.user.is_active:
        for part in PARTS:
            setattr(theirs, column(part), _seen(theirs, part, Audience.COORDINATORS))
        theirs.visibility = Member.Visibility.MEMBERS
    theirs.user = keep
    theirs.save()


# --- who sees it ----------------------------------------------------------------------------------------------------
def _narrow(mine: Member, theirs: Member) -> None:
    """Nothing is told to more people than before, be it that it moves or that an ended profile is in force again."""
    revives = _revives(mine, theirs)
    limits = [_widest(mine) if revives else Audience.EVERYONE, _widest(theirs)]
    for part in PARTS:
        seen = [_seen(one, part, limit) for one, limit in zip((mine, theirs), limits, strict=True)]
        if part in JOINED:
            setattr(mine, column(part), max(seen))
        else:
            setattr(mine, column(part), seen[0] if _tells(mine, part) or not _tells(theirs, part) else seen[1])
    if revives and theirs.visibility == Member.Visibility.MEMBERS:
        mine.visibility = theirs.visibility


def _revives(mine: Member, theirs: Member) -> bool:
    """Whether the profile that stays is in force by the other one alone."""
    is_ended = mine.status in {Member.Status.UNCLAIMED, Member.Status.ALUMNI}
    return is_ended and theirs.is_in_force and theirs.user.is_active


def _widest(member: Member) -> Audience:
    """Who could see anything of a profile; one that is not in force is seen by nobody, and so by the fewest."""
    if not (member.is_in_force and member.user.is_active):
        return Audience.COORDINATORS
    return Audience.EVERYONE if member.visibility == Member.Visibility.EVERYONE else Audience.MEMBERS


def _seen(member: Member, part: str, limit: Audience) -> int:
    audience: int = getattr(member, column(part))
    return max(audience, limit) if _tells(member, part) else audience


def _tells(member: Member, part: str) -> bool:
    """Whether a profile says anything in this part."""
    if part in {"topics", "links"}:
        return bool(getattr(member, part).exists())
    if part == "away":
        return bool(member.away_until or member.stand_in_id)
    return bool(getattr(member, part))


# --- what it tells --------------------------------------------------------------------------------------------------
def _fill(mine: Member, theirs: Member) -> None:
    for name in TOLD:
        if not getattr(mine, name):
            setattr(mine, name, getattr(theirs, name))
    theirs.stands_in_for.exclude(pk=mine.pk).update(stand_in=mine)
    if mine.stand_in_id in {mine.pk, theirs.pk}:
        mine.stand_in = None
    mine.languages = list(dict.fromkeys([*mine.languages, *theirs.languages]))
    revives = _revives(mine, theirs)
    if revives:
        mine.status, mine.leave_until, mine.left_at = theirs.status, theirs.leave_until, None
    mine.joined_on = min(mine.joined_on, theirs.joined_on)
    moves = not mine.portrait
    if moves:
        mine.portrait = theirs.portrait.name
    else:
        _forget_portrait(theirs)
    mine.save()
    mine.topics.add(*theirs.topics.all())
    if moves or revives:
        services.move_portrait(mine)


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


def _bring_past(mine: Member, theirs: Member) -> None:
    """Earlier versions and the log of the desk are the kept profile's, so that they are told and go with it."""
    move_versions(theirs, mine, slug=mine.slug)
    move_log(theirs, mine)


def _end(theirs: Member) -> None:
    pk = theirs.pk
    theirs.delete()
    forget_versions(Member, [pk])  # the one that says that it was deleted


HELD = (
    "members.Member.user", "members.Member.stand_in", "members.Link.member", "members.Listing.member",
    "members.Member_topics.member",
)  # fmt: skip
RULES = (MergeRule(HELD, bring_profile),)
