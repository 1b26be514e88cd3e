"""The product's settings, as the tests see them: everything that is written goes to a folder that is thrown away."""

import atexit
import os
import shutil
import tempfile

os.environ["BLENDEDU_ENV"] = "test"
os.environ["BLENDEDU_DATA"] = tempfile.mkdtemp(prefix="blendedu-test-")
atexit.register(shutil.rmtree, os.environ["BLENDEDU_DATA"], ignore_errors=True)

from blendedu.settings import *  # noqa: E402, F403 -- the lines above must come first
