"""`python -m tools.bench [--quick] [--only pages,quiz,attempts,backlog,preview,visits,sums]`."""

from __future__ import annotations

import argparse
import os
import sys
import time

import django
from django.core.management import call_command

from tools.bench.ground import Ground, Occupied, ground

PARTS = ("pages", "studio", "quiz", "attempts", "backlog", "preview", "visits", "sums")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="How fast the product is, in numbers.")
    parser.add_argument("--quick", action="store_true", help="a short run with little of everything: does it work?")
    parser.add_argument("--only", default="", metavar="PARTS", help=f"some of {', '.join(PARTS)}")
    options = parser.parse_args()
    parts = set(filter(None, options.only.split(","))) or set(PARTS)
    if unknown := parts - set(PARTS):
        parser.error(f"no part is named {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    try:
        with ground() as made:
            run(made, parts, quick=options.quick)
    except Occupied as taken:
        print(taken, file=sys.stderr)
        return 1
    return 0


def run(made: Ground, parts: set[str], *, quick: bool) -> None:
    """Everything between a prepared ground and the printed table."""
    # This process counts queries and builds the world with the very settings of the site that it starts.
    os.environ.update(made.environment)
    django.setup()
    from tools.bench import measuring  # noqa: PLC0415 -- app ready

    began = time.monotonic()
    for command in (("migrate",), ("collectstatic", "--no-input")):
        call_command(*command, verbosity=0)
    print(measuring.measure(made, parts, quick=quick), flush=True)
    print(f"\nThe whole run took {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    sys.exit(main())
