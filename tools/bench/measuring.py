"""One run, from an empty database to the table."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from django.db import connections
from django.urls import reverse
from django.utils import timezone

from tools.bench import table
from tools.bench.measures import Bench, Browsers, Results, Visit, first_visit, sums, yardstick
from tools.bench.processes import Meter, Site, running
from tools.bench.world import QUICK, Size, World, build, settle

if TYPE_CHECKING:
    from tools.bench.ground import Ground


def measure(ground: Ground, parts: set[str], *, quick: bool) -> str:
    """Build the world, start the site, measure these parts, and say what came out."""
    say("Building courses, students and designs.")
    world = build(QUICK if quick else Size(), now=timezone.now())
    settle()
    connections.close_all()
    results = Results(yardstick=yardstick(), left_out=list(ground.left_out))
    with running(ground) as site:
        roots = {name: process.pid for name, process in site.processes.items()}
        meter = Meter(roots, redis_url=ground.redis_url)
        browsers = Browsers(site, [*world.students, *world.lecturers, world.administrator])
        try:
            _measure(Bench(site, world, meter, browsers), results, parts)
        finally:
            browsers.close()
            meter.close()
    connections.close_all()
    return table.shown(results, embedded=ground.embedded, sees_database=meter.sees_database, quick=quick)


def _measure(bench: Bench, results: Results, parts: set[str]) -> None:
    world, quizzes = bench.world, iter(bench.world.quizzes)
    if "attempts" in parts or "quiz" in parts:
        say("Warming up.")
        bench.attempts([next(quizzes)])
    if "pages" in parts:
        for row in bench.pages():
            results.rows.append(row)
            say(f"{row.name}: {row.per_request():.2f} ms of server each.")
    if "studio" in parts:
        for row in bench.studio():
            results.rows.append(row)
            say(f"{row.name}: {row.per_request():.2f} ms of server each.")
    if "quiz" in parts:
        for row in bench.steps(next(quizzes), world.quizzes[0]):
            results.rows.append(row)
            say(f"{row.name}: {row.per_request():.2f} ms of server each.")
    if "attempts" in parts:
        results.attempts = bench.attempts([next(quizzes) for _round in range(world.size.rounds)])
        say(f"Attempts: {results.attempts.rate:.1f} /s.")
    if "backlog" in parts:
        results.backlog = bench.backlog(world.quizzes[-1])
        say(f"Grading: {results.backlog.rate:.0f} jobs/s.")
    if "preview" in parts:
        results.preview = bench.preview()
        say(f"Preview: {results.preview.seconds:.2f} s.")
    if "visits" in parts:
        results.visits = visits(bench.site, world)
    if "sums" in parts:
        results.sums = sums()


def visits(site: Site, world: World) -> list[Visit]:
    student = world.students[0]
    return [
        first_visit(site, "Sign in", reverse("account_login"), None),
        first_visit(site, "My week", reverse("courses:week"), student),
        first_visit(site, "Course page", reverse("courses:overview", args=[world.course.code]), student),
        first_visit(site, "Quiz", world.page(world.quizzes[-2]), student),
        first_visit(site, "Studio", reverse("courses:studio", args=[world.studios[0].code]), world.lecturers[0]),
    ]


def say(sentence: str) -> None:
    """Progress goes beside the table, so that the table can be kept."""
    print(f"{time.strftime('%H:%M:%S')}  {sentence}", file=sys.stderr, flush=True)
