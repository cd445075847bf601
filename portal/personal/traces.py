"""Rows that go leave nothing behind: no version, no file, and no name in the log of the desk."""

from collections.abc import Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction


def erase(rows: models.QuerySet[Any]) -> int:
    """Delete these rows with their versions and, once that is committed, their files. Returns how many rows.

    What hangs on them by a cascade goes too, but with files and versions of its own it is erased before.
    """
    found = list(rows)
    if not found:
        return 0
    model, pks = type(found[0]), [row.pk for row in found]
    forget_files(found)
    model._base_manager.filter(pk__in=pks).delete()
    forget_versions(model, pks)
    forget_log(model, pks)
    return len(pks)


def forget_files(rows: Iterable[models.Model]) -> None:
    """Delete what the rows' file fields name, once the transaction is committed."""
    for row in rows:
        for field in row._meta.concrete_fields:
            if isinstance(field, models.FileField) and (file := getattr(row, field.name)):
                transaction.on_commit(partial(file.storage.delete, file.name), robust=True)


def forget_versions(model: type[models.Model], pks: Iterable[Any]) -> None:
    """Delete the earlier versions of rows, also the one that deleting them wrote."""
    name = getattr(model._meta, "simple_history_manager_attribute", None)
    if name is None:
        return
    versions = getattr(model, name).filter(**{f"{model._meta.pk.name}__in": pks})
    for inner in apps.get_models(include_auto_created=True):
        for field in inner._meta.local_fields:
            if field.is_relation and field.related_model is versions.model:
                inner._base_manager.filter(**{f"{field.name}__in": versions}).delete()
    versions.delete()


def forget_log(model: type[models.Model], pks: Iterable[Any]) -> None:
    """The log of the desk still says who did something when, and no longer to whom."""
    kind = ContentType.objects.get_for_model(model)
    about = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks])
    about.update(object_repr="–", change_message="")


def told(row: models.Model, *names: str) -> dict[str, Any]:
    """Fields and facts of a row as plain data: other rows by their names, files by theirs."""
    return {name.rpartition("__")[2]: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, models.fields.files.FieldFile):
        return PurePosixPath(value.name or "").name
    return value
