"""Where the benchmark runs: a database and numbers of Redis that are its own, thrown away at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

from tools import suite

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "blendedu_bench"
# Two neighbours among the numbers of Redis, for the broker and the cache. Only an empty pair is taken, high ones first.
PAIRS = tuple((number, number + 1) for number in (14, 10, 8, 6, 4, 2))


class Occupied(Exception):
    """What the benchmark needs for itself is in use."""


@dataclass
class Ground:
    """What the site is given, and a folder for everything that it writes."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def embedded(self) -> bool:
        return not self.environment.get("DATABASE_URL")

    @property
    def redis_url(self) -> str:
        return self.environment.get("REDIS_URL", "")


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Prepare everything, and leave nothing behind."""
    database, broker = suite.postgres(), suite.redis_server()
    folder = Path(tempfile.mkdtemp(prefix="blendedu-bench-"))
    with contextlib.ExitStack() as leaving:
        leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        made = Ground(folder, _same_everywhere(folder))
        if database and broker:
            made.environment |= _production(
                leaving.enter_context(_own_database(database)), leaving.enter_context(_own_redis(broker))
            )
        else:
            missing = " and ".join(name for name, found in (("PostgreSQL", database), ("Redis", broker)) if not found)
            made.left_out.append(
                f"{missing} not reachable: this is the embedded site, on SQLite and a broker in folders."
            )
            made.environment |= {"BLENDEDU_ENV": "local", "DATABASE_URL": "", "REDIS_URL": "", "DEBUG": "0"}
        yield made


def _same_everywhere(folder: Path) -> dict[str, str]:
    data = folder / "data"
    for each in (data, data / "media", data / "tmp"):
        each.mkdir()
    return {
        "BLENDEDU_DATA": str(data),
        "BLENDEDU_STATIC": str(folder / "static"),
        "BLENDEDU_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "blendedu.settings",
        "SECRET_KEY": "only for the time of a benchmark " + os.urandom(24).hex(),
        "ALLOWED_HOSTS": "127.0.0.1",
        # Letters are written in full and go nowhere.
        "EMAIL_URL": "consolemail://",
        "DEFAULT_FROM_EMAIL": "bench@example.org",
        "SENTRY_DSN": "",
        "OIDC_SERVER_URL": "",
        "PYTHONUNBUFFERED": "1",
    }


def _production(database: str, broker: str) -> dict[str, str]:
    return {"BLENDEDU_ENV": "production", "DATABASE_URL": database, "REDIS_URL": broker, "DEBUG": "0"}


@contextlib.contextmanager
def _own_database(url: str) -> Iterator[str]:
    """A new database on this server; one that a broken run left behind is replaced, one in use is not."""
    name = sql.Identifier(DATABASE)
    with psycopg.connect(url, autocommit=True) as server:
        users = server.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [DATABASE]).fetchone()
        if users and users[0]:
            raise Occupied(f"The database {DATABASE} is in use: another benchmark is running.")
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextlib.contextmanager
def _own_redis(url: str) -> Iterator[str]:
    """The first pair of numbers in which nothing lies; emptied again at the end."""
    parts = urlsplit(url)
    for pair in PAIRS:
        urls = [urlunsplit(parts._replace(path=f"/{number}")) for number in pair]
        clients = [redis.Redis.from_url(each) for each in urls]
        if any(client.dbsize() for client in clients):
            continue
        try:
            yield urls[0]
        finally:
            for client in clients:
                client.flushdb()
                client.close()
        return
    raise Occupied(f"Redis has no empty pair of databases among {PAIRS}; the benchmark empties what it uses.")
