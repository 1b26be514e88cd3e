"""Jobs live in the database: claimed once, done once, found again when a worker or the broker was lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from blendedu.journal import tasks, work
from blendedu.journal.models import Entry, Job
from blendedu.journal.services import jobs
from blendedu.journal.services.entries import record
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
KIND = "test-note"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def woken(monkeypatch) -> list[int]:
    """Which jobs workers were woken for."""
    calls: list[int] = []
    monkeypatch.setattr(jobs, "_wake", lambda job_id, kind, ref: calls.append(job_id))
    return calls


@pytest.fixture(autouse=True)
def _work():
    """A kind of job that leaves one entry in the journal."""

    def note(ref: int, at: datetime) -> None:
        record("noted", subject="test", subject_id=ref, actor=None, at=at)

    work.does(KIND)(note)
    yield
    work._kinds.pop(KIND)


def doing(act):
    work.does(KIND)(act)


def notes() -> int:
    return Entry.objects.filter(verb="noted").count()


def made(**fields) -> Job:
    return Job.objects.create(
        **{"kind": KIND, "ref": 7, "due_at": NOW, "created_at": NOW, "published_at": NOW} | fields
    )


# --- Doing ------------------------------------------------------------------------------------------------------------


def test_a_job_is_done_once_however_often_it_is_announced():
    job = made()

    done = [jobs.run(job.pk, KIND, 7, at=NOW) for _again in range(5)]

    job.refresh_from_db()
    assert (done.count(True), notes(), job.state, job.tries) == (1, 1, Job.State.DONE, 1)


# F22: the broker delivers again while the first worker is still at work.
def test_a_job_that_is_in_somebodys_hands_is_left_alone():
    job = made()
    seen: list[bool] = []

    def slow(ref: int, at: datetime) -> None:
        seen.append(jobs.run(job.pk, KIND, 7, at=NOW + 12 * SECOND))
        record("noted", subject="test", subject_id=ref, actor=None, at=at)

    doing(slow)
    jobs.run(job.pk, KIND, 7, at=NOW)

    assert (seen, notes()) == ([False], 1)


def test_a_worker_that_was_overtaken_leaves_nothing_behind():
    job = made()

    def overtaken(ref: int, at: datetime) -> None:
        record("noted", subject="test", subject_id=ref, actor=None, at=at)
        Job.objects.filter(pk=job.pk).update(lease="somebody else's")

    doing(overtaken)
    done = jobs.run(job.pk, KIND, 7, at=NOW)

    job.refresh_from_db()
    assert (done, notes(), job.state) == (False, 0, Job.State.WAITING)


def test_a_job_of_a_dead_worker_can_be_taken_when_its_lease_has_run_out():
    job = made(lease="dead", lease_until=NOW + jobs.LEASE, tries=1)

    early = jobs.run(job.pk, KIND, 7, at=NOW + jobs.LEASE - SECOND)
    late = jobs.run(job.pk, KIND, 7, at=NOW + jobs.LEASE)

    assert (early, late, notes()) == (False, True, 1)


def test_a_lease_outlasts_the_time_that_a_worker_may_take():
    assert tasks.run_job.soft_time_limit < tasks.run_job.time_limit < jobs.LEASE.total_seconds()
    assert tasks.run_job.time_limit <= settings.CELERY_TASK_TIME_LIMIT


# --- Failing ----------------------------------------------------------------------------------------------------------


def test_a_job_that_fails_leaves_nothing_half_done_and_is_tried_later():
    job = made()

    def fails(ref: int, at: datetime) -> None:
        record("noted", subject="test", subject_id=ref, actor=None, at=at)
        raise ValueError("no such thing")

    doing(fails)
    jobs.run(job.pk, KIND, 7, at=NOW)

    job.refresh_from_db()
    assert (notes(), job.state, job.lease_until, job.published_at) == (0, Job.State.WAITING, None, None)
    assert job.due_at == NOW + 10 * SECOND
    assert job.error == "ValueError('no such thing')"


def test_a_job_that_always_fails_is_given_up_and_kept_for_somebody_to_look_at():
    job = made()

    def fails(ref: int, at: datetime) -> None:
        raise ValueError

    doing(fails)
    for _again in range(jobs.TRIES_MAX + 2):
        jobs.run(job.pk, KIND, 7, at=NOW)

    job.refresh_from_db()
    assert (job.state, job.tries) == (Job.State.FAILED, jobs.TRIES_MAX)
    jobs.tidy(at=NOW + timedelta(days=100))
    assert Job.objects.filter(pk=job.pk).exists()


def test_work_that_nobody_knows_is_a_failure_and_not_lost():
    job = made(kind="from-the-future")

    jobs.run(job.pk, "from-the-future", 7, at=NOW)

    job.refresh_from_db()
    assert (job.state, job.tries) == (Job.State.WAITING, 1)
    assert "UnknownKind" in job.error


# --- Announcing -------------------------------------------------------------------------------------------------------


# F25: the task ran before the commit.
def test_a_worker_is_woken_after_the_commit_and_not_before(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        job = jobs.enqueue(KIND, 7, at=NOW)
        assert woken == []

    assert woken == [job.pk]


def test_a_cause_that_is_rolled_back_wakes_nobody(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        jobs.enqueue(KIND, 7, at=NOW)
        transaction.set_rollback(True)

    assert (woken, Job.objects.count()) == ([], 0)


def test_a_job_for_later_wakes_nobody_now(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(KIND, 7, at=NOW, due_at=NOW + 60 * SECOND)

    assert woken == []


def test_a_broker_that_is_away_does_not_hurt_the_page(monkeypatch, django_capture_on_commit_callbacks):
    def away(*_args, **_kwargs):
        raise ConnectionError("nobody there")

    monkeypatch.setattr(tasks.run_job, "apply_async", away)

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(KIND, 7, at=NOW)

    assert Job.objects.get().pk == job.pk


# --- Sweeping ---------------------------------------------------------------------------------------------------------


# F24: deadlines live in the database.
def test_the_sweeper_wakes_for_a_job_whose_time_has_come(woken):
    job = made(due_at=NOW + 60 * SECOND, published_at=None)

    early, due = jobs.sweep(at=NOW + 59 * SECOND), jobs.sweep(at=NOW + 60 * SECOND)

    assert (early, due, woken) == (0, 1, [job.pk])


# F23: the broker lost what it was told.
def test_the_sweeper_announces_again_what_nobody_took(woken):
    job = made()

    early = jobs.sweep(at=NOW + jobs.PUBLISH_AGAIN_AFTER - SECOND)
    late = jobs.sweep(at=NOW + jobs.PUBLISH_AGAIN_AFTER)
    at_once_again = jobs.sweep(at=NOW + jobs.PUBLISH_AGAIN_AFTER + SECOND)

    assert (early, late, at_once_again, woken) == (0, 1, 0, [job.pk])


# F21: the worker died.
def test_the_sweeper_comes_for_the_job_of_a_dead_worker_as_soon_as_its_lease_is_over(woken):
    job = made(lease="dead", lease_until=NOW + jobs.LEASE, tries=1)

    swept = [jobs.sweep(at=NOW + jobs.LEASE + after * SECOND) for after in (-1, 0, 15, 30)]

    assert (swept, woken) == ([0, 1, 0, 0], [job.pk])


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.FAILED])
def test_the_sweeper_leaves_what_is_over(woken, state):
    made(state=state, published_at=None)

    assert jobs.sweep(at=NOW + timedelta(days=1)) == 0


def test_the_sweeper_takes_the_longest_waiting_first_and_leaves_a_rest_for_the_next_turn(woken, monkeypatch):
    monkeypatch.setattr(jobs, "SWEEP_AT_MOST", 2)
    for age in (1, 3, 2):
        made(ref=age, due_at=NOW - age * SECOND, published_at=None)

    turns = [jobs.sweep(at=NOW), jobs.sweep(at=NOW)]

    assert turns == [2, 1]
    assert [Job.objects.get(pk=pk).ref for pk in woken] == [3, 2, 1]


def test_tidying_drops_what_was_done_long_ago():
    made(state=Job.State.DONE, finished_at=NOW)
    waiting = made()

    assert jobs.tidy(at=NOW + timedelta(days=15)) == 1
    assert Job.objects.get().pk == waiting.pk
