"""A process that notices when whoever started it is gone.

The parent of `manage.py runlocal` holds the writing end of a pipe and writes nothing. When it ends, even by kill -9,
the system closes that end, every child reads the end of the file, and stops itself. Nothing is left behind.
"""

import os
import signal
import threading
import time
from typing import Any

VARIABLE = "BLENDEDU_LIFELINE"
PATIENCE_SECONDS = 6.0


def hold(**kwargs: Any) -> None:
    """Begin to watch, if this process was given a lifeline. A receiver of Celery's signals as it is."""
    number = os.environ.get(VARIABLE, "")
    if number.isdigit():
        threading.Thread(target=_watch, args=[int(number)], name="lifeline", daemon=True).start()


def _watch(descriptor: int) -> None:
    try:
        while os.read(descriptor, 1):
            pass
    except OSError:
        return
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
