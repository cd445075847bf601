"""What must be done before the portal serves its first page: the schema, the static files."""

import hashlib
import os
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LOCK = 715_309_117  # any number, the same on every machine that shares the database


def migrate() -> bool:
    """Bring the schema up to date; says whether there was anything to do. Machines starting together take turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            executor = MigrationExecutor(connection)
            pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if pending:
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return bool(pending)


def collect_static() -> bool:
    """Gather and compress the static files where any changed since the last time; says whether it did."""
    stamp = settings.STATIC_ROOT.parent / "static-stamp"
    state = hashlib.sha256("\n".join(sorted(_static_files())).encode()).hexdigest()
    if settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)
    return True


def _static_files() -> Iterator[str]:
    """A line for each file: name, size in bytes, time of its last change in nanoseconds."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            yield f"{storage.path(name)} {found.st_size} {found.st_mtime_ns}"
