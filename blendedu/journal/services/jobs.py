"""Jobs: written with their cause, done once.

The row is the truth and the broker only wakes a worker up. A worker claims the row with one conditional UPDATE; doing
the work and marking it done is one transaction, which is refused when the lease has gone to somebody else (fencing).
Whatever is due or stuck is picked up by `sweep`. See docs/decisions/0004-jobs-live-in-the-database.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from blendedu.journal import work
from blendedu.journal.models import Job

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=40)  # longer than the time limit of tasks.run_job, so a living worker is never overtaken
# Generous, or a backlog would publish itself again and again while it is being worked off.
PUBLISH_AGAIN_AFTER = timedelta(seconds=60)
TRIES_MAX = 6
SWEEP_AT_MOST = 500


class LeaseLost(Exception):
    """Somebody else has the job now; what this worker did is rolled back."""


def enqueue(kind: str, ref: int, *, at: datetime, due_at: datetime | None = None) -> Job:
    """Write down work to be done, in the caller's transaction, and wake a worker after the commit.

    With `due_at` in the future nobody is woken: the sweeper does that when the time has come.
    """
    waits = due_at is not None and due_at > at
    job = Job.objects.create(kind=kind, ref=ref, due_at=due_at or at, created_at=at, published_at=None if waits else at)
    if not waits:
        transaction.on_commit(partial(_wake, job.pk, kind, ref))
    return job


def _wake(job_id: int, kind: str, ref: int) -> None:
    from blendedu.journal import tasks  # noqa: PLC0415 -- leaf

    try:
        tasks.run_job.apply_async((job_id, kind, ref), retry=False)
    except Exception as error:  # noqa: BLE001 -- whatever the broker raises, the row is there and the sweeper finds it
        logger.warning("The broker took no message; the sweeper will.", job=job_id, kind=kind, error=str(error))


def run(job_id: int, kind: str, ref: int, *, at: datetime) -> bool:
    """Do one job, unless it is done or in somebody else's hands. Answers whether it was done here."""
    lease = uuid4().hex
    # RACE: the claim. Of two workers that got the same message, one changes the row.
    claimed = Job.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=at), pk=job_id, state=Job.State.WAITING
    ).update(lease=lease, lease_until=at + LEASE, tries=F("tries") + 1)
    if not claimed:
        return False
    try:
        with transaction.atomic():
            work.of(kind)(ref, at)
            finished = Job.objects.filter(pk=job_id, lease=lease, state=Job.State.WAITING).update(
                state=Job.State.DONE, finished_at=timezone.now(), lease_until=None, error=""
            )
            if not finished:
                raise LeaseLost
    except LeaseLost:
        logger.warning("The lease went to another worker; this work is dropped.", job=job_id, kind=kind, ref=ref)
        return False
    except Exception as error:
        logger.exception("A job failed.", job=job_id, kind=kind, ref=ref)
        _note_failure(job_id, lease, error)
        return False
    return True


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
    for pk, kind, ref in jobs:
        _wake(pk, kind, ref)
    return len(jobs)


def tidy(*, at: datetime, keep: timedelta = timedelta(days=14)) -> int:
    """Drop jobs that were done long ago; failed ones stay until somebody has looked at them."""
    dropped, _by_model = Job.objects.filter(state=Job.State.DONE, finished_at__lt=at - keep).delete()
    return dropped
