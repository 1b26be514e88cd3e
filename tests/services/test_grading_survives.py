"""Gradings in flight while real processes die: a killed worker, a Redis that forgot everything.

The database is the truth and the broker only wakes workers up, so each of these costs seconds and no work. PostgreSQL
and Redis are needed; a Redis that is killed or emptied is always one that the test started itself.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import pools

from activities import jobs as kinds
from activities.models import Attempt, Progress
from blendedu.celery import app
from blendedu.journal.models import Job, Notice
from blendedu.journal.services import jobs
from tests.activities.quizzes import EVERY_KIND, RIGHT, Sitting, sitting
from tests.factories import MembershipFactory
from tests.processes import OwnRedis, Worker, free_port, run_worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LATER = jobs.PUBLISH_AGAIN_AFTER + timedelta(seconds=1)


def quiz_with(students: int) -> tuple[Sitting, list[Attempt]]:
    quiz = sitting(*EVERY_KIND)
    now = timezone.now()
    quiz.offer.opens_at, quiz.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    quiz.offer.save()
    members = MembershipFactory.create_batch(students, cohort=quiz.offer.cohort)
    return quiz, [quiz.begin(student=member.user, at=now) for member in members]


def hand_in(quiz: Sitting, attempts: list[Attempt]) -> None:
    for attempt in attempts:
        quiz.hand_in(attempt, at=timezone.now(), last_answers=RIGHT, based_on=0)


def graded() -> int:
    return Attempt.objects.filter(state=Attempt.State.GRADED).count()


def time_passes() -> None:
    """The leases of workers that are dead by now run out; nobody else holds one."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(state=Job.State.WAITING, lease_until__isnull=False).update(lease_until=past)


def assert_each_graded_once(quiz: Sitting, attempts: list[Attempt]) -> None:
    ids = {attempt.pk for attempt in attempts}
    assert set(Attempt.objects.filter(state=Attempt.State.GRADED, points=9).values_list("pk", flat=True)) == ids
    assert sorted(Notice.objects.values_list("cause", flat=True)) == sorted(f"attempt-graded:{pk}" for pk in ids)
    assert Progress.objects.filter(offer=quiz.offer, state=Progress.State.DONE, points=9).count() == len(ids)
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


# --- Workers die ------------------------------------------------------------------------------------------------------


def killed_while_grading(worker: Worker, *, students: int, kills: int) -> str:
    """Hand in for so many, kill the worker so often while it grades, and wait until every attempt is graded once.

    Answers what was seen, in a sentence.
    """
    quiz, attempts = quiz_with(students)
    worker.kill()  # or it has graded most of them before the first kill
    begun = time.monotonic()
    hand_in(quiz, attempts)
    handed_in = time.monotonic() - begun
    worker.start()
    jobs.sweep(at=timezone.now() + LATER)
    seen: list[int] = []

    for turn in range(kills):
        # Some more each time, so that every worker dies with work in its hands and the last one leaves some.
        enough = 5 + turn * (students // 2) // kills
        wait_until(lambda enough=enough: graded() > enough, seconds=60, what="some gradings")
        worker.kill()
        seen.append(graded())
        assert seen[-1] < students
        time_passes()
        worker.start()
        jobs.sweep(at=timezone.now() + LATER)

    restarted = time.monotonic()

    def all_graded() -> bool:
        jobs.sweep(at=timezone.now() + LATER)
        return graded() == students

    wait_until(all_graded, seconds=60, what="every attempt to be graded")
    took = time.monotonic() - restarted
    wait_until(lambda: not Job.objects.exclude(state=Job.State.DONE).exists(), seconds=10, what="the last job")
    assert_each_graded_once(quiz, attempts)
    again = Job.objects.filter(kind=kinds.GRADE, tries__gt=1).count()
    return (
        f"{students} attempts handed in within {handed_in:.1f} s; {kills} kills, with {seen} graded by then. "
        f"All were graded once, {took:.1f} s after the last restart; {again} had been begun by a worker that died."
    )


# F21, F22: a worker killed again and again while gradings run.
def test_a_worker_killed_again_and_again_loses_no_grading_and_does_none_twice(real_worker: Worker):
    killed_while_grading(real_worker, students=150, kills=3)


# F21 as it is written, which takes minutes. `pytest -m full -s tests/services` prints what it saw.
@pytest.mark.full
def test_a_thousand_gradings_and_twenty_kills(real_worker: Worker):
    seen = killed_while_grading(real_worker, students=1000, kills=20)

    print(f"\n{seen}")  # noqa: T201 -- a developer asked for it


# --- Redis forgets ----------------------------------------------------------------------------------------------------


def publish_to(url: str) -> None:
    """Send the messages of this process to another broker."""
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = url
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None


@pytest.fixture
def own_redis(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnRedis]:
    if connection.vendor == "sqlite" or not settings.REDIS_URL or not shutil.which("redis-server"):
        pytest.skip("This needs PostgreSQL and a redis-server of its own.")
    server = OwnRedis(tmp_path, free_port())
    server.start()
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("CACHE_URL", f"{server.url.removesuffix('0')}1")
    publish_to(server.url)
    try:
        yield server
    finally:
        publish_to(settings.CELERY_BROKER_URL)
        server.kill()


@pytest.fixture
def worker_on_it(own_redis: OwnRedis, tmp_path: Path) -> Iterator[Worker]:
    with run_worker(tmp_path, database=str(connection.settings_dict["NAME"])) as worker:
        yield worker


# F23: everything that was in the queue is gone.
def test_gradings_that_an_emptied_redis_forgot_are_announced_again(own_redis: OwnRedis, worker_on_it: Worker):
    quiz, attempts = quiz_with(30)
    worker_on_it.kill()
    hand_in(quiz, attempts)
    assert own_redis.client.llen(settings.CELERY_TASK_DEFAULT_QUEUE) > 0
    own_redis.client.flushall()
    worker_on_it.start()
    time.sleep(1)
    assert graded() == 0

    jobs.sweep(at=timezone.now() + LATER)

    wait_until(lambda: not Job.objects.exclude(state=Job.State.DONE).exists(), seconds=30, what="every grading")
    assert_each_graded_once(quiz, attempts)


# F23: Redis is killed with a worker at it and comes back empty; pages go on meanwhile.
def test_a_redis_that_dies_and_comes_back_empty_costs_no_grading(own_redis: OwnRedis, worker_on_it: Worker):
    quiz, attempts = quiz_with(30)
    hand_in(quiz, attempts[:10])
    own_redis.kill()
    begun = time.monotonic()
    hand_in(quiz, attempts[10:])
    took = time.monotonic() - begun
    own_redis.start()

    def all_done() -> bool:
        jobs.sweep(at=timezone.now() + LATER)
        return not Job.objects.exclude(state=Job.State.DONE).exists()

    wait_until(all_done, seconds=60, what="the worker to come back and grade")
    assert took < 10  # nobody waited for the broker
    assert_each_graded_once(quiz, attempts)
