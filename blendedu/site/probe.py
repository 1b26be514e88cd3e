"""Ask this container's own web server how it is: `python -m blendedu.site.probe healthz`.

The server answers only to the host names it was given, so the question carries the first of them.
"""

import os
import sys
import urllib.error
import urllib.request


def ask(page: str) -> int:
    """0 when the page answers 200, 1 otherwise, with the reason on standard error."""
    port = os.environ.get("BLENDEDU_BIND", ":8000").rsplit(":", 1)[1]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{page}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 -- ours
            return 0
    except urllib.error.HTTPError as error:
        print(error.read().decode(errors="replace"), file=sys.stderr)
    except OSError as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1] if len(sys.argv) > 1 else "healthz"))
