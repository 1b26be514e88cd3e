"""The product's settings, as the tests see them: everything that is written goes to a folder that is thrown away."""

import atexit
import os
import shutil
import tempfile

os.environ["BLENDEDU_ENV"] = "test"
if given := os.environ.get("BLENDEDU_TEST_DATA"):
    # A worker that a test started shares the files of that test.
    os.environ["BLENDEDU_DATA"] = given
else:
    os.environ["BLENDEDU_DATA"] = tempfile.mkdtemp(prefix="blendedu-test-")
    atexit.register(shutil.rmtree, os.environ["BLENDEDU_DATA"], ignore_errors=True)

from blendedu.settings import *  # noqa: F403 -- the lines above must come first
from blendedu.settings import CACHES, DATABASE_URL, DATABASES

# Two halves of one run, side by side, must not hear each other.
_half = os.environ.get("PYTEST_XDIST_WORKER", "main")
CACHES["default"]["KEY_PREFIX"] = f"blendedu-test-{_half}"
CELERY_TASK_DEFAULT_QUEUE = f"blendedu-test-{_half}"

if DATABASE_URL and os.environ.get("BLENDEDU_TEST_DATABASE"):
    DATABASES["default"]["NAME"] = os.environ["BLENDEDU_TEST_DATABASE"]

# COST: every Client() of a test makes the middleware anew, and this one would then read the headers of all files in
# static/. Here it looks for a file when it is asked for one.
WHITENOISE_AUTOREFRESH = True
