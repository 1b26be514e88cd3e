"""What the worker is woken up for. No logic here: each task calls one service."""

from __future__ import annotations

from celery import shared_task
from django.db.utils import OperationalError
from django.utils import timezone


@shared_task(
    name="journal.run_job",
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=5,
    # A job is short, or it is divided. Its lease outlasts this, and a dead worker's job is soon free again.
    soft_time_limit=25,
    time_limit=30,
)
def run_job(job_id: int, kind: str, ref: int, place: int = 0) -> None:
    from blendedu.journal.services import jobs, wakes  # noqa: PLC0415 -- leaf

    wakes.heard(jobs.WAKE, place)
    jobs.run(job_id, kind, ref, at=timezone.now())
    jobs.work_off(place)


@shared_task(name="journal.sweep")
def sweep() -> None:
    from blendedu.journal.services import jobs, notices  # noqa: PLC0415 -- leaf

    jobs.sweep(at=timezone.now())
    notices.mail_due(at=timezone.now())


@shared_task(name="journal.mail_due")
def mail_due() -> None:
    from blendedu.journal.services import notices, wakes  # noqa: PLC0415 -- leaf

    wakes.heard(notices.WAKE, 0)
    notices.mail_due(at=timezone.now())


@shared_task(name="journal.send_digests")
def send_digests() -> None:
    from blendedu.journal.services import notices  # noqa: PLC0415 -- leaf

    notices.send_digests(at=timezone.now())


@shared_task(name="journal.tidy")
def tidy() -> None:
    from blendedu.journal.services import jobs  # noqa: PLC0415 -- leaf

    jobs.tidy(at=timezone.now())
