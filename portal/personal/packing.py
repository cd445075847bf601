"""A person's copy of their data: a zip with a file of JSON for each part, files beside it, and a README."""

import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from shutil import copyfileobj
from typing import IO

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from portal import registry
from portal.group.models import SpecialtyGroup
from portal.users.models import User

Contents = list[tuple[str, str, int]]  # a file's name, what it is, how many entries it has


def pack(user: User, target: IO[bytes], *, after_part: Callable[[], None] = lambda: None) -> None:
    """Write everything that is held on a person into `target`, one part after the other."""
    contents: Contents = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, override(user.language):
        for part in registry.export_parts:
            given = part.give(user)
            if given:
                name = f"{part.name}.json"
                archive.writestr(name, as_json(given))
                contents.append((name, str(part.title), len(given) if isinstance(given, list) else 1))
            if number := _add_files(archive, part.name, part.files(user)):
                contents.append((f"{part.name}/", str(part.title), number))
            after_part()
        archive.writestr("README.txt", _readme(user, contents))


def as_json(given: object) -> str:
    """To be read by people and by programs: indented, letters as they are."""
    return json.dumps(given, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n"


def _add_files(archive: zipfile.ZipFile, folder: str, files: Iterable[tuple[str, FieldFile]]) -> int:
    """Copy files as they are. One that is missing in its storage is left out."""
    number = 0
    for name, file in files:
        try:
            source = file.storage.open(file.name or "")
        except FileNotFoundError:
            continue
        with source, archive.open(f"{folder}/{PurePosixPath(name).name}", "w") as entry:
            copyfileobj(source, entry)
        number += 1
    return number


def _readme(user: User, contents: Contents) -> str:
    group = SpecialtyGroup.objects.current()
    context = {
        "person": user,
        "group": group,
        "base_url": settings.BASE_URL,
        "contents": contents,
        "made_at": timezone.now(),
    }
    return render_to_string("portal/personal/README.txt", context)
