"""What a second run on the servers leaves out, and what never."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest

from tests import servers

SERVER = re.compile(r"(?m)^(?:from|import) .*\b(?:redis|psycopg|kombu)\b")
TESTS = Path(__file__).parent.parent


def written(folder: Path, text: str) -> Path:
    module = folder / "test_it.py"
    module.write_text(text, encoding="utf-8")
    return module


@pytest.fixture
def item(request: pytest.FixtureRequest, tmp_path: Path) -> pytest.Item:
    """The test that asks for this, in a module that speaks of nothing."""
    moved = copy.copy(request.node)
    moved.path = written(tmp_path, "def test_it():\n    assert 1 + 1 == 2\n")
    return moved


def test_a_sum_is_left_out(item: pytest.Item) -> None:
    assert not servers.minds_servers(item)


@pytest.mark.django_db
def test_what_may_ask_the_database_is_kept(item: pytest.Item) -> None:
    assert servers.minds_servers(item)


@pytest.mark.parametrize("fixture", sorted(servers.FIXTURES))
def test_what_a_fixture_leads_to_a_server_is_kept(item: pytest.Item, fixture: str) -> None:
    item.fixturenames = ["tmp_path", fixture]

    assert servers.minds_servers(item)


@pytest.mark.parametrize("word", ["settings.REDIS_URL", "env['DATABASE_URL']", "cache.clear()", "Client()"])
def test_a_module_that_speaks_of_a_server_is_kept(tmp_path: Path, word: str) -> None:
    assert servers.speaks_of_servers(written(tmp_path, f"def test_it():\n    {word}\n"))


def test_a_module_that_speaks_of_none_is_not(tmp_path: Path) -> None:
    assert not servers.speaks_of_servers(written(tmp_path, "from functools import cached_property\n"))


def test_no_module_that_uses_the_library_of_a_server_is_left_out() -> None:
    using = [path for path in TESTS.rglob("test_*.py") if SERVER.search(path.read_text(encoding="utf-8"))]
    kept = [
        path for path in using if servers.speaks_of_servers(path) or "django_db" in path.read_text(encoding="utf-8")
    ]

    assert using
    assert kept == using
