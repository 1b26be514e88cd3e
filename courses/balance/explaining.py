"""Explain a number, and put two balances side by side.

"Physical 27%" opens to exactly the activities and minutes that make it, with the rule by which they are counted; so no
figure has to be believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blendedu.kit.shares import percentages
from courses.balance.weighing import (
    DIMENSIONS,
    Balance,
    Dimension,
    Part,
    UnknownSlice,
    dimensions_of,
    weeks_of,
)
from courses.facts import Plan, PlannedActivity, half_up
from courses.words import gettext_noop

RULES_OF_COUNTING: Mapping[str, str] = {
    "environment": gettext_noop(
        "Each activity counts in full in its own environment. Hybrid is an environment of its own: "
        "it is not divided over digital, physical and workplace."
    ),
    "timing": gettext_noop("Together means all at the same time, on campus or online. All the rest is own time."),
    "learning_type": gettext_noop(
        "Each activity counts for its main learning type. Where it has a second type, that type gets its share of the "
        "minutes, rounded to whole minutes, and the main type gets the rest."
    ),
    "grouping": gettext_noop("Each activity counts in full for the way in which students work in it."),
    "guidance": gettext_noop("Each activity counts in full for whoever guides students while they work."),
    "feedback": gettext_noop("Each activity counts in full for whoever gives feedback on it."),
    "place": gettext_noop("Each activity counts in full for the place where students are."),
    "moment": gettext_noop("Each activity counts in full for its column on the board: before, together or after."),
    "week": gettext_noop("All activities placed in this week, required and optional."),
    "total": gettext_noop("All activities placed in a week, required and optional. The shelf does not count."),
}
"""How each number is counted, in a sentence shown beside it."""


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """An activity behind a number: what it brings, and how long it is as a whole."""

    placement_id: int
    title: str
    week: int
    minutes: int
    of_minutes: int
    minutes_low: int | None = None  # what it brings at least and at most, where it has a range
    minutes_high: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a number is what it is: rows that add up to it, and the rule that it is counted by."""

    dimension: str
    value: str
    rows: tuple[ExplanationRow, ...]
    unestimated: tuple[ExplanationRow, ...]
    minutes: int
    low: int
    high: int
    of_minutes: int
    share: float
    percent: int
    rule: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One value before and after, side by side."""

    dimension: str
    value: str
    before_minutes: int
    after_minutes: int
    before_percent: int
    after_percent: int

    @property
    def difference(self) -> int:
        """Minutes gained (or, below zero, lost)."""
        return self.after_minutes - self.before_minutes


def explain(plan: Plan, dimension: str, value: str) -> Explanation:
    """List exactly the activities and minutes behind a number.

    `dimension` is one of `DIMENSIONS`, or "week" with a week's number, or "total" (whatever the value).
    """
    placed = plan.placed
    if dimension == "total":
        parts = [Part(activity.placement_id, activity.counted_minutes) for activity in placed]
        percent = 100 if any(part.minutes for part in parts) else 0
    elif dimension == "week":
        if value not in {str(week.number) for week in plan.weeks}:
            raise UnknownSlice(f"week: {value}")
        parts = [Part(a.placement_id, a.counted_minutes) for a in placed if str(a.week) == value]
        weeks = weeks_of(plan, placed)
        shown = dict(zip((str(week.number) for week in weeks), percentages([w.minutes for w in weeks]), strict=True))
        percent = shown[value]
    elif dimension in DIMENSIONS:
        piece = dimensions_of(placed)[dimension][value]
        parts, percent = list(piece.parts), piece.percent
    else:
        raise UnknownSlice(dimension)
    return _explanation(placed, dimension, value, parts, percent)


def compare(before: Balance, after: Balance) -> tuple[ComparedRow, ...]:
    """Put two balances side by side for a reviewer: the total, the weeks, then every value that either uses."""
    rows = [
        ComparedRow(
            "total", "", before.minutes, after.minutes, 100 if before.minutes else 0, 100 if after.minutes else 0
        )
    ]
    rows += _compared("week", _by_week(before), _by_week(after))
    for name in DIMENSIONS:
        rows += _compared(name, _by_value(before[name]), _by_value(after[name]))
    return tuple(rows)


def _by_week(balance: Balance) -> dict[str, tuple[int, int]]:
    shown = percentages([week.minutes for week in balance.weeks])
    return {str(week.number): (week.minutes, percent) for week, percent in zip(balance.weeks, shown, strict=True)}


def _by_value(dimension: Dimension) -> dict[str, tuple[int, int]]:
    return {piece.value: (piece.minutes, piece.percent) for piece in dimension.used}


def _compared(
    dimension: str, before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> list[ComparedRow]:
    if dimension == "week":
        values = sorted({*before, *after}, key=int)
    else:
        known = DIMENSIONS[dimension]
        values = [value for value in known if value in before or value in after]
        values += sorted(({*before, *after}) - set(known))
    rows = []
    for value in values:
        old_minutes, old_percent = before.get(value, (0, 0))
        new_minutes, new_percent = after.get(value, (0, 0))
        rows.append(ComparedRow(dimension, value, old_minutes, new_minutes, old_percent, new_percent))
    return rows


def _explanation(
    placed: Sequence[PlannedActivity], dimension: str, value: str, parts: Sequence[Part], percent: int
) -> Explanation:
    minutes_of = {part.placement_id: part.minutes for part in parts}
    rows, unestimated = [], []
    for activity in placed:
        if activity.placement_id not in minutes_of:
            continue
        minutes = minutes_of[activity.placement_id]
        low, high = _brought(activity, minutes)
        row = ExplanationRow(
            activity.placement_id,
            activity.title,
            activity.week or 0,
            minutes,
            activity.counted_minutes,
            minutes_low=low if low < high else None,
            minutes_high=high if low < high else None,
        )
        if activity.minutes is None:
            unestimated.append(row)
        elif minutes:
            rows.append(row)
    minutes = sum(row.minutes for row in rows)
    total = sum(activity.counted_minutes for activity in placed)
    return Explanation(
        dimension=dimension,
        value=value,
        rows=tuple(rows),
        unestimated=tuple(unestimated),
        minutes=minutes,
        low=sum(row.minutes if row.minutes_low is None else row.minutes_low for row in rows),
        high=sum(row.minutes if row.minutes_high is None else row.minutes_high for row in rows),
        of_minutes=total,
        share=minutes / total if total else 0.0,
        percent=percent,
        rule=RULES_OF_COUNTING[dimension],
    )


def _brought(activity: PlannedActivity, minutes: int) -> tuple[int, int]:
    """The range of what an activity brings: its own, or as much of it as of its minutes."""
    whole = activity.counted_minutes
    if minutes == whole or not whole:
        return activity.minutes_range
    low, high = (half_up(bound * minutes, whole) for bound in activity.minutes_range)
    return low, high
