"""Find a browser of the Chromium family on this machine, or install the distribution's.

python -m tools.browser             print where it is
python -m tools.browser --install   install it first, where that is possible
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """The address of the browser; what CHROMIUM names comes first."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (place := shutil.which(name)):
            return place
    return str(MAC) if MAC.exists() else None


def install() -> str | None:
    """The browser, from the distribution's own packages if it is not here yet and this user may install."""
    if place := find():
        return place
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        chromium = [apt, "install", "-y", "-q", "--no-install-recommends", "chromium"]
        # The lists of a fresh machine are often empty, so a first failure is answered by fetching them.
        if subprocess.run(chromium, env=quiet, check=False).returncode:  # noqa: S603 -- fixed command
            subprocess.run([apt, "update", "-q"], env=quiet, check=False)  # noqa: S603 -- fixed command
            subprocess.run(chromium, env=quiet, check=False)  # noqa: S603 -- fixed command
    return find()


if __name__ == "__main__":
    place = install() if "--install" in sys.argv[1:] else find()
    if place is None:
        sys.exit("No browser of the Chromium family was found. Set CHROMIUM, or install the package chromium.")
    print(place)
