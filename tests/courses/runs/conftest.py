"""A course with an approved design that is taught, and the people around it."""

from datetime import date
from types import SimpleNamespace

import pytest

from blendedu.people.models import Unit
from courses.models import Design
from tests.factories import (
    ActivityFactory,
    CohortFactory,
    CourseFactory,
    DesignFactory,
    GroupFactory,
    HolidayFactory,
    MembershipFactory,
    PlacementFactory,
    RunFactory,
    RunOfferFactory,
    TermFactory,
    UserFactory,
)


@pytest.fixture
def lecturer():
    return UserFactory(name="Eva Vos", email="eva@example.org")


@pytest.fixture
def coach():
    return UserFactory(name="Sanne de Wit")


@pytest.fixture
def unit():
    unit = Unit.objects.create(name="School of Communication", path="/0/")
    unit.path = f"/{unit.pk}/"
    unit.save()
    return unit


@pytest.fixture
def course(unit, lecturer, coach):
    return CourseFactory(code="mkc-101", title="Marketing Communication", unit=unit, lecturer=lecturer, coach=coach)


@pytest.fixture
def term(unit):
    """From 9 November to 31 January, with two weeks of holiday from 21 December."""
    term = TermFactory(unit=unit)
    HolidayFactory(term=term)
    return term


@pytest.fixture
def design(course):
    """Three weeks; week 1 prepares, meets on Thursday at two and follows up."""
    design = DesignFactory(course=course, state=Design.State.APPROVED, weeks=3)
    clip = ActivityFactory(title="Read chapter 1")
    session = ActivityFactory(
        title="Case study",
        type_key="session",
        timing="sync",
        minutes=90,
        config={"weekday": 3, "starts": "14:00", "room": "B2.14", "link": "https://meet.example.org/x"},
    )
    upload = ActivityFactory(title="Upload the result", type_key="upload", grouping="group", feedback_days=10)
    PlacementFactory(design=design, activity=clip, moment="before")
    PlacementFactory(design=design, activity=session, moment="together")
    PlacementFactory(design=design, activity=upload, moment="after")
    return design


@pytest.fixture
def running(course, term):
    """A run that began on 16 November, with three students, of whom two are in Group A, and an upload of 10 points."""
    cohort = CohortFactory(unit=course.unit, name="MKC 2026")
    run = RunFactory(course=course, cohort=cohort)
    group = GroupFactory(cohort=cohort, name="Group A")
    students = [UserFactory(name=name) for name in ("Ann Peeters", "Bo Li", "Cy Young")]
    members = [
        MembershipFactory(cohort=cohort, user=student, group=group if place < 2 else None)
        for place, student in enumerate(students)
    ]
    upload = ActivityFactory(
        title="Upload the result",
        type_key="upload",
        assessment="formative",
        feedback_by="lecturer",
        feedback_days=10,
        config={"max_points": 10},
    )
    run_offer = RunOfferFactory(run=run, activity=upload, moment="after")
    return SimpleNamespace(
        run=run,
        course=course,
        cohort=cohort,
        group=group,
        students=students,
        members=members,
        run_offer=run_offer,
        offer=run_offer.offer,
    )


TODAY = date(2026, 11, 18)
