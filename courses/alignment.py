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


class Mismatch(StrEnum):
    """How the level of an outcome and the levels of what serves it can differ."""

    ASSESSED_BELOW = "assessed_below"  # the outcome says "evaluate", the test asks "remember"
    PRACTISED_BELOW = "practised_below"  # nothing prepares for it on its own level or the one below


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome and the placements that serve it.

    `practised_levels` and `assessed_levels` are in the order of `practised_by` and `assessed_by`; None where nobody has
    said on which level.
    """

    outcome: PlannedOutcome
    practised_by: tuple[int, ...]
    assessed_by: tuple[int, ...]
    summative_by: tuple[int, ...]
    weeks: tuple[int, ...]
    practised_levels: tuple[int | None, ...] = ()
    assessed_levels: tuple[int | None, ...] = ()

    @property
    def is_practised(self) -> bool:
        """Whether students meet it anywhere else than in a marked test."""
        return bool(self.practised_by)

    @property
    def is_assessed(self) -> bool:
        """Whether anything shows that they reached it, marked or not."""
        return bool(self.assessed_by)

    @property
    def assessed_level(self) -> int | None:
        """The highest level on which it is assessed, as far as anybody has said."""
        return _highest(self.assessed_levels)

    @property
    def practised_level(self) -> int | None:
        """The highest level on which it is practised, as far as anybody has said."""
        return _highest(self.practised_levels)

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Where levels do not fit (rule C15); nothing is guessed where a level is not said.

        It is assessed below its level when no assessment reaches it, and practised below when no activity reaches the
        level before it (Biggs, Enhancing teaching through constructive alignment, 1996; the distance of one level is a
        rule of thumb).
        """
        level = self.outcome.level
        if level is None:
            return ()
        found = []
        if _all_below(self.assessed_levels, level):
            found.append(Mismatch.ASSESSED_BELOW)
        if _all_below(self.practised_levels, level - 1):
            found.append(Mismatch.PRACTISED_BELOW)
        return tuple(found)


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
    practising = [activity for activity in activities if activity.assessment != "summative"]
    assessing = [activity for activity in activities if activity.is_assessed]
    return OutcomeRow(
        outcome=outcome,
        practised_by=tuple(activity.placement_id for activity in practising),
        assessed_by=tuple(activity.placement_id for activity in assessing),
        summative_by=tuple(a.placement_id for a in assessing if a.assessment == "summative"),
        weeks=tuple(sorted({a.week for a in activities if a.week is not None})),
        practised_levels=tuple(activity.level_for(outcome.id) for activity in practising),
        assessed_levels=tuple(activity.level_for(outcome.id) for activity in assessing),
    )


def _highest(levels: tuple[int | None, ...]) -> int | None:
    return max((level for level in levels if level is not None), default=None)


def _all_below(levels: tuple[int | None, ...], level: int) -> bool:
    return bool(levels) and all(each is not None and each < level for each in levels)
