"""What every test can ask for. The world of a domain is in its own factories, not here."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from hypothesis import settings as property_settings
from pytest_django import DjangoDbBlocker

from blendedu.demo.world import World
from blendedu.demo.world import build as build_world
from blendedu.journal.services import jobs, wakes
from tests import schema
from tests.processes import Site, Worker, run_site, run_worker
from tests.servers import (  # noqa: F401 -- pytest finds them here
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tools import browser

# On SQLite the migrated tables are kept from run to run.
kept_schema, django_db_setup = schema.kept_schema, schema.django_db_setup

# How busy the machine is says nothing about a property of the code.
property_settings.register_profile("unhurried", deadline=None)
property_settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    # COST: what is imported stays until the end; the collector need not look through all of it again and again.
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and sessions of one test are not those of the next."""
    yield
    cache.clear()
    wakes.free(jobs.WAKE)


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole product with its demo world, as `make run` starts it: web server, worker and beat."""
    with run_site(tmp_path_factory.mktemp("site"), demo=True) as site:
        yield site


@pytest.fixture
def real_worker(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A Celery worker in a process of its own, on the database and the Redis of this test; it can be killed."""
    if connection.vendor == "sqlite" or not settings.REDIS_URL:
        pytest.skip("A real worker needs PostgreSQL and Redis: DATABASE_URL and REDIS_URL.")
    with run_worker(tmp_path, database=str(connection.settings_dict["NAME"])) as worker:
        yield worker


@pytest.fixture(scope="module")
def demo_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The demo world in the database of this process, for one module that is marked `django_db`.

    What a test does to it is taken back after that test, the world itself after the module.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Use the browser of this machine; Playwright's own is never fetched."""
    place = browser.find()
    if place is None:
        pytest.skip("No browser of the Chromium family was found: set CHROMIUM.")
    # Chromium refuses its sandbox to root, which is who runs tests in containers.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": place, "args": [*sandbox, "--disable-dev-shm-usage"]}
