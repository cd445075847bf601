"""What reporters wrote: told with pictures, and what becomes of it when they go."""

from collections.abc import Iterable
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.personal.traces import erase, forget_log, told
from portal.registry import Consequence, ExportPart, LeaveRule
from portal.users.models import User
from reporters.coverage.models import Coverage, Photo

WRITTEN = ("reporters.Coverage.author",)
BY_STAFF = ("reporters.Coverage.decided_by",)
FACTS = (
    "reference", "event", "headline", "body", "link", "language", "is_for_wall", "origin", "status", "reason",
    "created_at", "saved_at", "submitted_at", "decided_at",
)  # fmt: skip
OF_A_VERSION = ("history_date", "headline", "body", "link", "status", "reason")


def written(user: User) -> list[dict[str, Any]]:
    """Drafts too, with earlier versions."""
    found = user.coverage.select_related("event").prefetch_related("photos", "posts", "past").order_by("created_at")
    return [
        {
            **told(one, *FACTS),
            "photos": [told(photo, "alt") | {"file": _name(one, photo)} for photo in one.photos.all()],
            "posts": [told(post, "url", "found_at") for post in one.posts.all()],
            "earlier_versions": [told(past, *OF_A_VERSION) for past in one.past.all()],  # type: ignore[attr-defined]
        }
        for one in found
    ]


def _name(coverage: Coverage, photo: Photo) -> str:
    return f"{coverage.reference}-{photo.position}-{photo.pk}.webp"


def pictures(user: User) -> Iterable[tuple[str, FieldFile]]:
    for photo in Photo.objects.filter(coverage__author=user).select_related("coverage").order_by("pk"):
        yield _name(photo.coverage, photo), photo.original


def decided(user: User) -> list[dict[str, Any]]:
    found = user.decided_coverage.order_by("decided_at")
    return [told(one, "reference", "status", "decided_at") for one in found]


def tell(user: User) -> Iterable[Consequence]:
    published = user.coverage.approved().count()
    other = user.coverage.count() - published
    if other:
        words = ngettext(
            "%(count)d piece that is not published, with its pictures.",
            "%(count)d pieces that are not published, with their pictures.",
            other,
        )
        yield Consequence(words % {"count": other})
    if published:
        words = ngettext(
            "%(count)d published piece, with its pictures.",
            "%(count)d published pieces, with their pictures.",
            published,
        )
        yield Consequence(
            words % {"count": published},
            _("It is evidence of what happened at an event. The name under which it stands is chosen below."),
            is_signed=True,
        )


def leave(user: User, byline: str) -> None:
    """What is published stays, by the name that may stay or by "a former member"; everything else goes."""
    unpublished = user.coverage.exclude(status=Coverage.Status.APPROVED)
    erase(Photo.objects.filter(coverage__in=unpublished))
    erase(unpublished)
    kept = list(user.coverage.values_list("pk", flat=True))
    _forget_versions_before_publishing(kept)
    Coverage.history.filter(author_id=user.pk).update(author=None, byline=byline)
    user.coverage.update(author=None, byline=byline)
    forget_log(Coverage, kept)


def _forget_versions_before_publishing(kept: list[int]) -> None:
    """What was written and not published, such as a first draft, or a reason that was said to the author."""
    Coverage.history.filter(id__in=kept).exclude(status=Coverage.Status.APPROVED).update(
        headline="–", body="", link="", reason=""
    )
    Coverage.history.filter(id__in=kept).update(reason="")


PARTS = (
    ExportPart("coverage", gettext_lazy("What you wrote, with pictures and drafts"), WRITTEN, written, pictures),
    ExportPart("coverage-decided", gettext_lazy("What you published or declined"), BY_STAFF, decided),
)
RULES = (LeaveRule(WRITTEN, leave, tell), LeaveRule(BY_STAFF, lambda *_who: None))
