"""One message wakes a worker for everything that waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from activities import jobs as kinds
from blendedu.journal import tasks, work
from blendedu.journal.models import Job
from blendedu.journal.services import jobs, wakes
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def shared(settings):
    """Web and worker see one cache, as they do with Redis."""
    settings.REDIS_URL = settings.REDIS_URL or "redis://somewhere/0"


@pytest.fixture
def sent(monkeypatch):
    messages: list[tuple[int, int]] = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: messages.append((args[0], args[3])))
    return messages


@pytest.fixture
def done(monkeypatch):
    refs: list[int] = []
    monkeypatch.setitem(work._kinds, kinds.GRADE, lambda ref, at: refs.append(ref))
    return refs


def waiting(count: int, **fields: object) -> list[Job]:
    made = [
        Job(**{"kind": kinds.GRADE, "ref": ref, "due_at": NOW, "created_at": NOW, "published_at": NOW} | fields)
        for ref in range(count)
    ]
    return Job.objects.bulk_create(made)


def test_while_a_message_is_under_way_no_other_is_sent(shared, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for ref in range(10):
            jobs.enqueue(kinds.GRADE, ref, at=NOW)

    assert sorted(place for _job, place in sent) == list(range(wakes.PLACES))


def test_without_a_shared_memory_every_message_is_sent(settings, sent, django_capture_on_commit_callbacks):
    settings.REDIS_URL = ""

    with django_capture_on_commit_callbacks(execute=True):
        for ref in range(10):
            jobs.enqueue(kinds.GRADE, ref, at=NOW)

    assert len(sent) == 10


def test_whoever_is_woken_does_everything_that_waits_and_is_due(done):
    waiting(3)
    waiting(1, due_at=NOW + 3600 * SECOND, published_at=None)
    waiting(1, lease="held", lease_until=NOW + jobs.LEASE)

    count = jobs.work_off(0, clock=lambda: NOW)

    assert (count, done) == (3, [0, 1, 2])


# RACE: a job that is committed while the worker is on its way to the end of its work.
def test_a_job_that_comes_after_the_message_was_heard_sends_a_message_again(
    shared, sent, done, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.enqueue(kinds.GRADE, 1, at=NOW)
    place = sent[0][1]
    wakes.heard(jobs.WAKE, place)

    with django_capture_on_commit_callbacks(execute=True):
        for ref in range(2, 2 + wakes.PLACES):
            jobs.enqueue(kinds.GRADE, ref, at=NOW)
    jobs.work_off(place, clock=lambda: NOW)

    assert place in [taken for _job, taken in sent[1:]]
    assert sorted(done) == list(range(first.ref, 2 + wakes.PLACES))
    assert not Job.objects.filter(state=Job.State.WAITING).exists()


def test_more_than_a_moments_work_calls_for_help_once(sent, done, settings):
    settings.REDIS_URL = ""
    waiting(2 * jobs.AT_ONCE + 1)

    count = jobs.work_off(0, clock=lambda: NOW)

    assert (count, len(sent)) == (2 * jobs.AT_ONCE + 1, 1)


def test_after_some_seconds_other_messages_get_their_turn(sent, done, settings):
    settings.REDIS_URL = ""
    waiting(5)
    times = iter([NOW, NOW, NOW, NOW + SECOND, NOW + jobs.WORK_OFF])

    def clock() -> datetime:
        return next(times)

    count = jobs.work_off(0, clock=clock)

    assert (count, done, len(sent)) == (2, [0, 1], 1)


def test_a_broker_that_takes_no_message_leaves_the_place_free(shared, monkeypatch, django_capture_on_commit_callbacks):
    def away(*_args: object, **_options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.run_job, "apply_async", away)
    monkeypatch.setattr(wakes, "QUIET_SECONDS", 0)

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(kinds.GRADE, 1, at=NOW)

    assert wakes.take(jobs.WAKE, job.pk) is not None
