"""A Redis that is away, or frozen: what is handed in is kept, the page answers soon, and the job is found again."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings as product
from django.test import Client
from django.utils import timezone

from activities.models import Attempt
from blendedu.celery import app
from blendedu.journal.models import Job
from blendedu.journal.services import jobs
from tests.activities.quizzes import sitting

PIECE = {"HX-Request": "true"}


@contextmanager
def frozen_redis() -> Iterator[str]:
    """Takes every connection, as a stopped process does, and answers nothing."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        place.listen(50)
        yield f"redis://127.0.0.1:{place.getsockname()[1]}/0"


@contextmanager
def broker_at(url: str) -> Iterator[None]:
    options = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}
    before = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.broker_url, app.conf.broker_transport_options = url, options
    app.pool.force_close_all()
    app.set_current()
    del app.amqp
    try:
        yield
    finally:
        app.conf.broker_url, app.conf.broker_transport_options = before
        del app.amqp


def handed_in() -> tuple[float, Attempt, int]:
    """How long handing in takes, the attempt, and what the page answered."""
    quiz = sitting()
    now = timezone.now()
    quiz.offer.opens_at, quiz.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    quiz.offer.save()
    attempt = quiz.begin(at=now)
    client = Client()
    client.force_login(quiz.student)
    begun = time.monotonic()
    status = client.post(quiz.url("submit"), {"attempt": attempt.pk}, headers=PIECE).status_code
    took = time.monotonic() - begun
    attempt.refresh_from_db()
    return took, attempt, status


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("frozen", [True, False])
def test_handing_in_does_not_wait_for_a_redis_that_is_away(frozen):
    with frozen_redis() as url, broker_at(url if frozen else "redis://127.0.0.1:1/0"):
        took, attempt, status = handed_in()

    assert (status, attempt.state) == (200, "submitted")
    assert took < 2


@pytest.mark.django_db
def test_job_that_nobody_was_told_of_is_found_by_the_sweeper(monkeypatch, django_capture_on_commit_callbacks):
    def away(*_given, **_more):
        raise ConnectionError("away")

    monkeypatch.setattr("blendedu.journal.tasks.run_job.apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("grade-attempt", 999_999, at=timezone.now())
    told: list[int] = []
    monkeypatch.setattr("blendedu.journal.tasks.run_job.apply_async", lambda args, **_more: told.append(args[0]))

    jobs.sweep(at=job.created_at + jobs.PUBLISH_AGAIN_AFTER)

    assert told == [job.pk]
    assert Job.objects.get().state == "waiting"


def test_after_one_refusal_the_broker_is_left_alone_for_some_seconds(monkeypatch):
    tried = []

    def away(*_given, **_more):
        tried.append(1)
        raise ConnectionError("away")

    monkeypatch.setattr("blendedu.journal.tasks.run_job.apply_async", away)

    for number in range(5):
        jobs._wake(number, "grade-attempt", number)

    assert len(tried) == 1


def test_production_waits_for_no_redis_longer_than_a_second():
    if not product.REDIS_URL:
        pytest.skip("The settings of Redis are read where there is one: REDIS_URL.")
    options = product.CELERY_BROKER_TRANSPORT_OPTIONS

    assert options["socket_connect_timeout"] + product.CACHES["default"]["OPTIONS"]["socket_timeout"] < 2
    assert options["socket_timeout"] + product.CACHES["default"]["OPTIONS"]["socket_timeout"] < 2
