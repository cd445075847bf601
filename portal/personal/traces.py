"""Rows that go leave nothing behind: no version, no file, and no name in the log of the desk."""

from collections.abc import Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction


@transaction.atomic
def erase(rows: models.QuerySet[Any]) -> int:
    """Delete these rows with their versions and, once that is committed, their files. Returns how many rows.

    What hangs on them by a cascade goes too, but with files and versions of its own it is erased before.
    """
    model, pks = rows.model, list(rows.order_by().values_list("pk", flat=True))
    if not pks:
        return 0
    # Locked and read anew: a worker that writes a file's name at this moment has done so, or finds no row any more.
    found = list(model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk"))
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
    versions = _versions(model, pks)
    if versions is not None:
        for field in _inside(versions.model):
            field.model._base_manager.filter(**{f"{field.name}__in": versions}).delete()
        versions.delete()


def move_versions(old: models.Model, new: models.Model, **values: Any) -> None:
    """The earlier versions of one row are another's from now on; `values` take the place of what is one row's own."""
    model = type(old)
    versions = _versions(model, [old.pk])
    if versions is None:
        return
    for field in _inside(versions.model):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": versions})
        for one in field.model._meta.local_fields:
            if one.is_relation and one.related_model is model:
                rows.update(**{one.attname: new.pk})
    versions.update(**{model._meta.pk.attname: new.pk, **values})


def _versions(model: type[models.Model], pks: Iterable[Any]) -> models.QuerySet[Any] | None:
    name = getattr(model._meta, "simple_history_manager_attribute", None)
    return getattr(model, name).filter(**{f"{model._meta.pk.name}__in": pks}) if name else None


def _inside(versions: type[models.Model]) -> list[models.ForeignKey]:
    """The relations by which the rows of a version's own hang on it, such as its topics."""
    every = (field for one in apps.get_models(include_auto_created=True) for field in one._meta.local_fields)
    return [field for field in every if isinstance(field, models.ForeignKey) and field.related_model is versions]


def move_log(old: models.Model, new: models.Model) -> None:
    """What the desk did with one row is said of another from now on."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(old), object_id=str(old.pk))
    about.update(object_id=str(new.pk))


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
