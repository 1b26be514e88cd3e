"""When students hear how they are doing: weights that come to 100, and the longest stretch without any feedback.

A design knows weeks and moments, no dates. It is laid on a calendar without holidays that begins on some Monday; where
a run is given, its Mondays, deadlines and holidays are taken instead. Feedback is promised in working days after the
deadline (courses.turnaround).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from courses.calendar import DEFAULT_DAY, SUNDAY
from courses.facts import Plan, PlannedActivity, PlannedOutcome, PlannedWeek
from courses.turnaround import Span, working_day_after

FULL = 100
SOME_MONDAY = date(2001, 1, 1)  # any Monday: a design without a run has places in weeks, no dates
ONE_DAY = timedelta(days=1)
WEEK_DAYS = 7
# The day of its week on which something is due; courses.calendar says the same of a run without sessions.
DUE_DAYS: Mapping[str, int] = {"before": DEFAULT_DAY, "together": DEFAULT_DAY, "after": SUNDAY}


# --- Weights ------------------------------------------------------------------------------------------------------


class WeightState(StrEnum):
    """How the weights of a design stand."""

    NOTHING = "nothing"  # nothing counts for the result yet
    SHORT = "short"
    FULL = "full"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts for the result of the course, added up."""

    total: int
    summative: tuple[PlannedActivity, ...]
    weightless: tuple[PlannedActivity, ...]  # count for the result, but nobody has said how much
    formative: tuple[PlannedActivity, ...]  # have a weight although they do not count for the result
    shelved: tuple[PlannedActivity, ...]  # have a weight but no week, so they are not in the total

    @property
    def state(self) -> WeightState:
        if not self.summative and not self.total:
            return WeightState.NOTHING
        if self.total == FULL:
            return WeightState.FULL
        return WeightState.SHORT if self.total < FULL else WeightState.OVER

    @property
    def is_full(self) -> bool:
        """Whether the weights come to 100."""
        return self.state is WeightState.FULL

    @property
    def missing(self) -> int:
        """How much is missing to 100; 0 where nothing is."""
        return max(0, FULL - self.total)

    @property
    def excess(self) -> int:
        """How much is too much; 0 where nothing is."""
        return max(0, self.total - FULL)


def weights_of(plan: Plan) -> Weights:
    """Add up the weights of what is placed; the shelf does not count."""
    placed = plan.placed
    summative = tuple(activity for activity in placed if activity.assessment == "summative")
    return Weights(
        total=sum(activity.weight for activity in summative),
        summative=summative,
        weightless=tuple(activity for activity in summative if not activity.weight),
        formative=tuple(activity for activity in placed if activity.assessment != "summative" and activity.weight),
        shelved=tuple(activity for activity in plan.shelf if activity.assessment == "summative" and activity.weight),
    )


# --- Feedback -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dated:
    """The calendar that a design is laid on: the Monday of each week, known deadlines by placement, days off."""

    mondays: Mapping[int, date]
    dues: Mapping[int, date] = field(default_factory=dict)
    holidays: tuple[Span, ...] = ()

    @classmethod
    def without_run(cls, plan: Plan) -> Dated:
        """Week after week from some Monday, no holidays."""
        return cls(
            {week.number: SOME_MONDAY + place * WEEK_DAYS * ONE_DAY for place, week in enumerate(_in_order(plan))}
        )

    def due_on(self, activity: PlannedActivity) -> date | None:
        """The day on which an activity is due; None on the shelf, or in a week that the calendar does not know."""
        if activity.placement_id in self.dues:
            return self.dues[activity.placement_id]
        monday = self.mondays.get(activity.week or 0)
        return None if monday is None else monday + DUE_DAYS.get(activity.moment, SUNDAY) * ONE_DAY

    def week_of(self, day: date) -> int | None:
        """The week of the design in which a day lies; a break belongs to the week before it."""
        begun = [(monday, number) for number, monday in self.mondays.items() if monday <= day]
        return max(begun)[1] if begun else None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Students hear something: on what, when at the latest, and from whom."""

    activity: PlannedActivity
    due_on: date
    on: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row without any feedback; both ends are days on which there is some, or the ends of the course."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """From one to the next."""
        return (self.ends_on - self.starts_on).days

    @property
    def weeks(self) -> Fraction:
        """The same in weeks."""
        return Fraction(self.days, WEEK_DAYS)


@dataclass(frozen=True, slots=True)
class OutcomeFeedback:
    """When students first hear how they do on an outcome, and when it first counts."""

    outcome: PlannedOutcome
    first: Feedback | None
    counts: PlannedActivity | None
    counts_on: date | None
    in_time: bool  # there is feedback before it counts, or it never counts

    @property
    def is_late(self) -> bool:
        """Whether it counts before students have heard anything about it."""
        return not self.in_time


@dataclass(frozen=True, slots=True)
class FeedbackPlan:
    """All the feedback of a course on its calendar."""

    dated: Dated
    starts_on: date
    ends_on: date
    feedback: tuple[Feedback, ...]
    undated: tuple[PlannedActivity, ...]  # feedback is promised, but not when
    stretches: tuple[Stretch, ...]
    outcomes: tuple[OutcomeFeedback, ...]

    @property
    def longest(self) -> Stretch | None:
        """The longest stretch without any feedback, the first of equals; None for a course without weeks."""
        return max(self.stretches, key=lambda stretch: stretch.days, default=None)

    @property
    def days(self) -> int:
        """The length of the course."""
        return (self.ends_on - self.starts_on).days


def feedback_plan(plan: Plan, dated: Dated | None = None) -> FeedbackPlan:
    """Lay the feedback of a plan on its calendar and measure what lies between."""
    dated = dated or Dated.without_run(plan)
    mondays = [dated.mondays[week.number] for week in _in_order(plan) if week.number in dated.mondays]
    starts_on = min(mondays, default=SOME_MONDAY)
    ends_on = max(mondays, default=SOME_MONDAY) + SUNDAY * ONE_DAY if mondays else SOME_MONDAY
    found, undated = [], []
    for activity in plan.placed:
        if activity.feedback_by == "none":
            continue
        due_on, days = dated.due_on(activity), days_promised(activity)
        if due_on is None or days is None:
            undated.append(activity)
        else:
            found.append(Feedback(activity, due_on, working_day_after(due_on, days, dated.holidays)))
    feedback = tuple(sorted(found, key=lambda each: each.on))
    return FeedbackPlan(
        dated=dated,
        starts_on=starts_on,
        ends_on=ends_on,
        feedback=feedback,
        undated=tuple(undated),
        stretches=_stretches(starts_on, ends_on, feedback) if mondays else (),
        outcomes=tuple(_outcome(outcome, plan, feedback, dated) for outcome in plan.outcomes),
    )


def days_promised(activity: PlannedActivity) -> int | None:
    """Working days until there is feedback, as promised; None where nobody has said so.

    A machine answers at once, peers do while they work on it, and whoever is together hears it there.
    """
    if activity.feedback_days is not None:
        return activity.feedback_days
    at_once = activity.feedback_by in {"automatic", "peer"} or activity.timing == "sync"
    return 0 if at_once and activity.feedback_by != "none" else None


def _stretches(starts_on: date, ends_on: date, feedback: Iterable[Feedback]) -> tuple[Stretch, ...]:
    # Feedback after the last day closes the course as well as any.
    days = [starts_on, *(min(max(each.on, starts_on), ends_on) for each in feedback), ends_on]
    return tuple(Stretch(one, other) for one, other in pairwise(days) if other > one)


def _outcome(outcome: PlannedOutcome, plan: Plan, feedback: tuple[Feedback, ...], dated: Dated) -> OutcomeFeedback:
    order = {activity.placement_id: place for place, activity in enumerate(plan.placed)}
    counting = [
        (due_on, order[activity.placement_id], activity)
        for activity in plan.placed
        if activity.assessment == "summative"
        and outcome.id in activity.outcome_ids
        and (due_on := dated.due_on(activity)) is not None
    ]
    counts_on, place, counts = min(counting, key=lambda each: each[:2], default=(None, 0, None))
    on_it = [each for each in feedback if outcome.id in each.activity.outcome_ids]
    # What comes on the day itself is in time only from something that stands before.
    before = [
        each
        for each in on_it
        if counts_on is not None and (each.on, order[each.activity.placement_id]) < (counts_on, place)
    ]
    return OutcomeFeedback(
        outcome=outcome,
        first=on_it[0] if on_it else None,
        counts=counts,
        counts_on=counts_on,
        in_time=counts is None or bool(before),
    )


def _in_order(plan: Plan) -> list[PlannedWeek]:
    return sorted(plan.weeks, key=lambda week: week.number)
