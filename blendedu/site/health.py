"""Two questions that a machine asks: does this process live, and can it serve people?"""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

import redis
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blendedu.journal.models import Job

logger = structlog.get_logger(__name__)

# A job that waits longer than this means that no worker works, or that none is told and nothing sweeps.
OLDEST_JOB_SECONDS = 300
PING_SECONDS = 0.5

Answer = dict[str, Any]

_seen_complete: set[str] = set()


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing else, so that a database that is away does not kill every web process."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The site can serve people: 200 when every part does, 503 with the part that does not."""
    parts = {
        "database": _asked(_database),
        "migrations": _asked(_migrations),
        "broker": _asked(_broker),
        "jobs": _asked(lambda: _jobs(at=timezone.now())),
    }
    ok = all(part["ok"] for part in parts.values())
    return JsonResponse({"ok": ok, **parts}, status=200 if ok else 503)


def _asked(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with a part is the answer, not a crash of this page
        # SECURITY: an error may hold an address or a user name; the reader of this page gets its kind only.
        logger.warning("A part of the site is not ready", error=str(error))
        return {"ok": False, "error": type(error).__name__}


def _database() -> Answer:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return {"ok": cursor.fetchone() == (1,)}


def _migrations() -> Answer:
    # COST: reading every migration takes a tenth of a second. Once all are applied, this process's code has no more.
    if not _seen_complete:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            return {"ok": False, "waiting": waiting}
        _seen_complete.add(DEFAULT_DB_ALIAS)
    return {"ok": True, "waiting": 0}


def _broker() -> Answer:
    if settings.CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
        broker = redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_connect_timeout=PING_SECONDS, socket_timeout=PING_SECONDS
        )
        try:
            return {"ok": bool(broker.ping())}
        finally:
            broker.close()
    folder = str(settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_in", ""))
    return {"ok": not folder or os.access(folder, os.W_OK)}


def _jobs(*, at: datetime) -> Answer:
    oldest = Job.objects.filter(state=Job.State.WAITING, due_at__lte=at).aggregate(oldest=Min("due_at"))["oldest"]
    age = round((at - oldest).total_seconds()) if oldest else 0
    return {"ok": age <= OLDEST_JOB_SECONDS, "oldest_seconds": age}
