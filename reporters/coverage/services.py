"""The life of the evidence record: drafted, handed in, published or not. Each step is locked, guarded and recorded."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from events.calendar.models import Event
from portal import images
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.users.models import User
from reporters.coverage import emails
from reporters.coverage.models import PHOTOS_AT_MOST, Coverage, Photo, Post, link_key

Status = Coverage.Status
LARGE, SMALL = 1600, 640  # pixels of the longest side


class CoverageError(Refusal):
    """Coverage cannot go that way; the message is safe to show."""


class HandedInError(CoverageError):
    """It is no draft any more, so its words and pictures stay as they are."""


class LinkKnownError(CoverageError):
    """The link belongs to another piece of coverage."""


def draft(author: User, *, client_key: UUID, event: Event | None = None, language: str = "en") -> Coverage:
    """The draft that this form began. A form sent twice finds the same one again."""
    coverage, _created = Coverage.objects.get_or_create(
        author=author, client_key=client_key, defaults={"event": event, "language": language}
    )
    return coverage


@transaction.atomic
def save_draft(coverage: Coverage, **fields: Any) -> Coverage:
    """Keep what was typed. Raises HandedInError, as all changes of a draft do, once it is handed in."""
    coverage = _locked_draft(coverage)
    for name, value in fields.items():
        setattr(coverage, name, value)
    coverage.save()
    return coverage


@transaction.atomic
def describe_photo(photo: Photo, alt: str) -> Photo:
    """Say what a draft's picture shows."""
    _locked_draft(photo.coverage)
    photo.alt = alt
    photo.save(update_fields=["alt"])
    return photo


@transaction.atomic
def add_photo(coverage: Coverage, file: Any, *, alt: str = "") -> Photo:
    """Keep a picture with a draft: upright, small, without EXIF and place. Raises ImageError or CoverageError."""
    coverage = _locked_draft(coverage)
    if coverage.photos.count() >= PHOTOS_AT_MOST:
        raise CoverageError(_("A piece of coverage holds up to %(most)s pictures.") % {"most": PHOTOS_AT_MOST})
    images.check_size(file)
    picture = images.opened(file)
    last = coverage.photos.aggregate(last=Max("position"))["last"] or 0
    photo = Photo(coverage=coverage, width=picture.width, height=picture.height, position=last + 1, alt=alt[:250])
    photo.original.save(f"{get_random_string(20)}.webp", images.as_webp(picture, "", 85), save=False)
    photo.save()
    return photo


@transaction.atomic
def remove_photo(photo: Photo) -> None:
    """Take a picture out of a draft, with its file."""
    _locked_draft(photo.coverage)
    name, storage = photo.original.name or "", photo.original.storage
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


@transaction.atomic
def hand_in(coverage: Coverage, *, by: User) -> Coverage:
    """From draft to the desk. Raises CoverageError where something is missing or the link is known already."""
    coverage = _locked(coverage)
    if not coverage.can_be_handed_in or coverage.author_id != by.pk:
        raise CoverageError(_("Only your own draft can be handed in."))
    if coverage.missing or coverage.photos.filter(alt="").exists():
        raise CoverageError(_("Something is missing before it can be handed in."))
    _keep_link(coverage)
    coverage.status, coverage.submitted_at, coverage.reason = Status.SUBMITTED, timezone.now(), ""
    return _stepped(coverage, by, "status", "submitted_at", "reason")


@transaction.atomic
def withdraw(coverage: Coverage, *, by: User) -> Coverage:
    """The author takes it back, from the desk or after it was declined, to change it and hand it in again."""
    coverage = _locked(coverage)
    if not coverage.can_be_withdrawn or coverage.author_id != by.pk:
        raise CoverageError(_("Only what waits or was declined can be taken back, by its author."))
    coverage.posts.all().delete()
    coverage.status, coverage.submitted_at = Status.DRAFT, None
    coverage.decided_by, coverage.decided_at = None, None
    return _stepped(coverage, by, "status", "submitted_at", "decided_by", "decided_at")


@transaction.atomic
def discard(coverage: Coverage, *, by: User) -> None:
    """The author throws a draft away, pictures and all."""
    coverage = _locked(coverage)
    if not coverage.is_draft or coverage.author_id != by.pk:
        raise CoverageError(_("Only your own draft can be thrown away."))
    for photo in coverage.photos.all():
        remove_photo(photo)
    coverage.delete()


def approve(coverage: Coverage, *, by: User) -> Coverage:
    """Publish it: on the event's page, its own page, the author's profile and, if wished, the wall."""
    made: list[Photo] = []
    try:
        return _approve(coverage, by, made)
    except Exception:
        for photo in made:  # nothing is published: take back the copies, which no transaction knows
            _delete_files(photo.large, photo.small)
        raise


@transaction.atomic
def _approve(coverage: Coverage, by: User, made: list[Photo]) -> Coverage:
    coverage = _locked(coverage)
    if not coverage.can_be_approved:
        raise CoverageError(_("Only what was handed in can be published."))
    if coverage.author_id == by.pk:
        raise CoverageError(_("Nobody publishes their own coverage; ask another coordinator."))
    _keep_link(coverage)
    for photo in coverage.photos.all():
        made.append(photo)
        _publish(photo)
    coverage.status, coverage.decided_by, coverage.decided_at = Status.APPROVED, by, timezone.now()
    coverage.reason = ""
    _stepped(coverage, by, "status", "decided_by", "decided_at", "reason")
    raise_version()
    if coverage.author:
        emails.approved(coverage)
    return coverage


@transaction.atomic
def decline(coverage: Coverage, *, by: User, reason: str) -> Coverage:
    """Do not publish it, or take it off the site; the author reads the reason."""
    coverage = _locked(coverage)
    if not coverage.can_be_declined:
        raise CoverageError(_("Only what was handed in or published can be declined."))
    if not reason:
        raise CoverageError(_("Write a reason: the author will read it."))
    coverage.posts.all().delete()
    for photo in coverage.photos.all():
        _unpublish(photo)
    coverage.status, coverage.decided_by, coverage.decided_at = Status.DECLINED, by, timezone.now()
    coverage.reason = reason[:1000]
    _stepped(coverage, by, "status", "decided_by", "decided_at", "reason")
    raise_version()
    if coverage.author:
        emails.declined(coverage)
    return coverage


def _locked(coverage: Coverage) -> Coverage:
    locked = Coverage.objects.select_for_update(of=("self",)).select_related("author", "event")
    return locked.get(pk=coverage.pk)


def _locked_draft(coverage: Coverage) -> Coverage:
    coverage = _locked(coverage)
    if not coverage.is_draft:
        raise HandedInError(_("It is handed in; take it back to change it."))
    return coverage


def _stepped(coverage: Coverage, by: User, *fields: str) -> Coverage:
    coverage._history_user = by  # type: ignore[attr-defined]
    coverage.save(update_fields=[*fields, "saved_at"])
    return coverage


def _keep_link(coverage: Coverage) -> None:
    """The link becomes a post of this coverage; a link that another piece holds already is refused."""
    if not coverage.link:
        return
    post, created = Post.objects.get_or_create(
        key=link_key(coverage.link), defaults={"coverage": coverage, "url": coverage.link}
    )
    if not created and post.coverage_id != coverage.pk:
        raise LinkKnownError(_("This link has been handed in before. One piece of work counts once."))


def _publish(photo: Photo) -> None:
    with photo.original.open() as file:
        picture = images.opened(file)
    word = get_random_string(20)
    large, small = images.fitted(picture, LARGE), images.fitted(picture, SMALL)
    photo.large.save(f"{word}-{LARGE}.webp", images.as_webp(large, ""), save=False)
    photo.small.save(f"{word}-{SMALL}.webp", images.as_webp(small, ""), save=False)
    photo.save(update_fields=["large", "small"])


def _delete_files(*files: FieldFile) -> None:
    for file in files:
        if file:
            file.storage.delete(file.name)  # type: ignore[arg-type]


def _unpublish(photo: Photo) -> None:
    names, storage = [photo.large.name, photo.small.name], photo.large.storage
    photo.large = photo.small = ""
    photo.save(update_fields=["large", "small"])
    for name in filter(None, names):
        transaction.on_commit(partial(storage.delete, name), robust=True)
