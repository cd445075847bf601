"""What changes in the directory."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from members.directory.models import RESERVED_SLUGS, Link, Member
from portal import images
from portal.shared.version import raise_version
from portal.users.models import User
from portal.wake import wake

LOOK = "members.links.tasks.look"
SIDE = 480  # pixels of a portrait


@transaction.atomic
def enrol(user: User, *, on: date | None = None, **profile: Any) -> Member:
    """Make a person a member. Their profile is for members' eyes only until they say otherwise.

    Who was taken from a list and has not claimed the profile yet is a member from now on.
    """
    member, created = Member.objects.get_or_create(
        user=user,
        defaults={
            "slug": free_slug(User.objects.get(pk=user.pk).sort_key),
            "joined_on": on or timezone.localdate(),
            **profile,
        },
    )
    if not created and member.is_unclaimed and "status" not in profile:
        member.status = Member.Status.ACTIVE
        member.save(update_fields=["status"])
    raise_version()
    return member


@transaction.atomic
def set_links(member: Member, urls: Iterable[str]) -> None:
    """These addresses and no others, in this order, each once. What is known of one that stays is kept."""
    places = {url: place for place, url in enumerate(dict.fromkeys(urls), start=1)}
    kept = {link.url: link for link in member.links.select_for_update()}
    member.links.exclude(url__in=places).delete()
    for url, link in kept.items():
        link.position = places.get(url, link.position)
    Link.objects.bulk_update([link for url, link in kept.items() if url in places], ["position"])
    new = [Link(member=member, url=url, position=place) for url, place in places.items() if url not in kept]
    Link.objects.bulk_create(new)
    if new:
        wake(LOOK)
    raise_version()


def free_slug(name: str) -> str:
    """A word for the profile's address, made from a name without accents; with a number where it is taken."""
    base = slugify(name)[:40] or f"member-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    taken = set(Member.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    if base not in taken:
        return base
    return next(word for number in range(2, len(taken) + 3) if (word := f"{base}-{number}") not in taken)


@transaction.atomic
def set_portrait(member: Member, file: Any, *, cut: images.Cut | None = None) -> Member:
    """Keep a square of the picture as portrait, or none at all. Raises ImageError for what is no picture.

    `cut` says which square; without it the middle is taken.
    """
    old = member.portrait.name
    if file:
        images.check_size(file)
        picture = images.opened(file)
        square = images.cut_out(picture, cut, SIDE) if cut else images.square(picture, SIDE)
        name = _portrait_name()
        member.portrait.save(name, images.as_webp(square, name), save=False)
    else:
        member.portrait = ""
    member.save(update_fields=["portrait"])
    if old:
        _forget_file(member, old)
    raise_version()
    return member


@transaction.atomic
def move_portrait(member: Member) -> None:
    """Fewer people see the portrait than before: it gets a new address, and the one that they knew leads nowhere."""
    old, storage = member.portrait.name, member.portrait.storage
    if not old or not storage.exists(old):
        return
    with storage.open(old) as file:
        member.portrait.save(_portrait_name(), file, save=False)
    member.save(update_fields=["portrait"])
    _forget_file(member, old)
    raise_version()


def _portrait_name() -> str:
    """Nobody guesses it (131 bits), and it does not say whose it is."""
    return f"{get_random_string(22)}.webp"


def _forget_file(member: Member, name: str) -> None:
    storage = member.portrait.storage
    transaction.on_commit(lambda: storage.delete(name), robust=True)
