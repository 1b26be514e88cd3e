"""What a rule is, the band that it judges by, and what it finds.

A finding is data: templates to translate, quantities, the placements and weeks concerned. It says what was measured,
where the limit lies, how firm the ground is and what can be done. Nothing is ever added up to one score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from courses.alignment import Alignment, align
from courses.balance import Balance
from courses.calendar import MINUTES_A_DAY, Spot, usual_windows, working_day_later
from courses.facts import Plan, PlannedActivity
from courses.words import (
    ENGLISH,
    Amount,
    Days,
    Minutes,
    Number,
    Param,
    Percent,
    Quantity,
    Voice,
    exactly,
    gettext_noop,
    say,
)


class State(StrEnum):
    """What a rule says of a plan. A note tells something; a warning and an alert are broken rules."""

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    ALERT = "alert"
    NOT_APPLICABLE = "not_applicable"


class Evidence(StrEnum):
    """What a rule stands on."""

    NORM = "NORM"
    EVID = "EVID"
    HEUR = "HEUR"
    INF = "INF"


class Strength(StrEnum):
    """How firm that ground is."""

    PLAIN = ""
    LIKE = "like"  # used as a norm, but binding nowhere
    STRONG = "strong"
    MODERATE = "moderate"
    CONTESTED = "contested"
    DIRECTION = "direction"  # studies show which way is better, not where the limit lies


class Unit(StrEnum):
    """What a value is counted in."""

    PERCENT = "percent"
    RATIO = "ratio"
    COUNT = "count"
    MINUTES = "minutes"
    DAYS = "days"
    WORKING_DAYS = "working_days"


GROUNDS: Mapping[tuple[Evidence, Strength], str] = {
    (Evidence.NORM, Strength.PLAIN): gettext_noop("Norm"),
    (Evidence.NORM, Strength.LIKE): gettext_noop("Good practice, close to a norm; the limit is our choice"),
    (Evidence.EVID, Strength.STRONG): gettext_noop("Strong evidence"),
    (Evidence.EVID, Strength.MODERATE): gettext_noop("Some evidence; the limit is our choice"),
    (Evidence.EVID, Strength.CONTESTED): gettext_noop("Contested evidence; the limit is our choice"),
    (Evidence.EVID, Strength.DIRECTION): gettext_noop("Evidence for the direction; the limit is our choice"),
    (Evidence.HEUR, Strength.PLAIN): gettext_noop("Rule of thumb"),
    (Evidence.INF, Strength.PLAIN): gettext_noop("Our own inference"),
}
"""How the page names the ground of a rule: heuristics are called heuristics."""

_RANKS: Mapping[tuple[Evidence, Strength], int] = {
    (Evidence.NORM, Strength.PLAIN): 0,
    (Evidence.NORM, Strength.LIKE): 1,
    (Evidence.EVID, Strength.STRONG): 2,
    (Evidence.EVID, Strength.MODERATE): 3,
    (Evidence.EVID, Strength.DIRECTION): 3,
    (Evidence.EVID, Strength.CONTESTED): 3,
    (Evidence.HEUR, Strength.PLAIN): 4,
    (Evidence.INF, Strength.PLAIN): 5,
}


class BadBand(ValueError):
    """Limits that contradict each other, or are no numbers."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where a value is fine, where it is worth a look, and what lies outside.

    A limit belongs to the better side: with "at most 1.5", 1.5 is fine. Percentages are written as 30, not 0.30.
    A rule without a middle has equal inner and outer limits.
    """

    ok_from: Fraction | None = None
    ok_to: Fraction | None = None
    warn_from: Fraction | None = None
    warn_to: Fraction | None = None
    outside: State = State.ALERT

    def __post_init__(self) -> None:
        if self.ok_from is None and self.ok_to is None:
            raise BadBand("a band needs a limit")
        if (self.ok_from is None) != (self.warn_from is None) or (self.ok_to is None) != (self.warn_to is None):
            raise BadBand("inner and outer limits must lie on the same sides")
        chain = [limit for limit in (self.warn_from, self.ok_from, self.ok_to, self.warn_to) if limit is not None]
        if chain != sorted(chain):
            raise BadBand("the outer limits must enclose the inner ones")

    @classmethod
    def at_most(cls, ok: Amount | str, warn: Amount | str | None = None, *, outside: State = State.ALERT) -> Band:
        """Less is better."""
        return cls(ok_to=Fraction(ok), warn_to=Fraction(ok if warn is None else warn), outside=outside)

    @classmethod
    def at_least(cls, ok: Amount | str, warn: Amount | str | None = None, *, outside: State = State.ALERT) -> Band:
        """More is better."""
        return cls(ok_from=Fraction(ok), warn_from=Fraction(ok if warn is None else warn), outside=outside)

    @classmethod
    def between(
        cls,
        ok: tuple[Amount | str, Amount | str],
        warn: tuple[Amount | str, Amount | str] | None = None,
        *,
        outside: State = State.ALERT,
    ) -> Band:
        """Neither too little nor too much."""
        warn = warn or ok
        return cls(Fraction(ok[0]), Fraction(ok[1]), Fraction(warn[0]), Fraction(warn[1]), outside)

    def revised(self, stored: Mapping[str, Any]) -> Band:
        """Take other limits, from `{"ok": [low, high], "warn": [low, high]}`; what is left out stays as it is."""
        if not isinstance(stored, Mapping) or set(stored) - {"ok", "warn"}:
            raise BadBand('expected {"ok": [low, high], "warn": [low, high]}')
        ok = _limits(stored["ok"]) if "ok" in stored else (self.ok_from, self.ok_to)
        warn = _limits(stored["warn"]) if "warn" in stored else (self.warn_from, self.warn_to)
        return Band(*ok, *warn, outside=self.outside)

    def state(self, value: Amount) -> State:
        """Where a value falls."""
        if _within(value, self.ok_from, self.ok_to):
            return State.OK
        if _within(value, self.warn_from, self.warn_to):
            return State.WARN
        return self.outside

    def size(self, value: Amount) -> Fraction:
        """How far a value lies from fine, with the distance to the outer limit as 1, so that rules can be compared."""
        exact = Fraction(value)
        if self.ok_to is not None and self.warn_to is not None and exact > self.ok_to:
            return (exact - self.ok_to) / (self.warn_to - self.ok_to or 1)
        if self.ok_from is not None and self.warn_from is not None and exact < self.ok_from:
            return (self.ok_from - exact) / (self.ok_from - self.warn_from or 1)
        return Fraction(0)

    def nearest(self, value: Amount) -> Fraction | None:
        """The inner limit that a value is compared with when it is shown."""
        if self.ok_from is None or (self.ok_to is not None and value > self.ok_from):
            return self.ok_to
        return self.ok_from


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """The limits of an institution, a programme or a course; whatever it does not set stays as in the table."""

    bands: Mapping[str, Band] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    quiet_week: Fraction = Fraction(1, 4)  # of an average week, below which little happens (C05)
    type_counts_from: Fraction = Fraction(5)  # percent of the time from which a learning type counts as used (C09)
    good_clip_minutes: int = 6  # the length up to which a clip is not only fine but good (C21)
    low_stakes_weight: int = 5  # percent of the result up to which a task is without risk (C23, C50)
    feedback_before_days: int = 5  # working days between feedback and what counts (C25)
    forward_days: int = 3  # working days between feedback and the next deadline (C27)
    deadline_weight: int = 10  # percent of the result from which a deadline is a deadline (C31)
    discussion_group: Band = Band(Fraction(5), Fraction(12), Fraction(5), Fraction(20))  # C32, discussions
    buddy_group: Band = Band(Fraction(2), Fraction(2), Fraction(2), Fraction(3))  # C32, buddies
    counted_reviews: Fraction = Fraction(4)  # reviews of a work, at least, where they count (C33)
    remarks_days: int = 7  # the lecturer's feedback on feedback, days after the reviews are in (C35)
    open_days: int = 3  # on which a task can be done (C40)
    reports: int = 8  # students who said what it took them (C43)
    halfway: tuple[Fraction, Fraction] = (Fraction(3, 10), Fraction(6, 10))  # of the weeks (C44)
    near_end: Fraction = Fraction(8, 10)  # of the weeks (C44, C54)
    coaching_days: int = 14  # between two meetings of buddies with a lecturer (C51)
    versions: Mapping[str, int] = field(default_factory=dict)  # of limits that were set; 0 for the table's own
    set_by: Mapping[str, str] = field(default_factory=dict)  # the name of who set them


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. Say a sentence with `finding.say(finding.headline, voice)`."""

    rule: str
    name: str
    measures: str
    state: State
    value: float | None
    unit: Unit
    threshold: str
    headline: str
    advice: str
    why: str
    evidence: Evidence
    strength: Strength
    source: str
    params: Mapping[str, Param]
    placement_ids: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    size: float = 0.0
    version: int = 0  # of the limits, or of the policy rule: an answer was given to one of them
    set_by: str = ""  # who set the limits; empty for those of the table
    answerable: bool = True  # whether a course may decide otherwise; a requirement is answered by a waiver only

    @property
    def is_broken(self) -> bool:
        """Whether something can be done about it."""
        return self.state in (State.WARN, State.ALERT)

    @property
    def ground(self) -> str:
        """What the rule stands on, as a template for the page: a norm, evidence, a rule of thumb."""
        return GROUNDS[self.evidence, self.strength]

    @property
    def rank(self) -> tuple[bool, int, float, str]:
        """Broken before notes, firm ground before loose, far before near (review-rules, closing remark)."""
        return (not self.is_broken, _RANKS[self.evidence, self.strength], -self.size, self.rule)

    def say(self, template: str, voice: Voice = ENGLISH) -> str:
        """Say one of its templates in the reader's language."""
        return say(template, self.params, voice)


@dataclass(frozen=True)
class Case:
    """A plan before its judges, with the sums that several of them need."""

    plan: Plan
    balance: Balance
    settings: RuleSettings

    @cached_property
    def placed(self) -> tuple[PlannedActivity, ...]:
        """The activities that count."""
        return self.plan.placed

    @cached_property
    def by_placement(self) -> Mapping[int, PlannedActivity]:
        """The activities that count, by their place."""
        return {activity.placement_id: activity for activity in self.placed}

    @cached_property
    def by_week(self) -> Mapping[int, tuple[PlannedActivity, ...]]:
        """The activities that count, by the number of their week, in the order in which students meet them."""
        weeks: dict[int, list[PlannedActivity]] = {week.number: [] for week in self.plan.weeks}
        for activity in self.placed:
            if activity.week is not None:
                weeks[activity.week].append(activity)
        return {number: tuple(activities) for number, activities in weeks.items()}

    @cached_property
    def places_of_weeks(self) -> Mapping[int, int]:
        """Which place each week has among all weeks, from 0."""
        return {week.number: place for place, week in enumerate(sorted(self.plan.weeks, key=lambda w: w.number))}

    @cached_property
    def windows(self) -> Mapping[int, tuple[int, int]]:
        """When each activity opens and is due in a usual run, in minutes since the first Monday (courses.calendar)."""
        windows: dict[int, tuple[int, int]] = {}
        for number, activities in self.by_week.items():
            spots = (
                Spot(a.placement_id, "together", a.weekday, a.starts, a.minutes)
                if a.weekday is not None
                else Spot(a.placement_id, a.moment, minutes=a.minutes)
                for a in activities
            )
            windows |= usual_windows(spots, self.places_of_weeks[number])
        return windows

    def due_day(self, activity: PlannedActivity) -> int:
        """The day on which it is due, counted from the first Monday."""
        return self.windows[activity.placement_id][1] // MINUTES_A_DAY

    def feedback_day(self, activity: PlannedActivity) -> int | None:
        """The day on which students have feedback on it; None without feedback, or while nobody said when."""
        if activity.feedback_by == "automatic":
            return self.due_day(activity)
        if activity.feedback_by == "none" or activity.feedback_days is None:
            return None
        return working_day_later(self.due_day(activity), activity.feedback_days)

    @cached_property
    def links(self) -> frozenset[tuple[int, int]]:
        """What is used where, for activities that both count."""
        return frozenset(
            (link.source, link.target)
            for link in self.plan.links
            if link.source in self.by_placement and link.target in self.by_placement
        )

    @cached_property
    def handed_on(self) -> frozenset[int]:
        """The activities of which something is used elsewhere."""
        return frozenset(source for source, _target in self.links)

    @cached_property
    def sessions(self) -> tuple[PlannedActivity, ...]:
        """What is done together."""
        return tuple(activity for activity in self.placed if activity.timing == "sync")

    @cached_property
    def sequences(self) -> Mapping[int, tuple[tuple[PlannedActivity, ...], tuple[PlannedActivity, ...]]]:
        """What prepares for each session and what follows it up.

        A connection says so, or else the week does: own time before or after, for an outcome that both serve. Where one
        of the two has no outcome yet, the week is enough.
        """
        into: dict[int, list[PlannedActivity]] = {}
        out_of: dict[int, list[PlannedActivity]] = {}
        for source, target in sorted(self.links):
            into.setdefault(target, []).append(self.by_placement[source])
            out_of.setdefault(source, []).append(self.by_placement[target])
        sequences = {}
        for session in self.sessions:
            near = [
                activity
                for activity in self.by_week[session.week or 0]
                if activity.timing == "async" and _related(activity, session)
            ]
            linked, used = into.get(session.placement_id, []), out_of.get(session.placement_id, [])
            sequences[session.placement_id] = (
                _own_time(linked, [a for a in near if a.moment == "before"]),
                _own_time(used, [a for a in near if a.moment == "after"]),
            )
        return sequences

    @cached_property
    def alignment(self) -> Alignment:
        """Outcomes matched with activities."""
        return align(self.plan)

    @cached_property
    def teaching_weeks(self) -> tuple[tuple[int, int], ...]:
        """Number and minutes of each week with teaching, in order."""
        return tuple((week.number, week.minutes) for week in self.balance.weeks if week.teaching)

    @cached_property
    def mean_week(self) -> Fraction:
        """Minutes of an average teaching week; 0 if there is none.

        `H/|T|` in the table. Work in weeks without teaching (preparation, examinations) is left out of this mean: it
        would make every teaching week look light.
        """
        weeks = self.teaching_weeks
        return Fraction(sum(minutes for _, minutes in weeks), len(weeks)) if weeks else Fraction(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check, its limits and the ground it stands on."""

    id: str
    name: str
    measures: str
    unit: Unit
    band: Band
    evidence: Evidence
    strength: Strength
    source: str
    why: str
    judge: Callable[[Rule, Case], Finding]

    def band_in(self, case: Case) -> Band:
        """The limits that hold for this plan."""
        return case.settings.bands.get(self.id, self.band)

    def state_of(self, case: Case, value: Amount) -> State:
        """What this rule calls a value."""
        return self.band_in(case).state(value)

    def found(
        self,
        case: Case,
        value: Amount,
        *,
        headline: str,
        advice: str = "",
        params: Mapping[str, Param] | None = None,
        placement_ids: Iterable[int] = (),
        weeks: Iterable[int] = (),
        band: Band | None = None,
    ) -> Finding:
        """State what was found; `{value}` and the limits may be used in every sentence.

        `band` is for rules that know several, each for a kind of activity.
        """
        band = band or self.band_in(case)
        threshold, limits = threshold_of(band, self.unit)
        shown: dict[str, Param] = {"value": _shown(self.unit, value, band.nearest(value)), **limits}
        return Finding(
            rule=self.id,
            name=self.name,
            measures=self.measures,
            state=band.state(value),
            value=float(value),
            unit=self.unit,
            threshold=threshold,
            headline=headline,
            advice=advice,
            why=self.why,
            evidence=self.evidence,
            strength=self.strength,
            source=self.source,
            params={**shown, **(params or {})},
            placement_ids=tuple(dict.fromkeys(placement_ids)),
            weeks=tuple(dict.fromkeys(weeks)),
            size=float(band.size(value)),
            version=case.settings.versions.get(self.id, 0),
            set_by=case.settings.set_by.get(self.id, ""),
        )

    def silent(self, case: Case, headline: str) -> Finding:
        """Say that there is nothing to judge yet, and why."""
        threshold, limits = threshold_of(self.band_in(case), self.unit)
        return Finding(
            rule=self.id,
            name=self.name,
            measures=self.measures,
            state=State.NOT_APPLICABLE,
            value=None,
            unit=self.unit,
            threshold=threshold,
            headline=headline,
            advice="",
            why=self.why,
            evidence=self.evidence,
            strength=self.strength,
            source=self.source,
            params=limits,
            version=case.settings.versions.get(self.id, 0),
            set_by=case.settings.set_by.get(self.id, ""),
        )


def _related(one: PlannedActivity, other: PlannedActivity) -> bool:
    return not one.outcome_ids or not other.outcome_ids or not set(one.outcome_ids).isdisjoint(other.outcome_ids)


def _own_time(linked: list[PlannedActivity], near: list[PlannedActivity]) -> tuple[PlannedActivity, ...]:
    found = {activity.placement_id: activity for activity in (*linked, *near) if activity.timing == "async"}
    return tuple(found.values())


def percent(part: Amount, whole: Amount) -> Fraction:
    """A share in percent, exactly; `whole` is never 0 here, because such a rule has nothing to judge."""
    return 100 * Fraction(part) / Fraction(whole)


def _within(value: Amount, low: Fraction | None, high: Fraction | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _limits(stored: object) -> tuple[Fraction | None, Fraction | None]:
    match stored:
        case [low, high]:
            return _limit(low), _limit(high)
        case _:
            raise BadBand("expected [low, high]")


def _limit(stored: object) -> Fraction | None:
    if stored is None:
        return None
    if isinstance(stored, bool) or not isinstance(stored, int | float | str):
        raise BadBand(f"{stored!r} is no number")
    try:
        return Fraction(str(stored))
    except (ValueError, ZeroDivisionError) as error:
        raise BadBand(f"{stored!r} is no number") from error


def _shown(unit: Unit, value: Amount, beside: Amount | None) -> Quantity:
    match unit:
        case Unit.PERCENT:
            return Percent.of(value, beside=beside)
        case Unit.MINUTES:
            # Upwards: a clip of 9 min 10 is not shown as the 9 min that would have been allowed.
            return Minutes(-(-Fraction(value) // 1))
        case Unit.DAYS | Unit.WORKING_DAYS:
            return Days(exactly(value), working=unit is Unit.WORKING_DAYS)
        case _:
            # As many decimals as its limit has: 0.36 beside 0.35, 1.8 beside 1.5.
            digits = 1 if beside is None else max(1, -int(exactly(beside).as_tuple().exponent))
            return Number.of(value, digits=digits, beside=beside)


def _limit_shown(unit: Unit, limit: Fraction) -> Quantity:
    match unit:
        case Unit.PERCENT:
            return Percent(exactly(limit))
        case Unit.MINUTES:
            return Minutes.about(limit)
        case Unit.DAYS | Unit.WORKING_DAYS:
            return Days(exactly(limit), working=unit is Unit.WORKING_DAYS)
        case _:
            return Number(exactly(limit))


def threshold_of(band: Band, unit: Unit) -> tuple[str, dict[str, Param]]:
    """What is fine, as a template and what fills it: at most {ok_to}."""
    limits: dict[str, Param] = {}
    if band.ok_from is not None:
        limits["ok_from"] = _limit_shown(unit, band.ok_from)
    if band.ok_to is not None:
        limits["ok_to"] = _limit_shown(unit, band.ok_to)
    if "ok_from" in limits and limits["ok_from"] == limits.get("ok_to"):
        return gettext_noop("exactly {ok_to}"), limits
    if "ok_from" in limits and "ok_to" in limits:
        return gettext_noop("{ok_from} to {ok_to}"), limits
    return (gettext_noop("at least {ok_from}") if "ok_from" in limits else gettext_noop("at most {ok_to}")), limits
