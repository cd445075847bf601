from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.health.tasks import HEARTBEAT
from portal.shared import version


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers. Asks nobody else, so that a database that is away does not get web processes killed."""
    return JsonResponse({"web": "ok"})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether database, broker and a worker can be reached; 503 when one cannot."""
    parts = {
        "database": _database_answers(),
        "broker": version.current() is not None,
        "worker": bool(cache.get(HEARTBEAT)),
    }
    words = {name: "ok" if is_well else "away" for name, is_well in parts.items()}
    return JsonResponse(words, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
