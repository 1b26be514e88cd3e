"""The tables that are kept from run to run are those of today's migrations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import schema


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("operations = []\n", encoding="utf-8")
    return folder


def test_the_name_of_what_is_kept_changes_with_any_migration(migrations: Path) -> None:
    before = schema.fingerprint([migrations])
    (migrations / "0001_initial.py").write_text("operations = [1]\n", encoding="utf-8")
    changed = schema.fingerprint([migrations])
    (migrations / "0002_more.py").write_text("", encoding="utf-8")

    assert len({before, changed, schema.fingerprint([migrations])}) == 3
    assert schema.fingerprint([migrations]) == schema.fingerprint([migrations])


def test_what_was_kept_is_laid_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "new.sqlite3"
    (tmp_path / "old.sqlite3").touch()
    with closing(sqlite3.connect(":memory:")) as made, closing(sqlite3.connect(":memory:")) as another:
        made.executescript("CREATE TABLE course (code TEXT); INSERT INTO course VALUES ('mkc');")
        schema.keep(made, place)
        schema.lay(place, another)

        assert another.execute("SELECT code FROM course").fetchall() == [("mkc",)]
    assert [path.name for path in tmp_path.glob("*")] == ["new.sqlite3"]


@pytest.mark.django_db
def test_no_migration_is_missing_in_the_tables_of_the_tests() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
