"""Feedback of a large course that is being released while its worker dies: nothing is lost, nobody is told twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from activities.models import Attempt, Progress
from blendedu.journal.models import Entry, Job, Notice
from blendedu.journal.services import jobs
from courses.queries.feedback import draft_ids
from courses.services import feedback
from courses.services.feedback import RELEASED_AT_ONCE
from tests.factories import ActivityFactory, MembershipFactory, RunOfferFactory, UserFactory
from tests.processes import Worker, wait_until
from tests.services.test_grading_survives import LATER, time_passes

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

PIECES = 3
COUNT = PIECES * RELEASED_AT_ONCE


def released() -> int:
    return Attempt.objects.filter(released_at__isnull=False).count()


def drafts() -> RunOfferFactory:
    row = RunOfferFactory(activity=ActivityFactory(type_key="upload", config={"max_points": 10}))
    now = timezone.now()
    members = MembershipFactory.create_batch(COUNT, cohort=row.run.cohort)
    about = {"state": "graded", "started_at": now, "submitted_at": now, "points": 5, "max_points": 10}
    Attempt.objects.bulk_create(Attempt(offer=row.offer, user=member.user, **about) for member in members)
    return row


class Blocked:
    """Holds the notice of one submission unsaid, so that whoever releases it waits with everything else written."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.held, self.free = Event(), Event()
        self.thread = Thread(target=self.hold)

    def hold(self) -> None:
        try:
            with transaction.atomic():
                cause = f"attempt-released:{self.attempt.pk}"
                Notice.objects.create(recipient=self.attempt.user, cause=cause, title="x", created_at=timezone.now())
                self.held.set()
                self.free.wait(60)
                transaction.set_rollback(True)
        finally:
            connection.close()

    def __enter__(self) -> Blocked:
        self.thread.start()
        assert self.held.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self.free.set()
        self.thread.join()


def waiting() -> int:
    """How many connections wait for a lock; that of a worker that was killed goes on waiting, and then gives up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


# F21, F26: kill -9 in the middle of a piece, when its notices are being written; again when it is tried again.
def test_worker_killed_while_it_releases_loses_nothing_and_tells_nobody_twice(real_worker: Worker):
    row = drafts()
    ids = draft_ids(row.offer.pk)
    third = Attempt.objects.select_related("user").get(pk=ids[2 * RELEASED_AT_ONCE + 7])

    with Blocked(third):
        feedback.release_feedback(row.offer, ids, by=UserFactory(), at=timezone.now())
        for turn in (1, 2):
            wait_until(lambda turn=turn: waiting() >= turn, seconds=60, what="the third piece to be half done")
            real_worker.kill()
            assert (released(), Notice.objects.count()) == (2 * RELEASED_AT_ONCE, 2 * RELEASED_AT_ONCE)
            time_passes()
            real_worker.start()
            jobs.sweep(at=timezone.now() + LATER)

    def all_done() -> bool:
        jobs.sweep(at=timezone.now() + LATER)
        return not Job.objects.exclude(state=Job.State.DONE).exists()

    wait_until(all_done, seconds=60, what="the rest")
    assert released() == COUNT
    assert Counter(Notice.objects.values_list("cause", flat=True)) == {f"attempt-released:{pk}": 1 for pk in ids}
    assert Progress.objects.filter(offer=row.offer, state="done", points=5).count() == COUNT
    assert Entry.objects.filter(verb="feedback.released").count() == 1


# Two workers on one piece, as after a lease that ran out too early: the second finds it done.
def test_piece_in_two_hands_at_once_is_released_once(real_worker: Worker):
    row = drafts()
    ids = draft_ids(row.offer.pk)
    first = Attempt.objects.select_related("user").get(pk=ids[3])

    with Blocked(first):
        feedback.release_feedback(row.offer, ids, by=UserFactory(), at=timezone.now())
        wait_until(waiting, seconds=60, what="the first piece to be half done")
        time_passes()
        jobs.sweep(at=timezone.now() + LATER)
        wait_until(lambda: Job.objects.filter(tries=2).exists(), seconds=30, what="the other worker")

    def all_done() -> bool:
        jobs.sweep(at=timezone.now() + timedelta(minutes=2))
        return not Job.objects.exclude(state=Job.State.DONE).exists()

    wait_until(all_done, seconds=60, what="the rest")
    assert (released(), Notice.objects.count()) == (COUNT, COUNT)
