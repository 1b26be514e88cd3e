"""How gunicorn serves the product: `gunicorn -c python:blendedu.site.gunicorn blendedu.wsgi`.

Threads, not asynchronous workers: measured, they serve twice the pages. With --reuse-port the kernel spreads
connections over the processes; without it, keep-alive clients pile up on one of them.
"""

import os
from typing import Any

from blendedu.site import lifeline

bind = os.environ.get("BLENDEDU_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("BLENDEDU_THREADS", "4"))
reuse_port = os.environ.get("BLENDEDU_REUSE_PORT", "1") == "1"
keepalive = 30
timeout = 60
graceful_timeout = int(os.environ.get("BLENDEDU_GRACE_SECONDS", "30"))
# A little memory that a library keeps is given back; the jitter keeps the processes from leaving together.
max_requests = 20_000
max_requests_jitter = 4_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 -- a heartbeat, never on a disk
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(server: Any) -> None:
    """The master lives as long as its supervisor; its workers live as long as the master."""
    lifeline.hold()
