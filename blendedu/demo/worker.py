"""What the worker has done by now: jobs that were due, mails that went out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from blendedu.journal.models import Job, Notice
from blendedu.journal.services import jobs

MOMENT = timedelta(seconds=2)
UNREAD = 3  # the newest notices of a person that nobody has opened yet


def work_off(now: datetime) -> None:
    """Do each job a moment after it was due, as the worker would have; what is due later waits for the real one."""
    due = Job.objects.filter(state=Job.State.WAITING, due_at__lte=now - MOMENT).order_by("due_at", "pk")
    for job in list(due):
        jobs.run(job.pk, job.kind, job.ref, at=job.due_at + MOMENT)


def settle_notices() -> None:
    """The mails went out when they were due, and people have read all but their newest notices."""
    Notice.objects.exclude(mail=Notice.Mail.NONE).update(mail=Notice.Mail.SENT, mailed_at=F("created_at"))
    newest: dict[int, list[int]] = {}
    for pk, reader in Notice.objects.order_by("-created_at", "-pk").values_list("pk", "recipient_id"):
        newest.setdefault(reader, []).append(pk)
    unread = [pk for pks in newest.values() for pk in pks[:UNREAD]]
    Notice.objects.exclude(pk__in=unread).update(read_at=F("created_at") + timedelta(hours=2))
