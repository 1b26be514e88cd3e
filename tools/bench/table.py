"""One table with everything that was measured, and what it was measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.bench.measures import Results, Row
    from tools.bench.processes import Spent

# For scale: a well configured Moodle 4.5 on two cores, as the issue that asked for this gives it.
MOODLE = {
    "My week": "94 ms, 57 queries (dashboard)",
    "Course page, 40 activities": "113 ms, 77 queries, 591 kB",
    "Quiz: an answer is saved": "19 to 27 ms, 40 queries",
    "attempts": "5.2 /s; 1.8 /s with a question a page",
    "cpu": "0.367 s; 1.06 s with a question a page",
    "visit": "1.27 MB in 22 to 36 requests",
}
HEAD = 2  # the lines of a table that holds nothing
ATTEMPTS_PER_SECOND, CPU_SECONDS, VISIT_BYTES, QUERIES = 50, 0.04, 170_000, 12


def shown(results: Results, *, embedded: bool, sees_database: bool, quick: bool) -> str:
    """Everything as text, in Markdown that also reads well as it is."""
    parts = [*about(embedded=embedded, quick=quick, yardstick=results.yardstick), ""]
    if not sees_database and not embedded:
        parts += ["PostgreSQL runs on another machine: its processor time is not in these figures.", ""]
    # What was not asked for is left out: a line of zeros would look like a measurement.
    for table in (requests(results.rows), wholes(results), visits(results)):
        parts += [*table, ""] if len(table) > HEAD else []
    parts += [f"\nLEFT OUT: {sentence}" for sentence in results.left_out]
    return "\n".join(parts)


# --- What it was measured on -----------------------------------------------------------------------------------------


def about(*, embedded: bool, quick: bool, yardstick: float) -> list[str]:
    """Date, machine, versions and settings."""
    memory = next(
        (
            int(line.split()[1])
            for line in Path("/proc/meminfo").read_text().splitlines()
            if line.startswith("MemTotal")
        ),
        0,
    )
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith(("model name", "Model"))
        ),
        platform.machine(),
    )
    packages = ", ".join(f"{name} {version(name)}" for name in ("django", "gunicorn", "celery", "psycopg"))
    machine = (
        f"- Machine: {os.cpu_count()} cores, {model}, {memory / 1024 / 1024:.0f} GB; the client runs on it too. "
        f"Load before: {os.getloadavg()[0]:.1f}."
    )
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        + (", a quick run: too short to quote." if quick else "."),
        "",
        machine,
        f"- Yardstick: a million turns of a fixed loop of plain Python take {yardstick:.0f} ms of processor time here.",
        f"- Versions: Python {platform.python_version()}, {packages}, {database_version()}"
        + (f", Redis {redis_info('server', 'redis_version')}" if settings.REDIS_URL else "")
        + ".",
    ]
    if embedded:
        return [*lines, "- Embedded: one gunicorn process with 8 threads, worker with 2 threads, SQLite with WAL."]
    site = (
        "- Site: gunicorn gthread 2 x 4 with reuse-port, Celery prefork 2, beat; settings of production; https as a "
        "proxy passes it on; letters are written and not sent; sessions are made in the store, without passwords."
    )
    return [
        *lines,
        site,
        "- PostgreSQL: "
        + ", ".join(f"{name} {postgres_says(name)}" for name in ("fsync", "synchronous_commit", "shared_buffers"))
        + f"; Redis: appendonly {redis_config('appendonly')}.",
    ]


def database_version() -> str:
    if connection.vendor == "postgresql":
        return f"PostgreSQL {postgres_says('server_version').split()[0]}"
    import sqlite3  # noqa: PLC0415 -- leaf

    return f"SQLite {sqlite3.sqlite_version}"


def postgres_says(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def redis_info(section: str, name: str) -> str:
    found = redis.Redis.from_url(settings.REDIS_URL).info(section)
    return str(found[name])


def redis_config(name: str) -> str:
    found = redis.Redis.from_url(settings.REDIS_URL).config_get(name)
    return str(found.get(name, "unknown"))


# --- What was measured -----------------------------------------------------------------------------------------------


def grid(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Columns under each other; the first one to the left, figures to the right, words at the end to the left."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]

    def drawn(line: list[str]) -> str:
        cells = [
            text.ljust(width) if place in {0, len(head) - 1} else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        return "| " + " | ".join(cells) + " |"

    rule = [
        "-" * width if place in {0, len(head) - 1} else "-" * (width - 1) + ":" for place, width in enumerate(widths)
    ]
    return [drawn(head), drawn(rule), *(drawn(line) for line in lines[1:])]


def requests(rows: Iterable[Row]) -> list[str]:
    head = [
        "Request",
        "web ms",
        "database ms",
        "all ms",
        "/s",
        "p50 ms",
        "p95 ms",
        "queries",
        "kB",
        "packed",
        "for scale",
    ]
    return grid(
        head,
        [
            [
                row.name,
                f"{row.per_request('web'):.2f}",
                f"{row.per_request('database'):.2f}",
                f"{row.per_request():.2f}",
                f"{row.rate:.0f}",
                f"{1000 * row.p50:.0f}",
                f"{1000 * row.p95:.0f}",
                f"{row.queries}" + (" !" if row.queries > QUERIES else ""),
                f"{row.raw / 1000:.1f}",
                f"{row.packed / 1000:.1f}",
                MOODLE.get(row.name, ""),
            ]
            for row in rows
        ],
    )


def wholes(results: Results) -> list[str]:
    rows: list[list[str]] = []
    if whole := results.attempts:
        rows += [
            [
                f"Complete attempts a second ({whole.count}: start, ten answers, hand in, marks seen)",
                f"{whole.rate:.1f} /s",
                _aim(whole.rate >= ATTEMPTS_PER_SECOND, f"{ATTEMPTS_PER_SECOND} /s"),
                MOODLE["attempts"],
            ],
            [
                f"Processor seconds of the server for each ({_divided(whole.spent, whole.count)})",
                f"{whole.cpu:.4f} s",
                _aim(whole.cpu < CPU_SECONDS, f"{CPU_SECONDS} s"),
                MOODLE["cpu"],
            ],
            [
                f"From start to marks seen, p50 and p95, {whole.requests / whole.count:.1f} requests each",
                f"{whole.p50:.1f} and {whole.p95:.1f} s",
                "",
                "",
            ],
            ["The client's own processor seconds for each, not counted", f"{whole.client / whole.count:.4f} s", "", ""],
        ]
    if backlog := results.backlog:
        rows.append(
            [
                f"Grading jobs a second, {backlog.count} waiting ({_divided(backlog.spent, backlog.count)})",
                f"{backlog.rate:.0f} /s",
                "",
                "",
            ]
        )
    if preview := results.preview:
        rows.append(
            [
                f"Trying a policy rule on {preview.designs} designs of 40 activities ({preview.queries} queries)",
                f"{preview.seconds:.2f} s",
                _aim(preview.seconds < 1, "1 s"),
                "",
            ]
        )
    if results.sums is not None:
        rows.append(["Weigh, judge and align 200 activities", f"{results.sums:.1f} ms", "", ""])
    return grid(["What", "measured", "aim", "for scale"], rows)


def visits(results: Results) -> list[str]:
    return grid(
        ["First visit, nothing cached", "requests", "kB packed", "other hosts", "aim"],
        [
            [
                visit.name,
                str(visit.requests),
                f"{visit.bytes / 1000:.0f}",
                ", ".join(visit.foreign) or "none",
                _aim(visit.bytes < VISIT_BYTES and not visit.foreign, f"{VISIT_BYTES / 1000:.0f} kB, none"),
            ]
            for visit in results.visits
        ],
    )


def _aim(reached: bool, aim: str) -> str:
    return f"{aim}: {'reached' if reached else 'NOT reached'}"


def _divided(spent: Spent, count: int) -> str:
    parts = [
        (name, 1000 * spent.parts.get(name, 0.0) / count) for name in ("web", "worker", "database", "redis", "beat")
    ]
    return ", ".join(f"{name} {each:.1f} ms" for name, each in parts)
