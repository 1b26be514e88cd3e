"""What is stored with a design about its load, so that nobody has to weigh a thousand plans to answer a question.

Policy judges all designs of an institution, and a programme adds up parallel courses, from this summary alone. It is
written in the transaction that changes the plan; when its form changes, `FORM` goes up and old summaries are refused,
to be made again from the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from courses.alignment import align
from courses.balance.weighing import Balance, WeekBalance, weigh
from courses.facts import Plan, PlannedActivity

FORM = 1


class OutdatedLoads(ValueError):
    """The stored summary was written in another form; weigh the plan again."""


@dataclass(frozen=True, slots=True)
class WeekLoads:
    """A week in short. A deadline is something required that is handed in or taken and looked at by somebody."""

    number: int
    teaching: bool
    minutes: int
    optional_minutes: int
    environments: Mapping[str, int]
    timings: Mapping[str, int]
    moments: Mapping[str, int]
    # The blocks of the rhythm chart, "digital:async" to minutes, so that a programme draws its own without the plan.
    blocks: Mapping[str, int]
    deadlines: int
    summative: int
    summative_weight: int
    titles: tuple[str, ...]  # of the deadlines, for the sentence "what is due in week 4?"
    # The least and the most that the week may take. None stands for `minutes`: where nothing has a range, and in
    # summaries that were stored before there were ranges.
    minutes_low: int | None = None
    minutes_high: int | None = None

    @property
    def low(self) -> int:
        """The least that the week may take."""
        return self.minutes if self.minutes_low is None else self.minutes_low

    @property
    def high(self) -> int:
        """The most that the week may take."""
        return self.minutes if self.minutes_high is None else self.minutes_high


@dataclass(frozen=True, slots=True)
class Loads:
    """A design in figures."""

    minutes: int
    optional_minutes: int
    credit_minutes_low: int
    credit_minutes_high: int
    credits: str
    activities: int
    unestimated: int
    shelved: int
    environments: Mapping[str, int]
    timings: Mapping[str, int]
    learning_types: Mapping[str, int]
    groupings: Mapping[str, int]
    guidances: Mapping[str, int]
    feedbacks: Mapping[str, int]
    places: Mapping[str, int]
    moments: Mapping[str, int]
    types: Mapping[str, int]
    environment_counts: Mapping[str, int]
    weeks: tuple[WeekLoads, ...]
    teaching_weeks: int
    max_week: int | None
    max_week_minutes: int
    outcomes: int
    outcomes_practised: int
    outcomes_assessed: int
    assessed: int
    summative: int
    summative_weight: int
    assessed_with_feedback: int
    max_feedback_days: int | None
    clips: int
    clips_captioned: int
    minutes_low: int | None = None  # as in WeekLoads
    minutes_high: int | None = None

    @property
    def low(self) -> int:
        """The least that the course may take."""
        return self.minutes if self.minutes_low is None else self.minutes_low

    @property
    def high(self) -> int:
        """The most that the course may take."""
        return self.minutes if self.minutes_high is None else self.minutes_high

    def to_json(self) -> dict[str, Any]:
        """The summary as it is stored."""
        return {"form": FORM, **asdict(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Loads:
        """Read a stored summary, or refuse one of another form."""
        if stored.get("form") != FORM:
            raise OutdatedLoads(f"form {stored.get('form')!r}, expected {FORM}")
        try:
            values = {name: stored[name] for name in _LOADS_FIELDS if name in stored or name not in _RANGE}
            values["weeks"] = tuple(WeekLoads(**{**week, "titles": tuple(week["titles"])}) for week in stored["weeks"])
            return cls(**values)
        except (KeyError, TypeError) as error:
            raise OutdatedLoads(str(error)) from error


_RANGE = {"minutes_low", "minutes_high"}
_LOADS_FIELDS = tuple(field.name for field in fields(Loads))


def loads_of(plan: Plan, balance: Balance | None = None) -> Loads:
    """Sum a plan up for policy and programme."""
    balance = balance or weigh(plan)
    placed = plan.placed
    alignment = align(plan)
    assessed = [activity for activity in placed if activity.is_assessed]
    summative = [activity for activity in placed if activity.assessment == "summative"]
    clips = [activity for activity in placed if activity.is_clip]
    feedback_days = [a.feedback_days for a in assessed if a.feedback_days is not None]
    fullest = balance.fullest_week
    return Loads(
        minutes=balance.minutes,
        optional_minutes=balance.optional_minutes,
        credit_minutes_low=balance.load.low,
        credit_minutes_high=balance.load.high,
        credits=str(plan.credits),
        activities=len(placed),
        unestimated=len(balance.unestimated),
        shelved=len(plan.shelf),
        environments=_minutes(balance, "environment"),
        timings=_minutes(balance, "timing"),
        learning_types=_minutes(balance, "learning_type"),
        groupings=_minutes(balance, "grouping"),
        guidances=_minutes(balance, "guidance"),
        feedbacks=_minutes(balance, "feedback"),
        places=_minutes(balance, "place"),
        moments=_minutes(balance, "moment"),
        types=dict(Counter(activity.type_key for activity in placed)),
        environment_counts={piece.value: len(piece.parts) for piece in balance["environment"].slices},
        weeks=_week_loads(balance, placed),
        teaching_weeks=len(plan.teaching_weeks),
        max_week=fullest.number if fullest else None,
        max_week_minutes=fullest.minutes if fullest else 0,
        outcomes=len(plan.outcomes),
        outcomes_practised=sum(1 for row in alignment.rows if row.is_practised),
        outcomes_assessed=sum(1 for row in alignment.rows if row.is_assessed),
        assessed=len(assessed),
        summative=len(summative),
        summative_weight=sum(activity.weight for activity in summative),
        assessed_with_feedback=sum(1 for activity in assessed if activity.feedback_by != "none"),
        max_feedback_days=max(feedback_days, default=None),
        clips=len(clips),
        clips_captioned=sum(1 for clip in clips if clip.has_captions),
        minutes_low=_kept(balance.low, balance),
        minutes_high=_kept(balance.high, balance),
    )


def loads(plan: Plan, balance: Balance | None = None) -> dict[str, Any]:
    """The summary as it is stored with the design: only strings, numbers, lists and dictionaries."""
    return loads_of(plan, balance).to_json()


def _kept(bound: int, weighed: Balance | WeekBalance) -> int | None:
    return None if weighed.low == weighed.high else bound


def _minutes(balance: Balance, dimension: str) -> dict[str, int]:
    return {piece.value: piece.minutes for piece in balance[dimension].slices}


def _week_loads(balance: Balance, placed: tuple[PlannedActivity, ...]) -> tuple[WeekLoads, ...]:
    by_week: dict[int | None, list[PlannedActivity]] = {}
    for activity in placed:
        by_week.setdefault(activity.week, []).append(activity)
    rows = []
    for week in balance.weeks:
        activities = by_week.get(week.number, [])
        due = [activity for activity in activities if activity.is_assessed and activity.required]
        marked = [activity for activity in activities if activity.assessment == "summative"]
        environments: Counter[str] = Counter()
        timings: Counter[str] = Counter()
        for cell in week.cells:
            environments[cell.environment] += cell.minutes
            timings[cell.timing] += cell.minutes
        rows.append(
            WeekLoads(
                number=week.number,
                teaching=week.teaching,
                minutes=week.minutes,
                optional_minutes=sum(a.counted_minutes for a in activities if not a.required),
                environments=dict(environments),
                timings=dict(timings),
                moments=dict(week.moments),
                blocks={f"{cell.environment}:{cell.timing}": cell.minutes for cell in week.cells},
                deadlines=len(due),
                summative=len(marked),
                summative_weight=sum(activity.weight for activity in marked),
                titles=tuple(activity.title for activity in due),
                minutes_low=_kept(week.low, week),
                minutes_high=_kept(week.high, week),
            )
        )
    return tuple(rows)
