"""What is in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any  # Any: what an entry holds as JSON

from django.db.models import Count, Exists, OuterRef

from blendedu.journal.models import Entry, Job, Notice
from blendedu.kit.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from blendedu.people.models import User


def unread_count(user: User) -> int:
    """How many notices this person has not read."""
    counted = _unread.first(user.pk)
    return counted[0] if counted else 0


@prepared
def _unread(user: int) -> QuerySet[Notice, tuple[int]]:
    # COST: the bell of every page.
    unread = Notice.objects.filter(recipient=user, read_at__isnull=True).order_by()
    return unread.values("recipient").annotate(count=Count("pk")).values_list("count")


def notices_of(user: User) -> QuerySet[Notice]:
    """The notices of this person, newest first."""
    return Notice.objects.filter(recipient=user).order_by("-created_at", "-pk")


def entries_of(subject: str, subject_id: int) -> QuerySet[Entry]:
    """What happened to one thing, newest first, with who did it."""
    return Entry.objects.filter(subject=subject, subject_id=subject_id).select_related("actor").order_by("-at", "-pk")


def carried_out(kind: str, subject: str, subject_id: int) -> list[tuple[Mapping[str, Any], bool]]:
    """The details of what was decided about a thing and is carried out by a job of this kind, oldest first; one query.

    The job names the entry (`ref`). What is done is not among them; what was given up comes with False.
    """
    jobs = Job.objects.filter(kind=kind, ref=OuterRef("pk"))
    waits, failed = Exists(jobs.filter(state=Job.State.WAITING)), Exists(jobs.filter(state=Job.State.FAILED))
    rows = Entry.objects.filter(waits | failed, subject=subject, subject_id=subject_id).annotate(going_on=waits)
    return list(rows.order_by("pk").values_list("details", "going_on"))


def oldest_due(at: datetime) -> datetime | None:
    """When the longest waiting job became due; None when nothing waits."""
    waiting = Job.objects.filter(state=Job.State.WAITING, due_at__lte=at)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()
