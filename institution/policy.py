"""What a policy rule demands, and whether a course keeps it. Pure: the Studio, the review, the page of the rule and the
preview of a rule that nobody has announced yet all judge with this.

Everything is exact: a course at the limit keeps the rule, one minute beyond it does not. Values are percent, numbers,
working days or minutes of study; hours are what an administrator types, minutes are what is compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from courses.balance import Loads
from courses.facts import ENVIRONMENTS, LEARNING_TYPES, Plan, PlannedActivity
from courses.words import ENGLISH, Minutes, Number, Param, Percent, Quantity, Voice, exactly, gettext_noop, say, word

AT_LEAST, AT_MOST = "at_least", "at_most"
# How near to the limit a kept rule is called close. Counts and days have no "close": 3 of 3 is simply kept.
CLOSE_POINTS = Fraction(5)  # percentage points, for shares
CLOSE_PART = Fraction(1, 10)  # of the limit, for hours


class Scale(StrEnum):
    """What the values of a metric are."""

    PERCENT = "percent"
    COUNT = "count"
    DAYS = "days"
    HOURS = "hours"


class Result(StrEnum):
    """What a rule says of a course."""

    KEPT = "kept"
    CLOSE = "close"  # kept, but near the limit
    BROKEN = "broken"
    UNJUDGED = "unjudged"  # nothing to judge yet


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that can be measured of every design."""

    scale: Scale
    most: Decimal  # the highest limit that makes sense
    of: tuple[str, ...] = ()  # what it must be about, if it is a share or a count of something
    bounds: tuple[str, ...] = (AT_LEAST, AT_MOST)


METRICS: Mapping[str, Metric] = {
    "environment_share": Metric(Scale.PERCENT, Decimal(100), ENVIRONMENTS),
    "sync_share": Metric(Scale.PERCENT, Decimal(100)),
    "learning_type_share": Metric(Scale.PERCENT, Decimal(100), LEARNING_TYPES),
    "learning_types_used": Metric(Scale.COUNT, Decimal(len(LEARNING_TYPES))),
    "environments_used": Metric(Scale.COUNT, Decimal(len(ENVIRONMENTS))),
    "week_hours": Metric(Scale.HOURS, Decimal(168), bounds=(AT_MOST,)),
    "load_per_credit": Metric(Scale.HOURS, Decimal(100)),
    "feedback_days": Metric(Scale.DAYS, Decimal(100), bounds=(AT_MOST,)),
    "captioned_clips": Metric(Scale.PERCENT, Decimal(100), bounds=(AT_LEAST,)),
    "activities_in_environment": Metric(Scale.COUNT, Decimal(200), ENVIRONMENTS),
}
"""What policy can be about, by the names of PolicyRule.Metric."""


@dataclass(frozen=True, slots=True)
class Sentence(Quantity):
    """A template to translate and what fills it; it may fill a place in a longer sentence."""

    template: str
    params: Mapping[str, Param]

    def said(self, voice: Voice = ENGLISH) -> str:
        return say(self.template, self.params, voice)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a rule asks of a course, and of which courses it asks it."""

    metric: str
    bound: str
    limit: Decimal
    of: str = ""
    credits_from: Decimal | None = None
    credits_to: Decimal | None = None

    @property
    def scale(self) -> Scale:
        return METRICS[self.metric].scale

    @property
    def bar(self) -> Fraction:
        """The limit in the unit of the values: hours are compared in minutes."""
        limit = Fraction(self.limit)
        return limit * 60 if self.scale is Scale.HOURS else limit

    def covers(self, course_credits: Decimal) -> bool:
        """Whether it is about courses of so many credits."""
        low = self.credits_from is None or course_credits >= self.credits_from
        return low and (self.credits_to is None or course_credits <= self.credits_to)

    def keeps(self, value: Fraction) -> bool:
        """Whether a value is on the right side; the limit itself is."""
        return value >= self.bar if self.bound == AT_LEAST else value <= self.bar

    def is_close(self, value: Fraction) -> bool:
        """Whether a kept value is near the limit. The best that there is (all clips, no time at all) never is."""
        if self.scale is Scale.PERCENT:
            best = Fraction(100) if self.bound == AT_LEAST else Fraction(0)
            return value != best and abs(value - self.bar) < CLOSE_POINTS
        if self.scale is Scale.HOURS:
            return abs(value - self.bar) < CLOSE_PART * self.bar
        return False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one course: the figure, the limit, and what is missing to keep it."""

    result: Result
    value: Fraction | None
    limit: Fraction
    missing: Sentence | None = None

    @property
    def is_broken(self) -> bool:
        return self.result is Result.BROKEN

    @property
    def is_judged(self) -> bool:
        return self.result is not Result.UNJUDGED


def judge(demand: Demand, loads: Loads | None, course_credits: Decimal) -> Verdict:
    """Judge a design by its stored loads. Without anything to measure nobody breaks a rule, and nobody keeps it."""
    value = value_of(demand, loads, course_credits) if loads is not None else None
    if loads is None or value is None:
        return Verdict(Result.UNJUDGED, None, demand.bar)
    if not demand.keeps(value):
        return Verdict(Result.BROKEN, value, demand.bar, missing_of(demand, loads, course_credits, value))
    return Verdict(Result.CLOSE if demand.is_close(value) else Result.KEPT, value, demand.bar)


def value_of(demand: Demand, loads: Loads, course_credits: Decimal) -> Fraction | None:
    """The figure that a rule is about; None where there is nothing to measure."""
    match demand.metric:
        case "environment_share":
            return _share(loads.environments.get(demand.of, 0), loads.minutes)
        case "sync_share":
            return _share(loads.timings.get("sync", 0), loads.minutes)
        case "learning_type_share":
            return _share(loads.learning_types.get(demand.of, 0), loads.minutes)
        case "captioned_clips":
            return _share(loads.clips_captioned, loads.clips)
        case "learning_types_used":
            return _count(sum(1 for minutes in loads.learning_types.values() if minutes), loads)
        case "environments_used":
            return _count(sum(1 for count in loads.environment_counts.values() if count), loads)
        case "activities_in_environment":
            return _count(loads.environment_counts.get(demand.of, 0), loads)
        case "week_hours":
            return Fraction(loads.max_week_minutes) if loads.minutes else None
        case "load_per_credit":
            return Fraction(loads.minutes) / Fraction(course_credits) if loads.minutes and course_credits else None
        case "feedback_days":
            return None if loads.max_feedback_days is None else Fraction(loads.max_feedback_days)
    raise LookupError(demand.metric)


def missing_of(demand: Demand, loads: Loads, course_credits: Decimal, value: Fraction) -> Sentence:
    """What a course that breaks a rule lacks, in the smallest step that mends it.

    Minutes of a share are minutes that change from one kind to another, while the course stays as long as it is.
    """
    gap = abs(demand.bar - value)
    more = demand.bound == AT_LEAST
    match demand.metric:
        case "environment_share" | "learning_type_share" | "sync_share":
            minutes = math.ceil(gap * loads.minutes / 100)
            return Sentence(_SHARE_TEMPLATES[demand.metric][more], {"minutes": Minutes(minutes), "of": word(demand.of)})
        case "captioned_clips":
            clips = math.ceil(gap * loads.clips / 100)
            return _counted(
                clips, gettext_noop("captions for one more clip"), gettext_noop("captions for {count} more clips")
            )
        case "week_hours":
            fullest: dict[str, Param] = {"minutes": Minutes(math.ceil(gap)), "week": loads.max_week or 0}
            others = sum(1 for week in loads.weeks if week.minutes > demand.bar) - 1
            if others > 0:
                return Sentence(
                    gettext_noop("{minutes} less in week {week}; too full weeks besides: {others}"),
                    {**fullest, "others": others},
                )
            return Sentence(gettext_noop("{minutes} less in week {week}"), fullest)
        case "load_per_credit":
            in_all = Minutes(math.ceil(gap * Fraction(course_credits)))
            return Sentence(
                gettext_noop("{minutes} more in all") if more else gettext_noop("{minutes} less in all"),
                {"minutes": in_all},
            )
        case "feedback_days":
            return _counted(
                math.ceil(gap), gettext_noop("one working day sooner"), gettext_noop("{count} working days sooner")
            )
    one, many = _COUNT_TEMPLATES[demand.metric][more]
    return _counted(math.ceil(gap), one, many, of=demand.of)


def could_change(demand: Demand, verdict: Verdict, plan: Plan) -> tuple[int, ...]:
    """The placements that could be changed to keep a broken rule: those that would do alone first, longest first."""
    if not verdict.is_broken or verdict.value is None:
        return ()
    more = demand.bound == AT_LEAST
    match demand.metric:
        case "environment_share" | "activities_in_environment":
            fitting = [a for a in plan.placed if (a.environment == demand.of) != more]
        case "sync_share":
            fitting = [a for a in plan.placed if (a.timing == "sync") != more]
        case "learning_type_share":
            fitting = [a for a in plan.placed if (a.learning_type == demand.of) != more]
        case "week_hours":
            return _over_full(demand, plan)
        case "captioned_clips":
            return tuple(a.placement_id for a in plan.placed if a.has_captions is False)
        case "feedback_days":
            return tuple(
                a.placement_id
                for a in plan.placed
                if a.is_assessed and a.feedback_days is not None and a.feedback_days > demand.bar
            )
        case _:
            return ()
    if demand.scale is Scale.COUNT:
        return tuple(a.placement_id for a in fitting)
    minutes = math.ceil(abs(demand.bar - verdict.value) * sum(a.counted_minutes for a in plan.placed) / 100)
    return _enough_first(fitting, minutes)


def over_full_weeks(demand: Demand, verdict: Verdict, plan: Plan) -> tuple[int, ...]:
    """The weeks that ask more hours than a rule about weeks allows."""
    if demand.metric != "week_hours" or not verdict.is_broken:
        return ()
    minutes = Counter[int]()
    for activity in plan.placed:
        minutes[activity.week or 0] += activity.counted_minutes
    return tuple(sorted(week for week, asked in minutes.items() if asked > demand.bar))


def in_words(demand: Demand) -> Sentence:
    """What a rule asks, in a sentence: "At least 20% of the time in the digital environment"."""
    template = _WORDS[demand.metric][demand.bound == AT_LEAST]
    return Sentence(template, {"limit": shown(demand, demand.bar), "of": word(demand.of)})


def shown(demand: Demand, value: Fraction) -> Quantity:
    """A value as people read it; never rounded onto a limit that it does not keep, nor away from one that it does."""
    if demand.scale is Scale.HOURS:
        return Minutes(math.ceil(value) if demand.bound == AT_MOST else math.floor(value))
    if value == demand.bar:
        figure = exactly(value)
    else:
        # As many decimals as the limit has: 12.45 beside a limit of 12.4 is not 12.
        decimals = -int(exactly(demand.bar).as_tuple().exponent)
        figure = Number.of(value, digits=max(0, decimals), beside=demand.bar).value
    return Percent(figure) if demand.scale is Scale.PERCENT else Number(figure)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


def _count(count: int, loads: Loads) -> Fraction | None:
    return Fraction(count) if loads.activities else None


def _counted(count: int, one: str, many: str, *, of: str = "") -> Sentence:
    return Sentence(one if count == 1 else many, {"count": count, "of": word(of)})


def _enough_first(activities: Iterable[PlannedActivity], minutes: int) -> tuple[int, ...]:
    with_minutes = [a for a in activities if a.counted_minutes]
    # Shortest first of those that are enough alone: the smallest change; then the longest of the others.
    with_minutes.sort(
        key=lambda a: (
            a.counted_minutes < minutes,
            a.counted_minutes if a.counted_minutes >= minutes else -a.counted_minutes,
        )
    )
    return tuple(a.placement_id for a in with_minutes)


def _over_full(demand: Demand, plan: Plan) -> tuple[int, ...]:
    found: list[int] = []
    for week in plan.weeks:
        activities = plan.activities_in(week.number)
        excess = sum(a.counted_minutes for a in activities) - demand.bar
        if excess > 0:
            found += _enough_first([a for a in activities if a.timing == "async"], math.ceil(excess))
    return tuple(found)


# Each pair: at most, at least (too much, too little).
_SHARE_TEMPLATES: Mapping[str, tuple[str, str]] = {
    "environment_share": (
        gettext_noop("{minutes} less in the {of} environment"),
        gettext_noop("{minutes} more in the {of} environment"),
    ),
    "sync_share": (gettext_noop("{minutes} less together"), gettext_noop("{minutes} more together")),
    "learning_type_share": (gettext_noop("{minutes} less of {of}"), gettext_noop("{minutes} more of {of}")),
}
_COUNT_TEMPLATES: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "learning_types_used": (
        (gettext_noop("one learning type fewer"), gettext_noop("{count} learning types fewer")),
        (gettext_noop("one more learning type"), gettext_noop("{count} more learning types")),
    ),
    "environments_used": (
        (gettext_noop("one environment fewer"), gettext_noop("{count} environments fewer")),
        (gettext_noop("one more environment"), gettext_noop("{count} more environments")),
    ),
    "activities_in_environment": (
        (
            gettext_noop("one activity fewer in the {of} environment"),
            gettext_noop("{count} activities fewer in the {of} environment"),
        ),
        (
            gettext_noop("one more activity in the {of} environment"),
            gettext_noop("{count} more activities in the {of} environment"),
        ),
    ),
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "environment_share": (
        gettext_noop("At most {limit} of the time in the {of} environment"),
        gettext_noop("At least {limit} of the time in the {of} environment"),
    ),
    "sync_share": (
        gettext_noop("At most {limit} of the time together"),
        gettext_noop("At least {limit} of the time together"),
    ),
    "learning_type_share": (
        gettext_noop("At most {limit} of the time for {of}"),
        gettext_noop("At least {limit} of the time for {of}"),
    ),
    "learning_types_used": (
        gettext_noop("Learning types used: at most {limit}"),
        gettext_noop("Learning types used: at least {limit}"),
    ),
    "environments_used": (
        gettext_noop("Environments used: at most {limit}"),
        gettext_noop("Environments used: at least {limit}"),
    ),
    "week_hours": (
        gettext_noop("At most {limit} of study in any week"),
        gettext_noop("At least {limit} of study in the fullest week"),
    ),
    "load_per_credit": (
        gettext_noop("At most {limit} of study per credit"),
        gettext_noop("At least {limit} of study per credit"),
    ),
    "feedback_days": (
        gettext_noop("Feedback within {limit} working days"),
        gettext_noop("Feedback after at least {limit} working days"),
    ),
    "captioned_clips": (
        gettext_noop("At most {limit} of the clips with captions"),
        gettext_noop("At least {limit} of the clips with captions"),
    ),
    "activities_in_environment": (
        gettext_noop("Activities in the {of} environment: at most {limit}"),
        gettext_noop("Activities in the {of} environment: at least {limit}"),
    ),
}
