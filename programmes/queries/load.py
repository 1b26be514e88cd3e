"""What a programme holds: its courses in their terms, and what they ask of a cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from blendedu.kit.minutes import ends_of
from blendedu.people.models import Holiday, Term
from courses.balance import Loads, OutdatedLoads
from courses.calendar import teaching_weeks
from courses.facts import MOMENTS
from courses.models import Course, Design, Placement, Run, RunOffer, RunWeek
from programmes.load import (
    Basis,
    Blocks,
    Column,
    CourseLoad,
    CourseWeek,
    Deadline,
    Due,
    Item,
    LoadTable,
    add_up,
    lay_out,
)
from programmes.models import CoursePlace

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blendedu.people.models import Cohort
    from programmes.ceilings import Ceiling
    from programmes.models import Programme


# --- The courses of a programme -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TermCourses:
    """A term of the programme with the courses in it."""

    term: Term
    places: tuple[CoursePlace, ...]

    @property
    def credits(self) -> object:
        """The credits of the courses, added up."""
        return sum(place.course.credits for place in self.places)


def with_sizes(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes with `course_count` and `coachless_count`, for a list."""
    places = CoursePlace.objects.filter(programme=OuterRef("pk")).order_by().values("programme")
    return programmes.annotate(
        course_count=Subquery(places.annotate(n=Count("course", distinct=True)).values("n")),
        coachless_count=Subquery(
            places.filter(course__coach=None).annotate(n=Count("course", distinct=True)).values("n")
        ),
    )


def courses_of(programme: Programme) -> QuerySet[Course]:
    """The courses of a programme, in whatever term."""
    return Course.objects.filter(pk__in=CoursePlace.objects.filter(programme=programme).values("course"))


def courses_by_term(programme: Programme, *, on: date) -> tuple[TermCourses, ...]:
    """The courses of each term with coach, lecturers, `design_state`, `design_number` and `is_running`; two queries."""
    latest = Design.objects.filter(course=OuterRef("course")).order_by("-number")
    running = Run.objects.filter(course=OuterRef("course"), starts_on__lte=on, ends_on__gte=on)
    places = (
        CoursePlace.objects.filter(programme=programme)
        .select_related("term", "course__coach")
        .prefetch_related("course__lecturers")
        .annotate(
            design_state=Subquery(latest.values("state")[:1]),
            design_number=Subquery(latest.values("number")[:1]),
            is_running=Exists(running),
        )
        .order_by("term__starts_on", "term_id", "course__title")
    )
    terms: dict[int, list[CoursePlace]] = defaultdict(list)
    for place in places:
        terms[place.term_id].append(place)
    return tuple(TermCourses(places[0].term, tuple(places)) for places in terms.values())


# --- Study load ---------------------------------------------------------------------------------------------------


_NO_DAY = date.min  # of a week that does not yet stand in a calendar


class NotThere(LookupError):
    """The programme has no such term, cohort, week or course."""


@dataclass(frozen=True, slots=True)
class TermLoad:
    """What the courses of one term ask of one cohort, week by week, and the activities behind it."""

    terms: tuple[Term, ...]
    term: Term | None
    cohorts: tuple[Cohort, ...]
    cohort: Cohort | None
    table: LoadTable
    items: tuple[Item, ...]

    def items_of(self, monday: date, code: str = "") -> tuple[Item, ...]:
        """The activities of a week of the calendar, of all courses or of one."""
        weeks = {
            (row.course.code, cell.number)
            for row in self.table.rows
            for cell in row.cells
            if cell.monday == monday and cell.number is not None and code in ("", row.course.code)
        }
        return tuple(item for item in self.items if (item.course_code, item.week) in weeks)

    def choice_of(self, monday: date | None, code: str) -> Choice | None:
        """The cell or the week that somebody chose, None without one; NotThere where there is no such place."""
        if monday is None:
            return None
        column, row = self.table.column_on(monday), self.table.row_of(code) if code else None
        if column is None or (code and row is None):
            raise NotThere
        rows = (row,) if row else self.table.rows
        return Choice(
            column=column,
            course=row.course if row else None,
            minutes=sum(cell.minutes for each in rows for cell in each.cells if cell.monday == monday),
            low=sum(cell.low for each in rows for cell in each.cells if cell.monday == monday),
            high=sum(cell.high for each in rows for cell in each.cells if cell.monday == monday),
            items=self.items_of(monday, code),
            dues=tuple(
                Due(each.course.title, deadline)
                for each in rows
                for cell in each.cells
                if cell.monday == monday
                for deadline in cell.deadlines
            ),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure of the table with the activities that make it: one course's week, or the week of all."""

    column: Column
    course: CourseLoad | None
    minutes: int
    low: int
    high: int
    items: tuple[Item, ...]
    dues: tuple[Due, ...]


def load_of(
    programme: Programme,
    *,
    on: date,
    ceiling: Ceiling,
    term_id: int | None = None,
    cohort_id: int | None = None,
) -> TermLoad:
    """The study load of a term; NotThere if the programme has no such term or nobody of that cohort learns in it.

    Without a term, the one that is going on, or else the next, or else the last. A course counts with its run for the
    cohort, or else its latest run in the term, or else its design laid on the weeks of the term. Six queries.
    """
    places = list(
        CoursePlace.objects.filter(programme=programme)
        .select_related("term", "course")
        .order_by("term__starts_on", "term_id", "-compulsory", "course__title")
    )
    terms = tuple({place.term_id: place.term for place in places}.values())
    term = _chosen_term(terms, term_id, on)
    if term is None:
        if term_id or cohort_id:
            raise NotThere
        return TermLoad((), None, (), None, lay_out((), ceiling=ceiling.minutes), ())
    mine = [place for place in places if place.term_id == term.pk]
    weeks_of = _weeks_of_runs([place.course_id for place in mine], term)
    runs = [weeks[0].run for weeks in weeks_of.values()]
    cohorts = _cohorts(runs)
    cohort = next((each for each in cohorts if each.pk == cohort_id), None) if cohort_id else next(iter(cohorts), None)
    if cohort_id and cohort is None:
        raise NotThere
    chosen = {course_id: _chosen_run(runs, course_id, cohort) for course_id in (place.course_id for place in mine)}
    designs, week_counts = _designs(mine, chosen)
    holidays = tuple(Holiday.objects.filter(term=term).order_by("starts_on"))
    placements = _placements(designs.values())
    dues = _dues([run.pk for run in chosen.values() if run is not None])
    courses = []
    items: list[Item] = []
    for place in mine:
        course, design, run = place.course, designs.get(place.course_id), chosen[place.course_id]
        planned = placements.get(design.pk, []) if design else []
        weeks: tuple[CourseWeek, ...] = ()
        deadlines: tuple[Deadline, ...] = ()
        if design and run:
            mondays = {week.number: week.monday for week in weeks_of[run.pk]}
            weeks, deadlines = _weeks(design, planned, mondays), tuple(dues.get(run.pk, ()))
        elif design:
            laid = teaching_weeks(term.starts_on, week_counts[design.pk], holidays)
            weeks = _weeks(design, planned, {week.number: week.monday for week in laid})
            deadlines = _planned_deadlines(planned, {week.number: week.sunday for week in laid})
        courses.append(
            CourseLoad(
                code=course.code,
                title=course.title,
                credits=course.credits,
                basis=Basis.RUN if run else Basis.PLAN if any(week.minutes for week in weeks) else Basis.NONE,
                design_id=design.pk if design else None,
                version=design.number if design else None,
                cohort=run.cohort.name if run else "",
                has_coach=course.coach_id is not None,
                compulsory=place.compulsory,
                weeks=weeks,
                deadlines=deadlines,
            )
        )
        items += [placed.as_item(course.code, course.title) for placed in planned if placed.week is not None]
    table = lay_out(courses, ceiling=ceiling.minutes, begins=term.starts_on, holidays=holidays)
    return TermLoad(terms, term, cohorts, cohort, table, tuple(items))


@dataclass(frozen=True, slots=True)
class _Placed:
    design_id: int
    week: int | None
    moment: str
    position: int
    title: str
    minutes: int | None
    timing: str
    environment: str
    assessment: str
    required: bool
    minutes_low: int | None
    minutes_high: int | None

    @property
    def minutes_range(self) -> tuple[int, int]:
        return ends_of(self.minutes, self.minutes_low, self.minutes_high)

    @property
    def is_deadline(self) -> bool:
        return is_deadline(self.assessment, required=self.required)

    def as_item(self, code: str, course: str) -> Item:
        return Item(
            course_code=code,
            course=course,
            week=self.week or 0,
            title=self.title,
            minutes=self.minutes,
            timing=self.timing,
            environment=self.environment,
            moment=self.moment,
            required=self.required,
            minutes_low=self.minutes_low,
            minutes_high=self.minutes_high,
        )


def is_deadline(assessment: str, *, required: bool) -> bool:
    """Something required that is handed in or taken and looked at by somebody: as WeekLoads counts it."""
    return assessment == "summative" or (assessment != "none" and required)


def _chosen_term(terms: tuple[Term, ...], term_id: int | None, on: date) -> Term | None:
    if term_id is not None:
        return next((term for term in terms if term.pk == term_id), None)
    going_on = [term for term in terms if term.starts_on <= on <= term.ends_on]
    coming = [term for term in terms if term.starts_on > on]
    return next(iter([*going_on, *coming, *reversed(terms)]), None)


def _weeks_of_runs(course_ids: Iterable[int], term: Term) -> dict[int, list[RunWeek]]:
    """The weeks of the runs that touch the term, by run, latest run first."""
    rows = (
        RunWeek.objects.filter(run__course__in=list(course_ids))
        .filter(run__starts_on__lte=term.ends_on, run__ends_on__gte=term.starts_on)
        .select_related("run__cohort")
        .order_by("-run__starts_on", "run_id", "number")
    )
    weeks: dict[int, list[RunWeek]] = defaultdict(list)
    for week in rows:
        weeks[week.run_id].append(week)
    return weeks


def _cohorts(runs: Iterable[Run]) -> tuple[Cohort, ...]:
    """The cohorts of these runs; the one with most courses first, because it is the one the table is about."""
    found: dict[int, tuple[Cohort, set[int]]] = {}
    for run in runs:
        found.setdefault(run.cohort_id, (run.cohort, set()))[1].add(run.course_id)
    ordered = sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0].name, pair[0].pk))
    return tuple(cohort for cohort, _courses in ordered)


def _chosen_run(runs: Iterable[Run], course_id: int, cohort: Cohort | None) -> Run | None:
    of_course = [run for run in runs if run.course_id == course_id]
    of_cohort = [run for run in of_course if cohort is not None and run.cohort_id == cohort.pk]
    return next(iter([*of_cohort, *of_course]), None)


def _designs(
    places: Iterable[CoursePlace], chosen: Mapping[int, Run | None]
) -> tuple[dict[int, Design], dict[int, int]]:
    """The design that counts for each course, and its last week: the run's, or else the latest that is not archived."""
    run_designs = [run.design_id for run in chosen.values() if run is not None]
    without = [place.course_id for place in places if chosen[place.course_id] is None]
    latest = Design.objects.filter(course=OuterRef("course")).exclude(state=Design.State.ARCHIVED).order_by("-number")
    rows = (
        Design.objects.filter(Q(pk__in=run_designs) | Q(course__in=without, pk=Subquery(latest.values("pk")[:1])))
        .annotate(last_week=Max("weeks__number"))
        .only("course_id", "number", "load")
    )
    designs = list(rows)
    return {design.course_id: design for design in designs}, {each.pk: each.last_week or 0 for each in designs}


def _placements(designs: Iterable[Design]) -> dict[int, list[_Placed]]:
    moments = [When(moment=moment, then=Value(order)) for order, moment in enumerate(MOMENTS)]
    rows = (
        Placement.objects.filter(design__in=[design.pk for design in designs], week__isnull=False)
        .annotate(moment_order=Case(*moments, default=Value(len(MOMENTS)), output_field=IntegerField()))
        .order_by("week__number", "moment_order", "position", "pk")
        .values_list(
            "design_id",
            "week__number",
            "moment",
            "position",
            "activity__title",
            "activity__minutes",
            "activity__timing",
            "activity__environment",
            "activity__assessment",
            "activity__required",
            "activity__minutes_low",
            "activity__minutes_high",
        )
    )
    placements: dict[int, list[_Placed]] = defaultdict(list)
    for row in rows:
        placed = _Placed(*row)
        placements[placed.design_id].append(placed)
    return placements


def _dues(run_ids: Iterable[int]) -> dict[int, list[Deadline]]:
    rows = (
        RunOffer.objects.filter(run__in=list(run_ids), offer__withdrawn_at=None)
        .exclude(offer__activity__assessment="none")
        .values_list(
            "run_id",
            "offer__due_at",
            "offer__activity__title",
            "offer__activity__assessment",
            "offer__activity__required",
        )
    )
    dues: dict[int, list[Deadline]] = defaultdict(list)
    for run_id, due_at, title, assessment, required in rows:
        if is_deadline(assessment, required=required):
            day = timezone.localtime(due_at).date()
            dues[run_id].append(Deadline(title, day, summative=assessment == "summative"))
    return dues


def _planned_deadlines(placed: Iterable[_Placed], sundays: Mapping[int, date]) -> tuple[Deadline, ...]:
    """Deadlines of a design without a run: the week is known, the day is not, so the last day of the week."""
    return tuple(
        Deadline(each.title, sundays[each.week], summative=each.assessment == "summative", exact=False)
        for each in placed
        if each.is_deadline and each.week is not None and each.week in sundays
    )


def _weeks(design: Design, placed: Iterable[_Placed], mondays: Mapping[int, date]) -> tuple[CourseWeek, ...]:
    figures = _figures(design, placed)
    return tuple(
        replace(figures[number], monday=monday) if number in figures else CourseWeek(monday, number, 0, {})
        for number, monday in sorted(mondays.items())
    )


def _figures(design: Design, placed: Iterable[_Placed]) -> dict[int, CourseWeek]:
    """What each week asks: as stored with the design, or added up where nothing (or an old form) is stored."""
    try:
        stored = Loads.from_json(design.load)
    except OutdatedLoads:
        by_week: dict[int, list[_Placed]] = defaultdict(list)
        for each in placed:
            by_week[each.week or 0].append(each)
        return {number: _added_up(number, some) for number, some in by_week.items()}
    return {
        week.number: CourseWeek(_NO_DAY, week.number, week.minutes, _pairs(week.blocks), week.low, week.high)
        for week in stored.weeks
    }


def _added_up(number: int, placed: Iterable[_Placed]) -> CourseWeek:
    placed = list(placed)
    blocks = add_up({(each.environment, each.timing): each.minutes or 0} for each in placed)
    ranges = [each.minutes_range for each in placed]
    return CourseWeek(
        _NO_DAY,
        number,
        sum(blocks.values()),
        blocks,
        sum(low for low, _high in ranges),
        sum(high for _low, high in ranges),
    )


def _pairs(blocks: Mapping[str, int]) -> Blocks:
    pairs = {}
    for key, minutes in blocks.items():
        environment, _colon, timing = key.partition(":")
        pairs[environment, timing] = minutes
    return pairs
