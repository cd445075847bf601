"""A copy of everything held on oneself: asked for, made by a worker, fetched by its owner, deleted again."""

import logging
import tempfile
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import registry
from portal.personal import emails, packing
from portal.personal.models import ATTEMPTS_AT_MOST, DataExport
from portal.personal.traces import forget_files
from portal.refusal import Refusal
from portal.users.models import User
from portal.wake import wake

MAKE = "portal.personal.tasks.make_export"
IN_MEMORY = 5 * 2**20  # bytes of a copy beyond which it is written to a file while it is made
Status = DataExport.Status
log = logging.getLogger(__name__)


class ExportError(Refusal):
    """A copy cannot be asked for so; the message is safe to show."""


@transaction.atomic
def ask_for_copy(user: User) -> DataExport:
    """Have a copy of everything held on this person made. One that is there already gives way to the new one."""
    User.objects.select_for_update().get(pk=user.pk)
    if DataExport.objects.filter(user=user, status=Status.REQUESTED).exists():
        raise ExportError(_("Your copy is being made already."))
    for old in DataExport.objects.filter(user=user).exclude(file=""):
        _let_go(old)
    export = DataExport.objects.create(user=user, parts=len(list(registry.export_parts)))
    wake(MAKE, str(export.pk))
    return export


def _let_go(export: DataExport) -> None:
    forget_files([export])
    export.file, export.status, export.size = "", Status.GONE, 0
    export.save(update_fields=["file", "status", "size"])


# --- What a worker does ---------------------------------------------------------------------------------------------
def make(pk: str, *, now: datetime | None = None) -> bool:
    """Make one copy. False where another worker has it, or nothing is to be made. Safe to run twice.

    The row names the file before there is one: whoever ends the row, or takes it up, can delete what a worker that
    died has left.
    """
    now = now or timezone.now()
    taken = DataExport.objects.to_make(now).filter(pk=pk)
    if not taken.update(begun_at=now, attempts=F("attempts") + 1, parts_done=0):
        return False
    export = DataExport.objects.select_related("user").get(pk=pk)
    left = export.file.name
    try:
        if left:
            export.file.storage.delete(left)
        if export.attempts > ATTEMPTS_AT_MOST:  # the last worker died of it
            _give_up(export)
            return False
        _write(export)
    except Exception as error:  # whatever a part raises: the person is told, and the log
        log.exception("copy of somebody's data failed", extra={"error": type(error).__name__})
        _give_up(export)
        return False
    return True


def _write(export: DataExport) -> None:
    def after_part() -> None:
        DataExport.objects.filter(pk=export.pk).update(parts_done=F("parts_done") + 1)

    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
        packing.pack(export.user, target, after_part=after_part)
        export.size = target.tell()
        target.seek(0)
        export.file.name = f"exports/{export.pk}-{export.attempts}.zip"
        if not _mine(export).update(file=export.file.name):
            return
        export.file.storage.save(export.file.name, File(target))
    if not _finish(export):
        export.file.storage.delete(export.file.name)


def _mine(export: DataExport) -> QuerySet[DataExport]:
    """The row, as long as this worker has it: the account may be deleted, or another worker have taken over."""
    return DataExport.objects.filter(pk=export.pk, status=Status.REQUESTED, begun_at=export.begun_at)


@transaction.atomic
def _finish(export: DataExport) -> bool:
    """False where the account was deleted, or another worker was quicker, in the meantime: the file is not wanted."""
    done = _mine(export).update(status=Status.READY, ready_at=timezone.now(), size=export.size)
    if done:
        emails.copy_ready(export)
    return bool(done)


def _give_up(export: DataExport) -> None:
    """Free for the next sweep, as long as it was not tried too often. What was written is deleted; where even that
    fails, the row goes on naming it, until the next attempt, the next copy or the end of the account."""
    gone: dict[str, str] = {}
    with suppress(OSError):
        if export.file:
            export.file.storage.delete(export.file.name or "")
        gone = {"file": ""}
    if export.attempts < ATTEMPTS_AT_MOST:
        _mine(export).update(begun_at=None, **gone)
    else:
        _mine(export).update(status=Status.FAILED, **gone)


def sweep(*, now: datetime | None = None) -> int:
    """Wake workers for copies that wait. Returns how many those are."""
    waiting = list(DataExport.objects.to_make(now or timezone.now()).values_list("pk", flat=True))
    for pk in waiting:
        wake(MAKE, str(pk))
    return len(waiting)


# --- What is over ---------------------------------------------------------------------------------------------------
def count_over(now: datetime) -> int:
    return DataExport.objects.over(now).count()


def end_those_over(now: datetime, limit: int) -> int:
    """Delete the files of copies that were ready for a week."""
    return sum(_end(pk, now) for pk in list(DataExport.objects.over(now).values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _end(pk: UUID, now: datetime) -> bool:
    export = DataExport.objects.select_for_update(skip_locked=True).over(now).filter(pk=pk).first()
    if export is not None:
        _let_go(export)
    return export is not None
