"""From a coordinator's list to profiles that wait for their people, and back."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from members.intake import rows
from members.intake.columns import COLUMNS
from members.intake.models import Import, ImportRow
from portal.lists.cells import cleaned
from portal.lists.columns import EMAIL, Layout, layout_of, mapped
from portal.lists.files import ListError
from portal.lists.rows import Row, read
from portal.refusal import Refusal
from portal.shared.version import raise_version
from portal.users.models import User
from portal.wake import wake

Status = Import.Status
TASK = "members.intake.tasks.carry_on"
READ_AT_ONCE, BROUGHT_AT_ONCE = 1000, 25  # rows of one batch
SPELL = 4.0  # seconds after which a task hands over to the next: mails do not wait for a long list
SMALL = 60  # rows that are dealt with while the coordinator waits


class IntakeError(Refusal):
    """A list cannot go that way; the message is safe to show."""


# --- A coordinator's acts -------------------------------------------------------------------------------------------
@transaction.atomic
def upload(file: Any, *, by: User, language: str) -> Import:
    """Keep a list where nobody but a worker reads it. Raises ListError for what is no list."""
    layout_of(file, COLUMNS)
    file.seek(0)
    source = Import(uploaded_by=by, name=cleaned(file.name)[-150:], language=language)
    source.file.save("list.csv", file, save=False)
    source.save()
    return source


def layout(source: Import) -> Layout:
    """How the list is laid out. Raises ListError for what cannot be read any more."""
    with source.file.open("rb") as file:
        return layout_of(file, COLUMNS)


@transaction.atomic
def choose_columns(source: Import, places: Mapping[str, int], *, by: User) -> Import:
    """Say which column holds what, and have each row checked. Nothing is imported by it."""
    source = _locked(source)
    if not source.can_be_mapped:
        raise IntakeError(_("The columns of this list cannot be chosen any more."))
    if EMAIL.name not in mapped(layout(source), COLUMNS, places):
        raise IntakeError(_("Say which column holds the e-mail addresses."))
    return _go_on(source, Status.CHECKING, places=dict(places), uploaded_by=by)


@transaction.atomic
def start(source: Import, *, by: User) -> Import:
    """Import the good rows, and write to each person."""
    source = _locked(source)
    if not source.can_be_imported:
        raise IntakeError(_("There is nobody to import in this list."))
    return _go_on(source, Status.IMPORTING, uploaded_by=by)


@transaction.atomic
def undo(source: Import, *, by: User) -> Import:
    """Take out again whom this list brought in, unless they or somebody else have touched it since."""
    source = _locked(source)
    if not source.can_be_undone:
        raise IntakeError(_("There is nothing to undo in this list."))
    return _go_on(source, Status.UNDOING)


@transaction.atomic
def discard(source: Import, *, by: User) -> None:
    """Forget a list that nobody was imported from."""
    source = _locked(source)
    if not source.can_be_discarded:
        raise IntakeError(_("People were imported from this list already. It can be undone."))
    _delete_file(source)
    source.delete()


def _locked(source: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).get(pk=source.pk)


def _go_on(source: Import, status: str, **changes: Any) -> Import:
    for name, value in {**changes, "status": status}.items():
        setattr(source, name, value)
    source.save(update_fields=["status", *changes])
    wake(TASK, source.pk)
    return source


# --- What a worker does ---------------------------------------------------------------------------------------------
def carry_on(pk: int, *, seconds: float = SPELL) -> None:
    """Do what waits for this list, one batch after the other. Safe to run twice, and to be killed at any moment."""
    ends = time.monotonic() + seconds
    while _next_batch(pk):
        if time.monotonic() > ends:
            wake(TASK, pk)
            return


def at_once(source: Import) -> None:
    """Do it now where it is little, so that whoever pressed the button sees the result."""
    if source.is_running and (source.rows.count() or _size(source) // 50) <= SMALL:
        carry_on(source.pk)


def _size(source: Import) -> int:
    return source.file.size if source.file else 0


@transaction.atomic
def _next_batch(pk: int) -> bool:
    """One batch of one list; another worker leaves it alone meanwhile. True where more is to be done."""
    steps: dict[str, Callable[[Import], bool]] = {
        Status.CHECKING: _check,
        Status.IMPORTING: _bring_some_in,
        Status.UNDOING: _take_some_out,
    }
    source = Import.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    step = steps.get(source.status) if source else None
    if source is None or step is None:
        return False
    with override(source.uploaded_by.language if source.uploaded_by else source.language):
        return step(source)


def _check(source: Import) -> bool:
    """Read the whole list and say by row what would happen."""
    source.rows.all().delete()
    source.status, source.error = Status.CHECKED, ""
    try:
        with transaction.atomic(), source.file.open("rb") as file:
            found = layout_of(file, COLUMNS)
            checker = rows.Checker(source)
            for batch in _batches(read(file, found, mapped(found, COLUMNS, source.places), COLUMNS)):
                ImportRow.objects.bulk_create(checker.checked(batch))
    except ListError as error:
        source.status, source.error = Status.FAILED, str(error)[:500]
    except FileNotFoundError:
        source.status, source.error = Status.FAILED, _("The list is not here any more. Upload it again.")
    source.save(update_fields=["status", "error"])
    return False


def _batches(found: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(found, READ_AT_ONCE)):
        yield batch


def _bring_some_in(source: Import) -> bool:
    waiting = list(source.rows.to_bring_in().order_by("number")[:BROUGHT_AT_ONCE])
    for row in waiting:
        row.source = source
        rows.bring_in(row)
    if len(waiting) < BROUGHT_AT_ONCE:
        source.status, source.finished_at = Status.DONE, timezone.now()
        source.save(update_fields=["status", "finished_at"])
        return False
    return True


def _take_some_out(source: Import) -> bool:
    waiting = list(source.rows.to_take_out().select_related("member__user").order_by("number")[:BROUGHT_AT_ONCE])
    for row in waiting:
        _take_out(row)
    if len(waiting) == BROUGHT_AT_ONCE:
        return True
    is_whole = not source.rows.brought_in().exists()
    source.status, source.undone_at = (Status.UNDONE, timezone.now()) if is_whole else (Status.DONE, None)
    source.save(update_fields=["status", "undone_at"])
    raise_version()
    return False


def _take_out(row: ImportRow) -> None:
    row.stayed = rows.why_it_stays(row)
    if not row.stayed:
        try:
            with transaction.atomic():
                rows.take_out(row)
        except ProtectedError:
            row.stayed = _("Other things hang on this account.")
    row.undone_at = None if row.stayed else timezone.now()
    row.save(update_fields=["stayed", "undone_at", "member"])


# --- What the clock does --------------------------------------------------------------------------------------------
def sweep() -> int:
    """Wake workers for lists that wait. Returns how many those are."""
    waiting = list(Import.objects.running().values_list("pk", flat=True))
    for pk in waiting:
        wake(TASK, pk)
    return len(waiting)


@transaction.atomic
def erase(source: Import, *, now: datetime | None = None) -> None:
    """After 30 days the file goes and with it what it told of each person; who was imported stays known by number."""
    source = _locked(source)
    if source.can_be_discarded:
        _delete_file(source)
        source.delete()
        return
    source.rows.update(values={}, problems=[])
    _delete_file(source)
    source.file, source.erased_at = "", now or timezone.now()
    source.save(update_fields=["file", "erased_at"])


def _delete_file(source: Import) -> None:
    storage, name = source.file.storage, source.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
