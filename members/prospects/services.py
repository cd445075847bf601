"""From a list that somebody brings to people in the audience of a drive."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from members.prospects.models import ProspectList
from members.recruitment import audience
from members.recruitment.audience import Person
from members.recruitment.models import Drive
from portal.lists import pasted
from portal.lists.cells import cleaned
from portal.lists.columns import EMAIL, LANGUAGE, NAME, PEOPLE, Layout, layout_of, mapped
from portal.lists.files import ListError
from portal.lists.languages import language_of
from portal.lists.rows import Row, read
from portal.refusal import Refusal
from portal.users.models import User
from portal.wake import wake

Status = ProspectList.Status
TASK = "members.prospects.tasks.carry_on"
AT_ONCE = 1000  # people added in one transaction
SHOWN = 200  # rows with a problem that are told one by one
SMALL = 20_000  # bytes of a list that is dealt with while the coordinator waits
SPELL = 4.0  # seconds after which a task hands over to the next


class ProspectsError(Refusal):
    """A list cannot be used so; the message is safe to show."""


# --- A coordinator's acts -------------------------------------------------------------------------------------------
@transaction.atomic
def bring(drive: Drive, file: Any, *, by: User, **about: str) -> ProspectList:
    """Keep a list where nobody but a worker reads it, and have it checked; `about` are source, basis and language.

    Raises ListError for what is no list.
    """
    found = layout_of(file)
    file.seek(0)
    has_addresses = EMAIL.name in mapped(found, PEOPLE, {})
    status = Status.CHECKING if has_addresses else Status.UPLOADED
    return _kept(drive, file, ProspectList(name=cleaned(file.name)[-150:], status=status, uploaded_by=by, **about))


@transaction.atomic
def paste(drive: Drive, text: str, *, by: User, **about: str) -> ProspectList:
    """The same for names and addresses that somebody pasted."""
    file = ContentFile(text.encode(), name="list.txt")
    return _kept(drive, file, ProspectList(name=_("Pasted list"), is_pasted=True, uploaded_by=by, **about))


def _kept(drive: Drive, file: Any, found: ProspectList) -> ProspectList:
    found.drive = audience.open_drive(drive)
    if not found.drive.is_recruitment:
        raise ProspectsError(_("A circular goes to members: add them by topic and region."))
    if not found.source.strip():
        raise ProspectsError(_("Say where these addresses come from."))
    found.file.save("list.csv", file, save=False)
    found.save()
    wake(TASK, found.pk)
    return found


def layout(found: ProspectList) -> Layout:
    """How an uploaded list is laid out. Raises ListError for what cannot be read any more."""
    with found.file.open("rb") as file:
        return layout_of(file)


@transaction.atomic
def choose_columns(found: ProspectList, places: Mapping[str, int], *, by: User) -> ProspectList:
    """Say which column holds what, and have each row checked again. Nobody is added by it."""
    found = _locked(found)
    if not found.can_be_mapped:
        raise ProspectsError(_("The columns of this list cannot be chosen any more."))
    if EMAIL.name not in mapped(layout(found), PEOPLE, places):
        raise ProspectsError(_("Say which column holds the e-mail addresses."))
    return _go_on(found, Status.CHECKING, places=dict(places))


@transaction.atomic
def add(found: ProspectList, *, by: User) -> ProspectList:
    """Add the people of the good rows to the audience. Nobody is written to by it."""
    found = _locked(found)
    if not found.can_be_added:
        raise ProspectsError(_("There is nobody to add in this list."))
    audience.open_drive(found.drive)
    return _go_on(found, Status.ADDING)


@transaction.atomic
def discard(found: ProspectList, *, by: User) -> None:
    """Forget a list by which nobody was added."""
    found = _locked(found)
    if not found.can_be_discarded:
        raise ProspectsError(_("This list is in use."))
    _forget(found)


def _locked(found: ProspectList) -> ProspectList:
    return ProspectList.objects.select_for_update(of=("self",)).select_related("drive").get(pk=found.pk)


def _go_on(found: ProspectList, status: str, **changes: Any) -> ProspectList:
    for name, value in {**changes, "status": status}.items():
        setattr(found, name, value)
    found.save(update_fields=["status", *changes])
    wake(TASK, found.pk)
    return found


# --- What a worker does ---------------------------------------------------------------------------------------------
def sweep() -> int:
    """Wake workers for lists that wait. Returns how many those are."""
    waiting = list(ProspectList.objects.running().values_list("pk", flat=True))
    for pk in waiting:
        wake(TASK, pk)
    return len(waiting)


def forget_old(now: datetime, limit: int) -> int:
    """Lists that nobody has added from for 30 days. Returns how many were forgotten."""
    found = ProspectList.objects.to_erase(now).order_by("pk").values_list("pk", flat=True)[:limit]
    return sum(_forget_old(pk) for pk in list(found))


@transaction.atomic
def _forget_old(pk: int) -> bool:
    old = ProspectList.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if old is None or not old.can_be_discarded:
        return False
    _forget(old)
    return True


def _forget(found: ProspectList) -> None:
    _delete_file(found)
    found.delete()


def at_once(found: ProspectList) -> None:
    """Do it now where it is little, so that whoever pressed the button sees the result."""
    if found.is_running and found.file and found.file.size <= SMALL:
        carry_on(found.pk)


def carry_on(pk: int, *, seconds: float = SPELL) -> None:
    """Do what waits for this list. Safe to run twice, and to be killed at any moment: people are added once."""
    found = ProspectList.objects.running().select_related("uploaded_by").filter(pk=pk).first()
    if found is None:
        return
    ends = time.monotonic() + seconds
    with override(found.uploaded_by.language if found.uploaded_by else found.language):
        try:
            if found.status == Status.CHECKING:
                _check(pk)
            elif not _add(found, ends=ends):
                wake(TASK, pk)
        except (ListError, audience.AudienceError) as error:
            _failed(found, str(error))
        except FileNotFoundError:
            _failed(found, _("The list is not here any more. Upload it again."))


def _taken(pk: int, status: str, *, waits: bool = True) -> ProspectList | None:
    """The list, locked, where it is still in this state; without `waits` not where another worker has it."""
    free = ProspectList.objects.select_for_update(of=("self",), skip_locked=not waits).select_related("drive")
    return free.filter(pk=pk, status=status).first()


@transaction.atomic
def _check(pk: int) -> None:
    """Read the whole list and tell by row what is wrong."""
    found = _taken(pk, Status.CHECKING, waits=False)
    if found is None:
        return
    found.good, found.bad, found.problems, found.error = 0, 0, [], ""
    for row in _rows(found):
        if row.is_good:
            found.good += 1
            continue
        found.bad += 1
        if len(found.problems) < SHOWN:
            words = " ".join(f"{one.column}: {one.words}" if one.column else one.words for one in row.problems)
            found.problems.append([row.number, words])
    found.status = Status.CHECKED
    found.save(update_fields=["status", "good", "bad", "problems", "error"])


def _add(found: ProspectList, *, ends: float) -> bool:
    """Add the people after the one that was read last. False where time is over before all are added.

    People are counted, not rows: of a pasted list many may stand in one line.
    """
    numbered = enumerate(_rows(found), 1)
    good = ((number, row) for number, row in numbered if row.is_good and number > found.last_row)
    while batch := list(islice(good, AT_ONCE)):
        if not _add_some(found, batch):
            return True
        if time.monotonic() > ends:
            return False
    _all_added(found.pk)
    return True


@transaction.atomic
def _add_some(known: ProspectList, batch: list[tuple[int, Row]]) -> bool:
    """False where somebody else was quicker, who goes on with it."""
    found = _taken(known.pk, Status.ADDING)
    if found is None or found.last_row != known.last_row:
        return False
    people = [_person(row, found.language) for _number, row in batch]
    found.added += audience.add_people(found.drive, people, source=found.source, basis=found.basis)
    found.last_row = known.last_row = batch[-1][0]
    found.save(update_fields=["added", "last_row"])
    return True


@transaction.atomic
def _all_added(pk: int) -> None:
    """The people are in the audience; the list itself is not needed any more."""
    found = _taken(pk, Status.ADDING)
    if found is not None:
        _delete_file(found)
        found.status, found.added_at, found.file = Status.ADDED, timezone.now(), ""
        found.save(update_fields=["status", "added_at", "file"])


def _rows(found: ProspectList) -> Iterator[Row]:
    with found.file.open("rb") as file:
        if found.is_pasted:
            yield from pasted.read(file.read().decode())
        else:
            known = layout_of(file)
            yield from read(file, known, mapped(known, PEOPLE, found.places))


def _person(row: Row, language: str) -> Person:
    said = row.values.get(LANGUAGE.name, "")
    return Person(row.values[EMAIL.name], row.values.get(NAME.name, ""), language_of(said) or language)


def _failed(found: ProspectList, words: str) -> None:
    ProspectList.objects.running().filter(pk=found.pk).update(status=Status.FAILED, error=words[:500])


def _delete_file(found: ProspectList) -> None:
    storage, name = found.file.storage, found.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
