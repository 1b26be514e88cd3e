"""The outcomes of a programme and the outcomes of its courses that work towards them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery

from courses.models import Course, Design, Outcome
from programmes.mapping import CurriculumMap, MappedCourse, MappedOutcome, Tie, curriculum_map
from programmes.models import CoursePlace, OutcomeAim, ProgrammeOutcome

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from programmes.models import Programme

Wanted = dict[tuple[int, str], str]  # how an outcome of the course (by key) is treated for one of the programme


@dataclass(frozen=True, slots=True)
class MapPage:
    """The map of a programme."""

    outcomes: tuple[ProgrammeOutcome, ...]  # each with `aim_count`
    map: CurriculumMap
    lost: int  # links of outcomes that their course has dropped since


@dataclass(frozen=True, slots=True)
class CourseAims:
    """What a course works towards in a programme."""

    course: Course
    outcomes: tuple[Outcome, ...]  # of the newest version of the course
    programme_outcomes: tuple[ProgrammeOutcome, ...]
    aims: Wanted
    seen: str


def map_page(programme: Programme) -> MapPage:
    """The map; four queries, whatever it holds."""
    places = CoursePlace.objects.filter(programme=programme).select_related("course", "term")
    terms: dict[int, int] = {}
    courses: dict[int, MappedCourse] = {}
    for place in places.order_by("term__starts_on", "term_id", "-compulsory", "course__title"):
        term = terms.setdefault(place.term_id, len(terms))
        course = place.course
        courses.setdefault(course.pk, MappedCourse(course.pk, course.code, course.title, term, place.compulsory))
    outcomes = tuple(programme.outcomes.annotate(aim_count=Count("aims")).order_by("number"))
    known = _keys_of(courses)
    aims = OutcomeAim.objects.filter(programme_outcome__programme=programme, course__in=courses).values_list(
        "programme_outcome_id", "course_id", "outcome_key", "treatment"
    )
    ties, lost = [], 0
    for outcome, course_pk, key, treatment in aims:
        if (course_pk, str(key)) in known:
            ties.append(Tie(outcome, course_pk, treatment))
        else:
            lost += 1
    mapped = (MappedOutcome(each.pk, each.number, each.text) for each in outcomes)
    return MapPage(outcomes, curriculum_map(mapped, tuple(courses.values()), ties), lost)


def aims_page(programme: Programme, course: Course) -> CourseAims:
    """What a course works towards; three queries."""
    aims = aims_in(programme, course)
    return CourseAims(
        course=course,
        outcomes=tuple(_newest_outcomes([course.pk]).order_by("number")),
        programme_outcomes=tuple(programme.outcomes.order_by("number")),
        aims=aims,
        seen=fingerprint(aims),
    )


def aims_in(programme: Programme, course: Course) -> Wanted:
    """The links of a course to the outcomes of a programme; one query."""
    rows = OutcomeAim.objects.filter(programme_outcome__programme=programme, course=course)
    return {
        (outcome, str(key)): treatment
        for outcome, key, treatment in rows.values_list("programme_outcome_id", "outcome_key", "treatment")
    }


def fingerprint(aims: Wanted) -> str:
    """A short sign of what a page was drawn from; it differs as soon as anybody changed any of it."""
    said = sorted((outcome, key, treatment) for (outcome, key), treatment in aims.items())
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def is_in(programme: Programme, course: Course) -> bool:
    """Whether a course has a place in a programme."""
    return CoursePlace.objects.filter(programme=programme, course=course).exists()


def _newest_outcomes(courses: Iterable[int]) -> QuerySet[Outcome]:
    newest = Design.objects.filter(course=OuterRef("design__course")).order_by("-number")
    return Outcome.objects.filter(design__course__in=list(courses), design=Subquery(newest.values("pk")[:1]))


def _keys_of(courses: Iterable[int]) -> set[tuple[int, str]]:
    rows = _newest_outcomes(courses).values_list("design__course", "key")
    return {(course, str(key)) for course, key in rows}
