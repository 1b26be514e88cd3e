"""The demo world as a whole: built once, the same every time, with today in the second week of the courses that run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from blendedu.demo import (
    courses,
    decisions,
    drafts,
    marketing,
    neighbours,
    people,
    policy,
    starting,
    student_work,
    worker,
)
from blendedu.people.models import User
from courses.calendar import monday_of
from courses.queries.runs import calendar_of
from courses.services import environments
from courses.services.runs import open_run
from programmes.models import CoursePlace, OutcomeAim, Programme, ProgrammeOutcome

if TYPE_CHECKING:
    from courses.models import Course, Design, Run

WEEK = timedelta(weeks=1)


class NotAllowed(Exception):
    """Demo accounts have a password that everybody knows: they are not made here."""


@dataclass
class World:
    """Where everything is, for whoever walks through it."""

    people: people.People
    now: datetime
    courses: dict[str, Course] = field(default_factory=dict)
    designs: dict[str, Design] = field(default_factory=dict)  # by course and version: "MKC-101/3"
    runs: dict[str, Run] = field(default_factory=dict)
    programme: Programme = field(default_factory=Programme)


def is_there() -> bool:
    """Whether anybody has an account: then nothing is built over it."""
    return User.objects.exists()


def build(*, at: datetime | None = None) -> World:
    """Build the demo world in an empty database. Raises NotAllowed where demo accounts are not."""
    if settings.PRODUCTION or not settings.BLENDEDU_DEMO:
        raise NotAllowed("The demo world is not built here: BLENDEDU_DEMO is off, or this is production.")
    now = at or timezone.now()
    with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        world = _build(now)
        # What the services left for a worker is done already, and the mails count as sent: nobody needs to be woken.
        connection.run_on_commit.clear()
    return world


def _build(now: datetime) -> World:
    today = timezone.localdate(now)
    world = World(people.build(at=now, today=today), now)
    first_monday = monday_of(today) - WEEK
    first_rules = policy.build(world.people, now=now)
    _marketing(world, first_monday)
    _beside(world, first_monday)
    _others(world, first_monday)
    _programme(world)
    _limits(world, first_monday)
    _open_runs(world, first_monday)
    student_work.build(world.runs, world.people, monday=first_monday, now=now)
    policy.renew(world.people, first_rules, now=now)
    _next_version(world)
    starting.library(world.designs["MKC-101/2"], by=world.people.staff["lecturer"], at=_day(first_monday - 3 * WEEK))
    starting.paste(
        world.courses["BRA-103"], by=world.people.staff["lecturer"], at=_day(today - timedelta(days=1), time(16, 40))
    )
    drafts.gather(world.designs["SAL-102/1"], by=world.people.staff["psychologist"], at=now - timedelta(minutes=10))
    worker.work_off(now)
    worker.settle_notices()
    return world


def _day(day: date, clock: time = time(9, 30)) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _marketing(world: World, first_monday: date) -> None:
    staff, units = world.people.staff, world.people.units
    course = courses.make_course(
        "MKC-101",
        "Marketing Communication",
        course_credits="5",
        unit=units["commerce"],
        coach=staff["coach"],
        lecturers=[staff["lecturer"]],
        summary=marketing.SUMMARY,
    )
    by = staff["lecturer"]
    first = courses.write_design(course, marketing.FIRST_SHAPE, by=by, at=_day(first_monday - 60 * WEEK))
    courses.archive(first, by=staff["coach"], at=_day(first_monday - 56 * WEEK))
    second = courses.write_design(course, marketing.SHAPE, by=by, at=_day(first_monday - 9 * WEEK), number=2)
    drafts.approve_by_review(
        second,
        lecturer=by,
        coach=staff["coach"],
        answer="A good balance, and every session has a preparation that it uses. Approved.",
        at=_day(first_monday - 6 * WEEK),
    )
    world.courses[course.code] = course
    world.designs |= {"MKC-101/1": first, "MKC-101/2": second}


def _beside(world: World, first_monday: date) -> None:
    """The other courses of the same students, at other stages."""
    staff = world.people.staff
    told = (
        ("STAT-101", "Statistics 1", "2.5", "colleague", neighbours.STATISTICS, True),
        ("CONS-101", "Consumer Behaviour", "2", "psychologist", neighbours.CONSUMERS, True),
        ("ACW-101", "Academic Writing", "1.5", "psychologist", neighbours.WRITING, False),
        ("LAW-102", "Law for Marketers", "2.5", "colleague", neighbours.LAW, True),
    )
    for code, title, points, lecturer, shape, approved in told:
        course = courses.make_course(
            code,
            title,
            course_credits=points,
            unit=world.people.units["commerce"],
            coach=staff["coach"],
            lecturers=[staff[lecturer]],
        )
        design = courses.write_design(course, shape, by=staff[lecturer], at=_day(first_monday - 8 * WEEK))
        if approved:
            courses.approve(design, by=staff["coach"], at=_day(first_monday - 5 * WEEK))
        world.courses[code], world.designs[f"{code}/1"] = course, design
    drafts.ask(
        world.designs["ACW-101/1"],
        by=staff["psychologist"],
        note="The groups of three in week 4 are new. Is the feedback early enough for the final text?",
        at=_day(first_monday + timedelta(days=3)),
    )
    # Nobody has begun to design this one.
    world.courses["BRA-103"] = courses.make_course(
        "BRA-103",
        "Branding Studio",
        course_credits="5",
        unit=world.people.units["commerce"],
        coach=staff["coach"],
        lecturers=[staff["lecturer"]],
        summary="A studio for second-years. The design begins this spring.",
    )


def _others(world: World, first_monday: date) -> None:
    """Courses of which little is told, over three faculties."""
    staff = world.people.staff
    for told in neighbours.SMALL:
        course = courses.make_course(
            told.code,
            told.title,
            course_credits=told.credits,
            unit=world.people.units[told.unit],
            coach=staff[told.coach] if told.coach else None,
            lecturers=[staff[told.lecturer]],
        )
        made_at = _day(first_monday - 10 * WEEK)  # approved when the first rules of policy held
        design = courses.write_design(course, neighbours.small_shape(told), by=staff[told.lecturer], at=made_at)
        if told.approved:
            courses.approve(design, by=staff[told.coach or "second_coach"], at=made_at + WEEK)
        world.courses[told.code], world.designs[f"{told.code}/1"] = course, design


def _programme(world: World) -> None:
    people_, (first, second) = world.people, world.people.terms
    world.programme = Programme.objects.create(
        code="CE-1",
        title="Commercial Economics, year 1",
        unit=people_.units["commerce"],
        credits=60,
        week_hours_max=26,
    )
    mechanics = Programme.objects.create(
        code="ME-1", title="Mechanical Engineering, year 1", unit=people_.units["engineering"], credits=60
    )
    places = [
        (world.programme, first, ("MKC-101", "STAT-101", "CONS-101")),
        (world.programme, second, ("FIN-101", "ENG-101", "RES-101", "SAL-102", "ACW-101", "LAW-102", "BRA-103")),
        (mechanics, first, ("MEC-101", "MEC-110", "ELE-101")),
        (mechanics, second, ("SOF-101",)),
    ]
    CoursePlace.objects.bulk_create(
        CoursePlace(
            programme=programme, course=world.courses[code], term=term, compulsory=code not in {"LAW-102", "BRA-103"}
        )
        for programme, term, codes in places
        for code in codes
    )

    _aims(world)


def _aims(world: World) -> None:
    """What graduates can do, and which outcomes of the courses work towards it; the second half of the year is open."""
    outcomes = ProgrammeOutcome.objects.bulk_create(
        ProgrammeOutcome(programme=world.programme, number=number, text=text)
        for number, text in enumerate(
            (
                "Plan a campaign for an audience and account for the choices",
                "Ground a decision in data",
                "Write for readers inside and outside of the field",
                "Judge what professional practice asks for and act on it",
            ),
            start=1,
        )
    )
    told = (
        ("MKC-101/2", 2, 1, "introduced"),
        ("MKC-101/2", 3, 1, "reinforced"),
        ("CONS-101/1", 2, 1, "introduced"),
        ("STAT-101/1", 1, 2, "introduced"),
        ("STAT-101/1", 3, 2, "reinforced"),
        ("ACW-101/1", 1, 3, "introduced"),
        ("ACW-101/1", 2, 3, "mastered"),
    )
    OutcomeAim.objects.bulk_create(
        OutcomeAim(
            programme_outcome=outcomes[aimed - 1],
            course=world.designs[design].course,
            outcome_key=world.designs[design].outcomes.get(number=number).key,
            treatment=treatment,
        )
        for design, number, aimed, treatment in told
    )


def _limits(world: World, first_monday: date) -> None:
    staff = world.people.staff
    decisions.set_limits(
        world.people.units["commerce"],
        world.programme,
        administrator=staff["administrator"],
        director=staff["director"],
        at=_day(first_monday - 2 * WEEK),
    )
    # As the database has them now, with the limits that hold for them.
    for course in world.courses.values():
        course.refresh_from_db(fields=["framework"])


def _open_runs(world: World, first_monday: date) -> None:
    staff = world.people.staff
    told = (
        ("MKC-101/2", world.people.cohort, "lecturer"),
        ("STAT-101/1", world.people.cohort, "colleague"),
        ("CONS-101/1", world.people.cohort, "psychologist"),
        ("MEC-101/1", world.people.outsiders, "engineer"),
    )
    for key, cohort, lecturer in told:
        design = world.designs[key]
        world.runs[design.course.code] = open_run(
            design,
            cohort=cohort,
            name="Semester 1",
            starts_on=first_monday,
            holidays=calendar_of(design.course.unit).holidays,
            at=_day(first_monday - WEEK, time(16, 0)),
            by=staff[lecturer],
        )


def _next_version(world: World) -> None:
    """Version 3, approved, waits for the run; version 4 is what the lecturer made yesterday afternoon."""
    staff = world.people.staff
    begun = _day(timezone.localdate(world.now) - timedelta(days=1), time(14, 10))
    waiting = drafts.adjust(
        world.designs["MKC-101/2"], lecturer=staff["lecturer"], coach=staff["coach"], at=begun - timedelta(days=2)
    )
    draft = drafts.rework(waiting, by=staff["lecturer"], at=begun)
    environments.answer_environments(
        draft.course, **marketing.ENVIRONMENTS, version=0, by=staff["lecturer"], at=begun + timedelta(hours=1)
    )
    draft.refresh_from_db(fields=["course"])
    decisions.answer(draft, by=staff["lecturer"], at=begun + timedelta(hours=1))
    drafts.talk_about(draft, lecturer=staff["lecturer"], coach=staff["coach"], at=begun + timedelta(hours=2))
    world.designs |= {"MKC-101/3": waiting, "MKC-101/4": draft}
