"""Which tests a second run, on PostgreSQL and Redis, can leave out: those to which no server makes a difference.

Nobody keeps a list. A test minds the servers when it is marked for a database or for services, when a fixture of it
leads to a database or a page, or when its module speaks of a server or of the cache. To all others pytest-django
refuses the database, so a second run would only compute the same again.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client"}
WORDS = re.compile(r"DATABASE_URL|REDIS_URL|\b(cache|broker|Client)\b")
LEFT_OUT = pytest.StashKey[int]()


def minds_servers(item: pytest.Item) -> bool:
    """Whether a test could end otherwise on another database, with another cache or with a real broker."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("services")
    return bool(marked or FIXTURES & set(getattr(item, "fixturenames", ())) or speaks_of_servers(item.path))


@cache
def speaks_of_servers(module: Path) -> bool:
    return WORDS.search(module.read_text(encoding="utf-8")) is not None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--minding-servers", action="store_true", help="only the tests to which the database, cache or broker matters"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--minding-servers"):
        same = [item for item in items if not minds_servers(item)]
        items[:] = [item for item in items if minds_servers(item)]
        config.hook.pytest_deselected(items=same)
        config.stash[LEFT_OUT] = len(same)


# With xdist each worker chooses for itself, all of them the same; when one ends it tells whoever writes the report.


def pytest_sessionfinish(session: pytest.Session) -> None:
    if LEFT_OUT in session.config.stash and hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # Any: of xdist, which has no types
    if left_out := getattr(node, "workeroutput", {}).get("left_out"):
        node.config.stash[LEFT_OUT] = left_out


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} tests mind no server; the part on SQLite runs them.")
