"""Courses as lists and front pages show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from activities.models import Progress
from blendedu.kit.prepared import prepared
from courses.balance import Loads, OutdatedLoads
from courses.facts import MOMENT_ORDER
from courses.models import Design, Run, RunOffer, RunWeek, Week
from courses.queries.faces import COLUMNS, Face

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from blendedu.people.models import User
    from courses.models import Course


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in a list: its newest design, what runs now, and the blend that is stored with the design."""

    course: Course
    newest: Design | None
    running: tuple[Run, ...]
    loads: Loads | None  # None while nothing is planned, or when the stored sum is of an older form


def lines_of(courses: Iterable[Course], *, on: date) -> list[CourseLine]:
    """These courses with what a list says about them; two queries whatever their number."""
    rows = list(courses)
    keys = [course.pk for course in rows]
    newest: dict[int, Design] = {}
    for design in Design.objects.filter(course__in=keys).exclude(state=Design.State.ARCHIVED).order_by("number"):
        newest[design.course_id] = design
    running: dict[int, list[Run]] = {}
    for run in Run.objects.filter(course__in=keys, starts_on__lte=on, ends_on__gte=on).order_by("starts_on"):
        running.setdefault(run.course_id, []).append(run)
    return [
        CourseLine(
            course=course,
            newest=newest.get(course.pk),
            running=tuple(running.get(course.pk, ())),
            loads=loads_stored(newest.get(course.pk)),
        )
        for course in rows
    ]


def loads_stored(design: Design | None) -> Loads | None:
    """What is stored of a design's sums; None when there is nothing that can be read."""
    if design is None or not design.load:
        return None
    try:
        return Loads.from_json(design.load)
    except OutdatedLoads:
        return None


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer on a student's page of the course."""

    face: Face
    is_done: bool


@dataclass(frozen=True, slots=True)
class WeekHead:
    """What a week on a student's page of the course comes to."""

    number: int
    title: str
    monday: date | None
    minutes: int
    low: int
    high: int
    done: int
    count: int


@dataclass(frozen=True, slots=True)
class WeekBlock:
    """A week on a student's page of the course."""

    head: WeekHead
    lines: tuple[OfferLine, ...]
    is_now: bool


def weeks_for_student(run: Run, user: User, *, on: date) -> list[WeekBlock]:
    """All weeks of a run with this student's progress; four queries, whatever the course holds."""
    mondays = dict(_mondays(run.pk))
    titles = dict(_titles(run.design_id))
    done = {offer for offer, state in _states(user.pk, run.pk) if state in Progress.FINISHED}
    placed: dict[int, list[tuple[int, int, int, Face]]] = defaultdict(list)
    for number, position, *columns in _placed(run.pk):
        face = Face(*columns)
        placed[number].append((MOMENT_ORDER[face.moment], position, face.pk, face))
    blocks = []
    for number in sorted({*mondays, *placed}):
        faces = [face for *_order, face in sorted(placed[number])]
        lines = tuple(OfferLine(face, face.offer_id in done) for face in faces)
        monday = mondays.get(number)
        head = WeekHead(
            number=number,
            title=titles.get(number, ""),
            monday=monday,
            minutes=sum(face.minutes or 0 for face in faces),
            low=sum(face.minutes_range[0] for face in faces),
            high=sum(face.minutes_range[1] for face in faces),
            done=sum(line.is_done for line in lines),
            count=len(lines),
        )
        blocks.append(WeekBlock(head, lines, is_now=monday is not None and 0 <= (on - monday).days < 7))
    return blocks


def runs_of_student(course: Course, user: User) -> list[Run]:
    """The runs of a course that this student is in, the latest first."""
    return _runs(course.pk, user.pk)


# COST: the page that students open most, after their week.


@prepared
def _runs(course: int, user: int) -> QuerySet[Run]:
    mine = Run.objects.filter(course=course, cohort__memberships__user=user)
    return mine.select_related("design", "cohort").order_by("-starts_on", "-pk")


@prepared
def _mondays(run: int) -> QuerySet[RunWeek, tuple[int, date]]:
    return RunWeek.objects.filter(run=run).values_list("number", "monday")


@prepared
def _titles(design: int) -> QuerySet[Week, tuple[int, str]]:
    return Week.objects.filter(design=design).values_list("number", "title")


@prepared
def _placed(run: int) -> QuerySet[RunOffer, tuple[Any, ...]]:  # Any: the columns of a face
    rows = RunOffer.objects.filter(run=run, offer__withdrawn_at=None)
    return rows.order_by().values_list("week_number", "position", *COLUMNS)


@prepared
def _states(user: int, run: int) -> QuerySet[Progress, tuple[int, str]]:
    return Progress.objects.filter(user=user, offer__run_offer__run=run).values_list("offer_id", "state")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a course in the list of its versions."""

    design: Design
    runs: int
    weeks: int


def versions_of(course: Course) -> list[VersionLine]:
    """The versions of a course, newest first, with who approved them and how many runs follow them."""
    rows = Design.objects.filter(course=course).select_related("approved_by", "changed_by")
    counted = rows.annotate(run_count=Count("runs", distinct=True), week_count=Count("weeks", distinct=True))
    return [VersionLine(row, row.run_count, row.week_count) for row in counted.order_by("-number")]
