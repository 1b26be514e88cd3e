"""Do outcomes, activities and assessment fit? The matrix behind the outcomes page and two of the review rules.

Constructive alignment: what students should be able to do, what they practise and what is assessed say the same
(Biggs, Enhancing teaching through constructive alignment, 1996).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from courses.facts import Plan, PlannedActivity, PlannedOutcome


class Counting(StrEnum):
    """How the minutes of an activity with several outcomes are counted."""

    SHARE = "share"  # divided over its outcomes: adds up to the course
    TOUCH = "touch"  # in full for each outcome: adds up to more than the course


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome and the placements that serve it."""

    outcome: PlannedOutcome
    practised_by: tuple[int, ...]
    assessed_by: tuple[int, ...]
    summative_by: tuple[int, ...]
    weeks: tuple[int, ...]

    @property
    def is_practised(self) -> bool:
        """Whether students meet it anywhere else than in a marked test."""
        return bool(self.practised_by)

    @property
    def is_assessed(self) -> bool:
        """Whether anything shows that they reached it, marked or not."""
        return bool(self.assessed_by)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The outcomes of a plan with what serves them, and the activities that serve none."""

    rows: tuple[OutcomeRow, ...]
    orphans: tuple[int, ...]
    orphan_minutes: int

    @property
    def not_practised(self) -> tuple[PlannedOutcome, ...]:
        """Outcomes that no activity prepares for."""
        return tuple(row.outcome for row in self.rows if not row.is_practised)

    @property
    def not_assessed(self) -> tuple[PlannedOutcome, ...]:
        """Outcomes of which nobody will know whether they were reached."""
        return tuple(row.outcome for row in self.rows if not row.is_assessed)


def align(plan: Plan) -> Alignment:
    """Match outcomes and placed activities.

    An outcome is practised by an activity that is not summative, and assessed by one that is formative or summative;
    so a formative quiz does both, and a final test alone does not count as practice.
    """
    placed = plan.placed
    known = {outcome.id for outcome in plan.outcomes}
    serving: dict[int, list[PlannedActivity]] = {outcome.id: [] for outcome in plan.outcomes}
    orphans = []
    for activity in placed:
        served = known.intersection(activity.outcome_ids)
        for outcome_id in served:
            serving[outcome_id].append(activity)
        if not served:
            orphans.append(activity)
    return Alignment(
        rows=tuple(_row(outcome, serving[outcome.id]) for outcome in sorted(plan.outcomes, key=lambda o: o.number)),
        orphans=tuple(activity.placement_id for activity in orphans),
        orphan_minutes=sum(activity.counted_minutes for activity in orphans),
    )


def minutes_by_outcome(plan: Plan, counting: Counting = Counting.SHARE) -> Mapping[int | None, int]:
    """Study time per outcome id; None holds the time that serves no outcome.

    Shared minutes are whole and add up to the course: 50 minutes on three outcomes are 17, 17 and 16.
    """
    numbers = {outcome.id: outcome.number for outcome in plan.outcomes}
    minutes: dict[int | None, int] = {outcome.id: 0 for outcome in sorted(plan.outcomes, key=lambda o: o.number)}
    minutes[None] = 0
    for activity in plan.placed:
        served = sorted(set(activity.outcome_ids) & numbers.keys(), key=lambda outcome_id: numbers[outcome_id])
        if not served:
            minutes[None] += activity.counted_minutes
            continue
        each, left = divmod(activity.counted_minutes, len(served))
        for order, outcome_id in enumerate(served):
            if counting is Counting.TOUCH:
                minutes[outcome_id] += activity.counted_minutes
            else:
                minutes[outcome_id] += each + (order < left)
    return minutes


def _row(outcome: PlannedOutcome, activities: list[PlannedActivity]) -> OutcomeRow:
    return OutcomeRow(
        outcome=outcome,
        practised_by=tuple(a.placement_id for a in activities if a.assessment != "summative"),
        assessed_by=tuple(a.placement_id for a in activities if a.is_assessed),
        summative_by=tuple(a.placement_id for a in activities if a.assessment == "summative"),
        weeks=tuple(sorted({a.week for a in activities if a.week is not None})),
    )
