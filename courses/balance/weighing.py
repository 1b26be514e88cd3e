"""Weigh a plan: where, when, how and with whom students spend their time.

One function weighs a plan; chart, table, findings, policy and the student's load are read from its result, so they
cannot disagree. Every share knows the activities that make it, and shown percentages add up to 100 (largest
remainder). Nothing here is a score: there is no good or bad blend, only a profile (review-rules, closing remark).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from blendedu.kit.shares import percentages
from courses.facts import (
    ENVIRONMENTS,
    FEEDBACKS,
    GROUPINGS,
    GUIDANCES,
    LEARNING_TYPES,
    MOMENTS,
    PLACES,
    TIMINGS,
    Plan,
    PlannedActivity,
)

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "environment": ENVIRONMENTS,
    "timing": TIMINGS,
    "learning_type": LEARNING_TYPES,
    "grouping": GROUPINGS,
    "guidance": GUIDANCES,
    "feedback": FEEDBACKS,
    "place": PLACES,
    "moment": MOMENTS,
}
"""What a plan is weighed by, each with its values in the order in which they are shown."""


class UnknownSlice(LookupError):
    """Asked to explain a number that no plan has."""


class LoadVerdict(StrEnum):
    """How the planned study load compares with the credits."""

    UNDER = "under"
    FITS = "fits"
    OVER = "over"
    NO_CREDITS = "no_credits"


@dataclass(frozen=True, slots=True)
class Part:
    """The minutes that one activity brings to a sum."""

    placement_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a dimension: its minutes, its exact share (0 to 1), the percentage as shown, and what makes it."""

    value: str
    minutes: int
    share: float
    percent: int
    parts: tuple[Part, ...]

    @property
    def used(self) -> bool:
        """Whether any activity has this value, estimated or not."""
        return bool(self.parts)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A plan weighed one way. All slices together are exactly the total."""

    name: str
    slices: tuple[Slice, ...]

    @property
    def used(self) -> tuple[Slice, ...]:
        """The slices that some activity has: what a legend names."""
        return tuple(piece for piece in self.slices if piece.used)

    def __getitem__(self, value: str) -> Slice:
        for piece in self.slices:
            if piece.value == value:
                return piece
        raise UnknownSlice(f"{self.name}: {value}")


@dataclass(frozen=True, slots=True)
class Cell:
    """The minutes of a week in one environment and timing: one block of the rhythm chart and of the blend bar."""

    environment: str
    timing: str
    minutes: int
    percent: int


@dataclass(frozen=True, slots=True)
class WeekBalance:
    """A week on the board: its total, its blend, its three moments."""

    number: int
    title: str
    teaching: bool
    minutes: int
    cells: tuple[Cell, ...]
    moments: Mapping[str, int]
    activity_count: int
    unestimated_count: int
    # The least and the most that it may take, by timing; twice the same where no activity has a range.
    ranges: Mapping[str, tuple[int, int]]

    @property
    def low(self) -> int:
        """The least that the week may take."""
        return sum(low for low, _high in self.ranges.values())

    @property
    def high(self) -> int:
        """The most that the week may take."""
        return sum(high for _low, high in self.ranges.values())

    def minutes_of(self, environment: str, timing: str) -> int:
        """The minutes of one block, 0 if there is none."""
        return sum(c.minutes for c in self.cells if c.environment == environment and c.timing == timing)

    def minutes_at(self, timing: str) -> int:
        """The minutes together, or in own time."""
        return sum(cell.minutes for cell in self.cells if cell.timing == timing)


@dataclass(frozen=True, slots=True)
class CreditLoad:
    """Planned study time beside what the credits stand for.

    A credit is 25 to 30 hours of work of a typical student, everything included (ECTS Users' Guide, 2015).
    The last three figures place the gauge on a scale from 0 to 100, with some air on the right.
    """

    planned: int
    low: int
    high: int
    verdict: LoadVerdict
    planned_mark: float
    low_mark: float
    high_mark: float

    @property
    def missing(self) -> int:
        """Minutes short of the lowest that the credits stand for."""
        return max(0, self.low - self.planned)

    @property
    def excess(self) -> int:
        """Minutes beyond the highest that the credits stand for."""
        return max(0, self.planned - self.high)


@dataclass(frozen=True, slots=True)
class Balance:
    """Everything that is shown about the balance of one design.

    `low` and `high` are the least and the most that all may take; both are `minutes` where no activity has a range.
    """

    minutes: int
    low: int
    high: int
    optional_minutes: int
    activity_count: int
    dimensions: Mapping[str, Dimension]
    weeks: tuple[WeekBalance, ...]
    load: CreditLoad
    unestimated: tuple[int, ...]

    def __getitem__(self, dimension: str) -> Dimension:
        try:
            return self.dimensions[dimension]
        except KeyError:
            raise UnknownSlice(dimension) from None

    @property
    def fullest_week(self) -> WeekBalance | None:
        """The week with most minutes; the first of them if several are equal; None while nothing is planned."""
        fullest = max(self.weeks, key=lambda week: week.minutes, default=None)
        return fullest if fullest is not None and fullest.minutes else None

    def week(self, number: int) -> WeekBalance:
        """The balance of one week."""
        for week in self.weeks:
            if week.number == number:
                return week
        raise UnknownSlice(f"week: {number}")


def weigh(plan: Plan) -> Balance:
    """Weigh a plan. The shelf does not count, nor do activities without minutes; those are listed."""
    placed = plan.placed
    total = sum(activity.counted_minutes for activity in placed)
    low, high = range_of(placed)
    return Balance(
        minutes=total,
        low=low,
        high=high,
        optional_minutes=sum(activity.counted_minutes for activity in placed if not activity.required),
        activity_count=len(placed),
        dimensions=dimensions_of(placed),
        weeks=weeks_of(plan, placed),
        load=_credit_load(plan, total),
        unestimated=tuple(activity.placement_id for activity in placed if activity.minutes is None),
    )


def range_of(placed: Iterable[PlannedActivity]) -> tuple[int, int]:
    """The least and the most that these activities may take together: all short, or all long."""
    low = high = 0
    for activity in placed:
        least, most = activity.minutes_range
        low, high = low + least, high + most
    return low, high


def dimensions_of(placed: Iterable[PlannedActivity]) -> dict[str, Dimension]:
    """Weigh activities by every dimension; each activity falls into exactly one slice, or two by learning type."""
    sums: dict[str, dict[str, list[Part]]] = {name: {v: [] for v in values} for name, values in DIMENSIONS.items()}
    for activity in placed:
        whole = Part(activity.placement_id, activity.counted_minutes)
        for name, value in (
            ("environment", activity.environment),
            ("timing", activity.timing),
            ("grouping", activity.grouping),
            ("guidance", activity.guidance),
            ("feedback", activity.feedback_by),
            ("place", activity.place),
            ("moment", activity.moment),
        ):
            # A value that this version does not know keeps a slice of its own: minutes are never lost from a sum.
            sums[name].setdefault(value, []).append(whole)
        for value, minutes in activity.minutes_by_type():
            sums["learning_type"].setdefault(value, []).append(Part(activity.placement_id, minutes))
    return {name: _dimension(name, parts) for name, parts in sums.items()}


def _dimension(name: str, parts_of: Mapping[str, list[Part]]) -> Dimension:
    minutes = [sum(part.minutes for part in parts) for parts in parts_of.values()]
    total = sum(minutes)
    slices = (
        Slice(value, amount, amount / total if total else 0.0, percent, tuple(parts))
        for (value, parts), amount, percent in zip(parts_of.items(), minutes, percentages(minutes), strict=True)
    )
    return Dimension(name, tuple(slices))


def weeks_of(plan: Plan, placed: Iterable[PlannedActivity]) -> tuple[WeekBalance, ...]:
    """Weigh each week of the board, also those in which nothing happens."""
    by_week: dict[int, list[PlannedActivity]] = {week.number: [] for week in plan.weeks}
    for activity in placed:
        if activity.week is not None:
            by_week[activity.week].append(activity)
    balances = []
    for week in sorted(plan.weeks, key=lambda week: week.number):
        activities = by_week[week.number]
        moments = dict.fromkeys(MOMENTS, 0)
        for activity in activities:
            moments[activity.moment] = moments.get(activity.moment, 0) + activity.counted_minutes
        balances.append(
            WeekBalance(
                number=week.number,
                title=week.title,
                teaching=week.teaching,
                minutes=sum(activity.counted_minutes for activity in activities),
                cells=_cells(activities),
                moments=moments,
                activity_count=len(activities),
                unestimated_count=sum(1 for activity in activities if activity.minutes is None),
                ranges=_ranges(activities),
            )
        )
    return tuple(balances)


def _ranges(activities: Iterable[PlannedActivity]) -> dict[str, tuple[int, int]]:
    ranges = dict.fromkeys(TIMINGS, (0, 0))
    for activity in activities:
        least, most = activity.minutes_range
        low, high = ranges.get(activity.timing, (0, 0))
        ranges[activity.timing] = (low + least, high + most)
    return ranges


def _cells(activities: Iterable[PlannedActivity]) -> tuple[Cell, ...]:
    """Together before own time, environments in their usual order; empty blocks are left out."""
    minutes_of: dict[tuple[str, str], int] = {(e, t): 0 for t in TIMINGS for e in ENVIRONMENTS}
    for activity in activities:
        key = (activity.environment, activity.timing)
        minutes_of[key] = minutes_of.get(key, 0) + activity.counted_minutes
    filled = [(environment, timing, minutes) for (environment, timing), minutes in minutes_of.items() if minutes]
    shown = percentages([minutes for _, _, minutes in filled])
    return tuple(
        Cell(environment, timing, minutes, percent)
        for (environment, timing, minutes), percent in zip(filled, shown, strict=True)
    )


def _credit_load(plan: Plan, planned: int) -> CreditLoad:
    low, high = plan.minutes_for_credits()
    if high <= 0:
        verdict = LoadVerdict.NO_CREDITS
    elif planned < low:
        verdict = LoadVerdict.UNDER
    elif planned > high:
        verdict = LoadVerdict.OVER
    else:
        verdict = LoadVerdict.FITS
    scale = max(high / 0.85, planned / 0.95, 1.0)  # the credits end at 85 of 100, unless more is planned
    return CreditLoad(planned, low, high, verdict, *(round(100 * value / scale, 1) for value in (planned, low, high)))
