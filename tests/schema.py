"""The empty database of the tests on SQLite, kept from one run to the next.

Migrations take ten seconds of CPU and come to the same tables each time, and most runs while somebody works are of one
file. What they came to lies in pytest's cache under a name that changes with any migration of any app; the next run
starts from it, and `migrate` then finds nothing to do. `pytest --cache-clear`, or a fresh copy, migrates again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.db import connection
from pytest_django import DjangoDbBlocker


def fingerprint(folders: list[Path]) -> str:
    """A name for what these folders of migrations come to."""
    told = hashlib.sha256(f"{sqlite3.sqlite_version} {django.__version__}".encode())
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            told.update(f"\n{folder.parent.name}/{path.name}\n".encode())
            told.update(path.read_bytes())
    return told.hexdigest()[:20]


def keep(database: sqlite3.Connection, place: Path) -> None:
    """Write a database to a file, all of it or nothing, whoever does the same at this moment."""
    half = place.with_suffix(f".{id(database)}.half")
    with closing(sqlite3.connect(half)) as target:
        database.backup(target)
    for old in place.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    half.replace(place)


def lay(place: Path, database: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as source:
        source.backup(database)


@pytest.fixture(scope="session")
def kept_schema(pytestconfig: pytest.Config, django_db_modify_db_settings: None) -> Iterator[Path | None]:
    """Where the tables are kept, and they are laid already if they are; None on another database."""
    name = connection.creation._get_test_db_name()
    if connection.vendor != "sqlite" or "mode=memory" not in name or pytestconfig.cache is None:
        yield None
        return
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    place = pytestconfig.cache.mkdir("schema") / f"{fingerprint(folders)}.sqlite3"
    # A database in memory is there as long as somebody has it open.
    with closing(sqlite3.connect(name, uri=True)) as memory:
        if place.exists():
            lay(place, memory)
        yield place


@pytest.fixture(scope="session")
def django_db_setup(kept_schema: Path | None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of the tests, as pytest-django makes it; on SQLite from the tables that are kept."""
    if kept_schema is not None and not kept_schema.exists():
        with django_db_blocker.unblock():
            connection.ensure_connection()
            keep(connection.connection, kept_schema)
