"""What a machine learns when it asks how the site is."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from blendedu.journal.models import Job
from blendedu.site import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_seen_complete", set())


def job(*, waiting_for: timedelta, state: str = Job.State.WAITING) -> Job:
    then = timezone.now() - waiting_for
    return Job.objects.create(kind="test", ref=1, state=state, due_at=then, created_at=then)


def test_a_living_process_says_so_without_asking_the_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"ok": True})


def test_a_ready_site_answers_for_each_of_its_parts(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200, response.content
    assert response.json() == {
        "ok": True,
        "database": {"ok": True},
        "migrations": {"ok": True, "waiting": 0},
        "broker": {"ok": True},
        "jobs": {"ok": True, "oldest_seconds": 0},
    }


def test_health_is_never_kept_by_a_cache(client: Client) -> None:
    assert "no-store" in client.get("/readyz")["Cache-Control"]


def test_the_age_of_the_oldest_due_job_is_told(client: Client) -> None:
    job(waiting_for=timedelta(seconds=40))
    job(waiting_for=timedelta(seconds=10))
    job(waiting_for=timedelta(days=2), state=Job.State.DONE)
    job(waiting_for=-timedelta(days=1))

    jobs = client.get("/readyz").json()["jobs"]

    assert jobs["ok"] is True
    assert 40 <= jobs["oldest_seconds"] <= 45


def test_a_job_that_nobody_does_makes_the_site_unready(client: Client) -> None:
    job(waiting_for=timedelta(minutes=10))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["jobs"]["ok"] is False
    assert response.json()["database"]["ok"] is True


def test_a_migration_that_was_not_applied_makes_the_site_unready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'journal'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["migrations"]["waiting"] >= 1


def test_a_broker_that_is_away_is_told_without_its_address(client: Client, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:1/0"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == {"ok": False, "error": "ConnectionError"}


def test_a_database_that_is_away_is_told_without_its_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> health.Answer:
        raise OperationalError("could not connect to db as blendedu with password secret")

    monkeypatch.setattr(health, "_database", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == {"ok": False, "error": "OperationalError"}
    assert b"secret" not in response.content
