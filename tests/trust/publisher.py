"""A process of its own that changes a running course, for tests that end it in the middle.

    python -m tests.trust.publisher build          a running course and its next version, in the database it finds
    python -m tests.trust.publisher publish 2/3    publish it, and stop for ever after that part of what is written
    python -m tests.trust.publisher publish        publish it to the end
    python -m tests.trust.publisher state          what is there, as JSON

Which database that is says the environment, as for every process of the product.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 -- the line above must come first
from django.utils import timezone  # noqa: E402

from blendedu.journal.models import Job, Notice  # noqa: E402
from courses.calendar import monday_of  # noqa: E402
from courses.models import Design, Publication, Run  # noqa: E402
from courses.queries.publishing import change_to  # noqa: E402
from courses.services import publishing  # noqa: E402
from tests.courses.publishing import worlds  # noqa: E402
from tests.test_sweep import WRITES  # noqa: E402

STUDENTS = 20
HERE = "in the middle"


def build() -> None:
    """A course that begins next week, so that everything in it can still move, and a version that waits."""
    worlds.AT = timezone.now()
    worlds.MONDAY = monday_of(timezone.localdate()) + timedelta(days=7)
    with transaction.atomic():
        world = worlds.running_course(students=STUDENTS)
        second = worlds.second_version(world)
        worlds.to_week(second, "Upload 2", 3)
        worlds.to_week(second, "Text 3", 4)
        worlds.edit(second, "Text 1", minutes=50)
        worlds.card(second, "Text 2").delete()
        worlds.PlacementFactory(design=second, week_number=2, activity=worlds.upload("New"), moment="after")
    said(state())


def state() -> dict[str, Any]:
    """Everything that a publication writes, and who was told."""
    run = Run.objects.get()
    told = Notice.objects.filter(recipient__memberships__cohort=run.cohort_id, cause__startswith="run-changed")
    return {
        "design": run.design.number,
        "rows": json.loads(json.dumps(worlds.rows_of(run), default=str)),
        "publications": Publication.objects.count(),
        "jobs": Job.objects.filter(kind="tell-run-changed").count(),
        "told": sorted(told.values_list("recipient", "cause")),
    }


def publish(until: Fraction | None) -> None:
    run = worlds.fresh(Run.objects.get())
    design = Design.objects.select_related("course").get(course=run.course, number=2)

    def act() -> None:
        at = timezone.now()
        by = run.course.lecturers.get()
        publishing.publish(run, design, seen=change_to(run, design, at=at).seen, by=by, at=at)

    if until is None:
        act()
    else:
        with connection.execute_wrapper(Stop(after=max(1, round(_writes_of(act) * until)))):
            act()
    said(state())


def _writes_of(act: Callable[[], None]) -> int:
    """How many statements write, when nothing stops it; nothing of it is kept."""
    count = Stop(after=0)
    with transaction.atomic(), connection.execute_wrapper(count):
        act()
        transaction.set_rollback(True)
    return count.seen


class Stop:
    """Counts what is written, and stands still after so many statements, until somebody ends the process."""

    def __init__(self, *, after: int) -> None:
        self.after, self.seen = after, 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:  # as Django
        result = execute(sql, params, many, context)
        if WRITES.match(sql):
            self.seen += 1
            if self.seen == self.after:
                said(HERE)
                time.sleep(600)
        return result


def said(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["state"]:
            said(state())
        case ["publish"]:
            publish(None)
        case ["publish", part]:
            publish(Fraction(part))
        case _:
            sys.exit(__doc__)
