"""Jobs: written with their cause, done once.

The row is the truth and the broker only wakes a worker up. A worker claims the row with one conditional UPDATE; doing
the work and marking it done is one transaction, which is refused when the lease has gone to somebody else (fencing).
A worker that is woken up works off whatever is waiting; while a message is on its way, no other is sent (see wakes.py).
Whatever is due or stuck is picked up by `sweep`. See docs/decisions/0004-jobs-live-in-the-database.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from blendedu.journal import work
from blendedu.journal.models import Job
from blendedu.journal.services import wakes
from blendedu.kit.prepared import prepared
from blendedu.kit.writes import change, insert

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=40)  # longer than the time limit of tasks.run_job, so a living worker is never overtaken
# A message works off whatever waits, and only a few are sent at once, so a backlog does not publish itself again.
PUBLISH_AGAIN_AFTER = LEASE
TRIES_MAX = 6
SWEEP_AT_MOST = 500
WAKE = "jobs"
AT_ONCE = 20  # jobs looked up at once when a worker works off what waits
WORK_OFF = timedelta(seconds=5)


class LeaseLost(Exception):
    """Somebody else has the job now; what this worker did is rolled back."""


def enqueue(kind: str, ref: int, *, at: datetime, due_at: datetime | None = None) -> Job:
    """Write down work to be done, in the caller's transaction, and wake a worker after the commit.

    With `due_at` in the future nobody is woken: the sweeper does that when the time has come.
    """
    waits = due_at is not None and due_at > at
    job = Job(kind=kind, ref=ref, due_at=due_at or at, created_at=at, published_at=None if waits else at)
    insert(job)
    if not waits:
        transaction.on_commit(partial(_wake, job.pk, kind, ref))
    return job


def _wake(job_id: int, kind: str, ref: int) -> None:
    from blendedu.journal import tasks  # noqa: PLC0415 -- leaf

    place = wakes.take(WAKE, job_id)
    if place is None:
        return
    try:
        tasks.run_job.apply_async((job_id, kind, ref, place), retry=False)
    except Exception as error:  # noqa: BLE001 -- whatever the broker raises, the row is there and the sweeper finds it
        wakes.unsent(WAKE, place)
        logger.warning("The broker took no message; the sweeper will.", job=job_id, kind=kind, error=str(error))


# COST: every job needs both, and with the ORM they took as long as grading a quiz.
_CLAIM = """
    UPDATE journal_job SET lease = %s, lease_until = %s, tries = tries + 1
    WHERE id = %s AND state = 'waiting' AND (lease_until IS NULL OR lease_until <= %s)
"""
_FINISH = """
    UPDATE journal_job SET state = 'done', finished_at = %s, lease_until = NULL, error = ''
    WHERE id = %s AND lease = %s AND state = 'waiting'
"""


def run(job_id: int, kind: str, ref: int, *, at: datetime) -> bool:
    """Do one job, unless it is done or in somebody else's hands. Answers whether it was done here."""
    lease = uuid4().hex
    # RACE: the claim. Of two workers that got the same message, one changes the row.
    if not change(_CLAIM, [lease, at + LEASE, job_id, at]):
        return False
    try:
        with transaction.atomic():
            work.of(kind)(ref, at)
            if not change(_FINISH, [timezone.now(), job_id, lease]):
                raise LeaseLost
    except LeaseLost:
        logger.warning("The lease went to another worker; this work is dropped.", job=job_id, kind=kind, ref=ref)
        return False
    except Exception as error:
        logger.exception("A job failed.", job=job_id, kind=kind, ref=ref)
        _note_failure(job_id, lease, error)
        return False
    return True


def work_off(place: int, *, clock: Callable[[], datetime] = timezone.now) -> int:
    """Do whatever else is waiting, for some seconds. Answers how many jobs were done here.

    Whoever calls it has said `wakes.heard` before, so that a job which comes while this looks sends a message again.
    """
    ends, done, called = clock() + WORK_OFF, 0, False
    while True:
        waiting = _waiting(clock())
        full = len(waiting) == AT_ONCE
        if full and not called:
            # More than a moment's work: another worker process takes the other end of it.
            _wake(*waiting[-1])
            called = True
        for pk, kind, ref in reversed(waiting) if place % 2 else waiting:
            now = clock()
            if now >= ends:
                # Other messages get their turn; this one goes to the end of the queue.
                _wake(pk, kind, ref)
                return done
            done += run(pk, kind, ref, at=now)
        if not full:
            return done


@prepared
def _waiting(at: datetime) -> QuerySet[Job, tuple[int, str, int]]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    rows = Job.objects.filter(free, state=Job.State.WAITING, due_at__lte=at).order_by("due_at", "pk")
    return rows.values_list("pk", "kind", "ref")[:AT_ONCE]


def _note_failure(job_id: int, lease: str, error: Exception) -> None:
    now = timezone.now()
    held = Job.objects.filter(pk=job_id, lease=lease)
    tries = held.values_list("tries", flat=True).first() or 0
    if tries >= TRIES_MAX:
        held.update(state=Job.State.FAILED, finished_at=now, lease_until=None, error=repr(error)[:2000])
        return
    pause = timedelta(seconds=min(5 * 2**tries, 600))
    held.update(due_at=now + pause, published_at=None, lease_until=None, lease="", error=repr(error)[:2000])


def sweep(*, at: datetime) -> int:
    """Wake workers for whatever is due and was never announced, or was announced and then lost. Answers how many."""
    stuck = Q(published_at__isnull=True) | Q(published_at__lte=at - PUBLISH_AGAIN_AFTER)
    # A worker took it and died: nobody else will come for it. Once is enough, or a backlog would be doubled.
    orphaned = Q(lease_until__lte=at, published_at__lt=F("lease_until"))
    due = (
        Job.objects.filter(state=Job.State.WAITING, due_at__lte=at)
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lte=at))
        .filter(stuck | orphaned)
        .order_by("due_at")
        .values_list("pk", "kind", "ref")[:SWEEP_AT_MOST]
    )
    jobs = list(due)
    Job.objects.filter(pk__in=[pk for pk, _kind, _ref in jobs]).update(published_at=at)
    if jobs:
        wakes.free(WAKE)  # what was under way may be what was lost
    for pk, kind, ref in jobs:
        _wake(pk, kind, ref)
    return len(jobs)


def tidy(*, at: datetime, keep: timedelta = timedelta(days=14)) -> int:
    """Drop jobs that were done long ago; failed ones stay until somebody has looked at them."""
    dropped, _by_model = Job.objects.filter(state=Job.State.DONE, finished_at__lt=at - keep).delete()
    return dropped
