"""The outcomes page: what students will be able to do, where they practise it and how it is assessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities import registry
from courses.alignment import Counting, align, minutes_by_outcome

if TYPE_CHECKING:
    from courses.alignment import OutcomeRow
    from courses.facts import Plan, PlannedActivity, PlannedOutcome


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome with its figures."""

    outcome: PlannedOutcome
    row: OutcomeRow
    minutes: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An activity and, per outcome, whether it serves it: practises, formative, summative or empty."""

    activity: PlannedActivity
    icon: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """All of it."""

    outcomes: tuple[Outcome, ...]
    matrix: tuple[MatrixRow, ...]
    unserved_minutes: int
    unserved_count: int


def outcomes_page(plan: Plan) -> OutcomesPage:
    """From a plan that was read; no query of its own. Minutes are shared, so that they add up to the course."""
    alignment = align(plan)
    minutes = minutes_by_outcome(plan, Counting.SHARE)
    order = [row.outcome.id for row in alignment.rows]
    return OutcomesPage(
        outcomes=tuple(Outcome(row.outcome, row, minutes[row.outcome.id]) for row in alignment.rows),
        matrix=tuple(
            MatrixRow(
                activity=activity,
                icon=_icon(activity.type_key),
                cells=tuple(_sign(activity) if pk in activity.outcome_ids else "" for pk in order),
            )
            for activity in plan.placed
        ),
        unserved_minutes=alignment.orphan_minutes,
        unserved_count=len(alignment.orphans),
    )


def _sign(activity: PlannedActivity) -> str:
    return activity.assessment if activity.is_assessed else "practises"


def _icon(type_key: str) -> str:
    try:
        return registry.get(type_key).icon
    except registry.UnknownType:
        return "circle-help"
