"""How long it took: what students say themselves about what they have done. Nothing is taken from logs of clicks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count

from activities.models import Progress
from activities.services.progress import note_minutes
from courses import workload
from courses.models import ReportedTime

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import RunOffer


class NotDone(Exception):
    """Only who has done it can say how long it took."""


@transaction.atomic
def report_time(run_offer: RunOffer, *, user: User, minutes: int, at: datetime) -> None:
    """Write how long it took a student, and count the median of the card again. Raises NotDone.

    Lecturers see only the median of all, and only from five reports on.
    """
    if not note_minutes(run_offer.offer_id, user.pk, minutes, at=at):
        raise NotDone
    count_again(run_offer, at=at)


def count_again(run_offer: RunOffer, *, at: datetime) -> None:
    """Take the median of what is reported about a card in all runs of its course."""
    course, key = run_offer.run.course_id, run_offer.placement.key
    # RACE: of two students at once, the second waits here for the first, and then counts both.
    row, _made = ReportedTime.objects.select_for_update().get_or_create(
        course_id=course, key=key, defaults={"changed_at": at}
    )
    said = Progress.objects.filter(
        offer__run_offer__run__course=course,
        offer__run_offer__placement__key=key,
        minutes_reported__isnull=False,
        state__in=[Progress.State.SUBMITTED, Progress.State.DONE],
    )
    # COST: as many rows as there are different answers, however many students there are.
    counts = dict(said.order_by().values_list("minutes_reported").annotate(count=Count("pk")))
    row.reports = sum(counts.values())
    row.median = workload.median_of(counts) if counts else 0
    row.changed_at = at
    row.save(update_fields=["reports", "median", "changed_at"])
