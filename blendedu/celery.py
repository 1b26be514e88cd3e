"""The worker's side of the product: how tasks are found, and what holds around each of them."""

import os
import warnings
from typing import Any

import structlog
from celery import Celery, signals
from celery.platforms import SecurityWarning
from django.db import close_old_connections

from blendedu.site import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blendedu.settings")

# The warning is for root who reads pickles; this worker reads JSON only, and in a container nobody is root.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("blendedu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

signals.worker_init.connect(lifeline.hold)
signals.beat_init.connect(lifeline.hold)


@signals.setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """A receiver here is what tells Celery that logging is set up already (by the settings)."""


@signals.before_task_publish.connect
def send_the_request_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Write the number of the request that asked for this task on its message."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if headers is not None and request_id:
        headers["request_id"] = request_id


@signals.task_prerun.connect
def begin(task: Any = None, task_id: str = "", **kwargs: Any) -> None:
    """Drop a connection that died since the last task, and name the task on every log line."""
    # Connections outlive tasks (CELERY_DB_REUSE_MAX); without this every task after a restart of PostgreSQL fails.
    close_old_connections()
    request = getattr(task, "request", None)
    structlog.contextvars.bind_contextvars(
        task=getattr(task, "name", ""), task_id=task_id, request_id=getattr(request, "request_id", None)
    )


@signals.task_postrun.connect
def end(**kwargs: Any) -> None:
    structlog.contextvars.unbind_contextvars("task", "task_id")
