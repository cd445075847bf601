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


def set_links(member: Member, urls: Iterable[str]) -> None:
    """These addresses and no others, in this order, each once."""
    member.links.all().delete()
    Link.objects.bulk_create(
        Link(member=member, url=url, position=place) for place, url in enumerate(dict.fromkeys(urls), start=1)
    )


def free_slug(name: str) -> str:
    """A word for the profile's address, made from a name without accents; with a number where it is taken."""
    base = slugify(name)[:40] or f"member-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    taken = set(Member.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    if base not in taken:
        return base
    return next(word for number in range(2, len(taken) + 3) if (word := f"{base}-{number}") not in taken)


@transaction.atomic
def set_portrait(member: Member, file: Any) -> Member:
    """Keep a square of the picture as portrait, or none at all. Raises ImageError for what is no picture."""
    old = member.portrait.name
    if file:
        images.check_size(file)
        square = images.square(images.opened(file), 480)
        name = f"{member.slug}-{get_random_string(8).lower()}.webp"
        member.portrait.save(name, images.as_webp(square, name), save=False)
    else:
        member.portrait = ""
    member.save(update_fields=["portrait"])
    if old:
        storage = member.portrait.storage
        transaction.on_commit(lambda: storage.delete(old), robust=True)
    raise_version()
    return member
