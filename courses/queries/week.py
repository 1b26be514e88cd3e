"""What a student's week holds."""

from __future__ import annotations

from dataclasses import dataclass

from courses.models import RunOffer


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The offers before and after one in the same week, for the links at the foot of a page."""

    previous: RunOffer | None
    following: RunOffer | None


_MOMENTS = {"before": 0, "together": 1, "after": 2}


def neighbours_of(run_offer: RunOffer) -> Neighbours:
    """The offers around this one in its week, in the order in which students meet them; one query."""
    rows = list(
        RunOffer.objects.filter(run=run_offer.run_id, week_number=run_offer.week_number).select_related(
            "offer__activity"
        )
    )
    rows.sort(key=lambda row: (_MOMENTS[row.moment], row.position, row.pk))
    place = next((index for index, row in enumerate(rows) if row.pk == run_offer.pk), None)
    if place is None:
        return Neighbours(None, None)
    return Neighbours(
        rows[place - 1] if place > 0 else None,
        rows[place + 1] if place + 1 < len(rows) else None,
    )
