"""Programmes without surprises: every row is valid, nothing random that a test could depend on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import factory

from blendedu.people.models import Cohort, Term
from courses.balance import loads
from courses.models import Course, Design, Run
from courses.queries.plan import plan_of
from programmes.models import CoursePlace, Programme
from tests.factories import (
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    OfferFactory,
    PlacementFactory,
    RunFactory,
    RunOfferFactory,
    TermFactory,
    UnitFactory,
)


class ProgrammeFactory(factory.django.DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"prog-{n}")
    title = factory.Sequence(lambda n: f"Programme {n}")
    unit = factory.SubFactory(UnitFactory)


class CoursePlaceFactory(factory.django.DjangoModelFactory[CoursePlace]):
    class Meta:
        model = CoursePlace

    programme = factory.SubFactory(ProgrammeFactory)
    course = factory.SubFactory(CourseFactory)
    term = factory.SubFactory(TermFactory)


def designed(
    title: str,
    minutes: list[int],
    *,
    state: str = "approved",
    course: Course | None = None,
    number: int = 1,
    **activity: Any,
) -> Design:
    """A design with one activity of so many minutes in each week, and its load stored."""
    course = course or CourseFactory(title=title)
    design = DesignFactory(course=course, state=state, number=number, weeks=len(minutes))
    for week, amount in enumerate(minutes, start=1):
        PlacementFactory(
            design=design,
            week_number=week,
            activity=ActivityFactory(title=f"{title} {week}", minutes=amount, **activity),
        )
    store_load(design)
    return design


def store_load(design: Design) -> None:
    """What the Studio does after every change of the plan."""
    design.load = loads(plan_of(design))
    design.save(update_fields=["load"])


def running(design: Design, *, starts_on: date, cohort: Cohort | None = None) -> Run:
    """A run of a design."""
    more = {"cohort": cohort} if cohort else {}
    return RunFactory(course=design.course, design=design, starts_on=starts_on, ends_on=date(2027, 1, 31), **more)


def due(run: Run, title: str, at: datetime, *, assessment: str = "summative", **activity: Any) -> None:
    """Something of a run that is due; not placed in a week of its own, so that no hours change."""
    made = ActivityFactory(title=title, minutes=None, assessment=assessment, **activity)
    offer = OfferFactory(activity=made, cohort=run.cohort, opens_at=at, due_at=at)
    RunOfferFactory(run=run, activity=made, offer=offer)


def placed(programme: Programme, term: Term, *designs: Design) -> None:
    """Give the courses of these designs a place in a term."""
    for design in designs:
        CoursePlaceFactory(programme=programme, term=term, course=design.course)
