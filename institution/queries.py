"""Which rules are in force, and what the designs look like that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import StrIndex

from blendedu.people.models import Unit
from blendedu.people.queries import above, below
from courses.balance import Loads, OutdatedLoads
from courses.models import Design, Run
from institution.models import PolicyRule
from institution.policy import Demand, Result, Verdict, judge

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


# --- Rules --------------------------------------------------------------------------------------------------------


def in_force(on: date) -> QuerySet[PolicyRule]:
    """The version of each rule that holds on a day: announced for it, not withdrawn, and no later version holds yet."""
    series = PolicyRule.objects.filter(series=OuterRef("series"))
    later = series.filter(version__gt=OuterRef("version"), valid_from__lte=on)
    withdrawn = series.filter(withdrawn_on__lte=on)
    return PolicyRule.objects.filter(~Exists(later), ~Exists(withdrawn), valid_from__lte=on).select_related("unit")


def rules_over(path: str, *, on: date, course_credits: Decimal | None = None) -> QuerySet[PolicyRule]:
    """The rules in force for the unit with this path: its own and those of every unit above it; one query."""
    rules = in_force(on).annotate(starts=StrIndex(Value(path), "unit__path")).filter(starts=1)
    if course_credits is not None:
        rules = rules.filter(
            Q(credits_from__isnull=True) | Q(credits_from__lte=course_credits),
            Q(credits_to__isnull=True) | Q(credits_to__gte=course_credits),
        )
    return rules.order_by("force", "title")


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules that somebody may read: in force by unit, coming, and withdrawn."""

    in_force: tuple[PolicyRule, ...]
    coming: tuple[PolicyRule, ...]
    withdrawn: tuple[PolicyRule, ...]


def rule_book(units: Sequence[Unit], *, on: date) -> RuleBook:
    """The rules of these units, of those above and of those below them; one query."""
    above = {int(part) for unit in units for part in unit.path.strip("/").split("/") if part}
    rows = (
        PolicyRule.objects.filter(Q(unit__in=above) | below(units, field="unit__path"))
        .annotate(holds=Exists(in_force(on).filter(pk=OuterRef("pk"))))
        .select_related("unit", "announced_by", "withdrawn_by")
        .order_by("unit__path", "-force", "title", "-version")
    )
    rules = list(rows)
    ended = {rule.series for rule in rules if rule.withdrawn_on and rule.withdrawn_on <= on}
    return RuleBook(
        in_force=tuple(rule for rule in rules if rule.holds),
        coming=tuple(rule for rule in rules if rule.valid_from > on and rule.series not in ended),
        withdrawn=tuple(rule for rule in rules if rule.live and rule.series in ended),
    )


def versions_of(series: UUID) -> QuerySet[PolicyRule]:
    """All versions of a rule, newest first, with who announced them."""
    rules = PolicyRule.objects.filter(series=series).select_related("unit", "announced_by", "withdrawn_by")
    return rules.order_by("-version")


def approved_under(rules: Iterable[PolicyRule], *, on: date) -> dict[UUID, PolicyRule]:
    """The versions of these rules that held on an earlier day, by series; one query."""
    earlier = in_force(on).filter(series__in=[rule.series for rule in rules])
    return {rule.series: rule for rule in earlier}


def units_below(units: Sequence[Unit]) -> list[Unit]:
    """These units and everything below them, each after the one it belongs to."""
    return list(Unit.objects.filter(below(units)).order_by("path"))


# --- What holds for units -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A value that holds for a unit: its own, or the one of the nearest unit above that has one; None without any."""

    value: int | None
    source: Unit | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """A unit with what holds for it, and what would hold if it said nothing itself."""

    unit: Unit
    depth: int
    courses: int
    teaching_hour: Held
    small_change: Held
    teaching_hour_above: Held
    small_change_above: Held


def settings_of(units: Sequence[Unit]) -> list[UnitSettings]:
    """What holds for these units and everything below them; two queries, whatever there is."""
    shown = Unit.objects.filter(below(units)).annotate(course_count=Count("courses")).order_by("path")
    rows = list(shown)
    line = {unit.path: unit for unit in above({unit.path for unit in units})} | {unit.path: unit for unit in rows}
    least = min((_depth(unit) for unit in rows), default=0)
    return [
        UnitSettings(
            unit=unit,
            depth=_depth(unit) - least,
            courses=unit.course_count,
            teaching_hour=_held(unit, line, "teaching_hour"),
            small_change=_held(unit, line, "small_change_percent"),
            teaching_hour_above=_held(unit, line, "teaching_hour", own=False),
            small_change_above=_held(unit, line, "small_change_percent", own=False),
        )
        for unit in rows
    ]


def _depth(unit: Unit) -> int:
    return unit.path.strip("/").count("/")


def _held(unit: Unit, line: Mapping[str, Unit], column: str, *, own: bool = True) -> Held:
    steps = [path for path in line if unit.path.startswith(path) and (own or path != unit.path)]
    for path in sorted(steps, key=len, reverse=True):
        value = getattr(line[path], column)
        if value is not None:
            return Held(value, line[path], path == unit.path)
    return Held(None, None, is_own=False)


# --- Designs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """The design of a course that policy is judged by."""

    design_id: int
    course_id: int
    code: str
    title: str
    unit_path: str
    unit: str
    credits: Decimal
    coach_id: int | None
    number: int
    state: str
    running: bool
    loads: Loads | None


def subjects_in(
    units: Iterable[Unit],
    *,
    on: date,
    demand: Demand | None = None,
    within: Unit | None = None,
    after: int = 0,
    at_most: int | None = None,
) -> list[Subject]:
    """The design that counts for each course in these units and below, with its stored loads; one query.

    What counts: the design that runs on this day; else the one being made or in review; else the latest. `demand`
    leaves out courses that it is not about, `within` those outside a further unit; `after` and `at_most` cut chunks.
    """
    runs = Run.objects.filter(design=OuterRef("pk"), starts_on__lte=on, ends_on__gte=on)
    working = [Design.State.DRAFT, Design.State.IN_REVIEW]
    counting = (
        Design.objects.filter(course=OuterRef("course"))
        .annotate(
            place=Case(
                When(Exists(runs), then=Value(0)),
                When(state__in=working, then=Value(1)),
                When(state=Design.State.APPROVED, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            )
        )
        .order_by("place", "-number")
        .values("pk")
    )
    designs = Design.objects.filter(below(units, field="course__unit__path"), pk=Subquery(counting[:1]), pk__gt=after)
    if within is not None:
        designs = designs.filter(course__unit__path__startswith=within.path)
    if demand is not None and demand.credits_from is not None:
        designs = designs.filter(course__credits__gte=demand.credits_from)
    if demand is not None and demand.credits_to is not None:
        designs = designs.filter(course__credits__lte=demand.credits_to)
    rows = designs.annotate(running=Exists(runs)).values_list(
        "pk",
        "course_id",
        "course__code",
        "course__title",
        "course__unit__path",
        "course__unit__name",
        "course__credits",
        "course__coach_id",
        "number",
        "state",
        "running",
        "load",
    )
    ordered = rows.order_by("pk") if at_most is not None else rows.order_by("course__title", "pk")
    return [_subject(*row) for row in (ordered[:at_most] if at_most is not None else ordered)]


def _subject(*row: Any) -> Subject:  # Any: a row of values
    return Subject(*[*row[:-1], _loads(row[-1])])


def _loads(stored: dict[str, Any]) -> Loads | None:  # Any: JSON
    try:
        return Loads.from_json(stored)
    except OutdatedLoads:
        return None


# --- Judging ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """A course and what a rule says of it."""

    subject: Subject
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class UnitTally:
    """How many courses of a unit break a rule."""

    unit: str
    broken: int
    close: int
    courses: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """A rule over all courses that it is about."""

    demand: Demand
    judged: tuple[Judged, ...]

    def __len__(self) -> int:
        return len(self.judged)

    def __iter__(self) -> Iterator[Judged]:
        return iter(self.judged)

    def count(self, result: Result) -> int:
        return sum(1 for each in self.judged if each.verdict.result is result)

    @property
    def broken(self) -> int:
        return self.count(Result.BROKEN)

    @property
    def close(self) -> int:
        return self.count(Result.CLOSE)

    @property
    def kept(self) -> int:
        """Kept with room; those that come close are counted apart."""
        return self.count(Result.KEPT)

    @property
    def unjudged(self) -> int:
        return self.count(Result.UNJUDGED)

    @property
    def keeping(self) -> int:
        """All that keep the rule, also those that come close."""
        return self.kept + self.close

    @property
    def counted(self) -> int:
        """The courses in which there is something to judge."""
        return self.keeping + self.broken

    @property
    def percent(self) -> int | None:
        """The share that keeps the rule, rounded down: never 100 while one course breaks it."""
        return 100 * self.keeping // self.counted if self.counted else None

    @property
    def worth_naming(self) -> tuple[Judged, ...]:
        """Courses that break the rule, then those that come close, each by title."""
        order = {Result.BROKEN: 0, Result.CLOSE: 1}
        named = [each for each in self.judged if each.verdict.result in order]
        return tuple(sorted(named, key=lambda each: (order[each.verdict.result], each.subject.title)))

    @property
    def by_unit(self) -> tuple[UnitTally, ...]:
        """The units in which courses break the rule or come close, most broken first."""
        courses = Counter(each.subject.unit for each in self.judged)
        broken = Counter(each.subject.unit for each in self.judged if each.verdict.is_broken)
        close = Counter(each.subject.unit for each in self.judged if each.verdict.result is Result.CLOSE)
        tallies = [UnitTally(unit, broken[unit], close[unit], count) for unit, count in courses.items()]
        return tuple(
            sorted((each for each in tallies if each.broken or each.close), key=lambda t: (-t.broken, -t.close, t.unit))
        )


def outlook(demand: Demand, unit: Unit, subjects: Iterable[Subject]) -> Outlook:
    """Judge the courses of a unit by a demand; those elsewhere or of other sizes are left out."""
    return Outlook(
        demand,
        tuple(
            Judged(subject, judge(demand, subject.loads, subject.credits))
            for subject in subjects
            if subject.unit_path.startswith(unit.path) and demand.covers(subject.credits)
        ),
    )


@dataclass(frozen=True, slots=True)
class Flips:
    """What a change of a rule would turn over."""

    newly_broken: int
    newly_kept: int


def flips(before: Outlook, after: Outlook) -> Flips:
    """Which courses a new version of a rule turns over. A course that a version is not about does not break it."""
    broke = {each.subject.course_id for each in before if each.verdict.is_broken}
    breaks = {each.subject.course_id for each in after if each.verdict.is_broken}
    return Flips(newly_broken=len(breaks - broke), newly_kept=len(broke - breaks))
