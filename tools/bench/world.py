"""What there is to measure with: a course that runs for two hundred students, designs, quizzes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils.crypto import get_random_string

from activities.models import Activity, Answer, Attempt, Offer
from activities.services.questions import paper_for
from blendedu.demo.courses import Card, Shape, WeekOf, approve, card, write_design
from blendedu.journal.models import Notice
from blendedu.people.models import Appointment, Cohort, Group, Membership, Unit, User
from courses.balance import loads
from courses.calendar import monday_of
from courses.models import Course, Design, Placement, RunOffer, Teaching, Week
from courses.queries.plan import plan_of
from courses.services.runs import open_run

WEEKS, PER_WEEK = 8, 5
NOBODY_KNOWS = "!"  # a password that no text matches
GROUP = 5


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    students: int = 200
    rounds: int = 5  # complete attempts of each student
    pages: int = 2000  # requests of each page
    backlog: int = 2000
    designs: int = 1000


QUICK = Size(students=20, rounds=1, pages=60, backlog=60, designs=50)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    user: User
    cookie: str
    token: str


@dataclass(frozen=True)
class World:
    """Where everything is."""

    size: Size
    students: list[Person]
    lecturers: list[Person]  # each designs the course of the same place in `studios`
    administrator: Person
    unit: Unit
    course: Course
    quizzes: list[RunOffer]
    studios: list[Course]
    large: Course

    def page(self, quiz: RunOffer) -> str:
        return reverse("courses:activity", args=[self.course.code, quiz.pk])


# --- Questions -------------------------------------------------------------------------------------------------------


def _single(key: str) -> dict[str, Any]:
    return {
        "kind": "single",
        "key": key,
        "text": "What decides a campaign **first**, before a word of it is written?",
        "points": "2",
        "general_feedback": "The audience comes first: channel, message and budget follow from it.",
        "shuffle": True,
        "choices": [
            {"key": "a", "text": "Who it is for", "share": "100", "feedback": "Well seen."},
            {"key": "b", "text": "What it costs", "share": "0", "feedback": "That comes later."},
            {"key": "c", "text": "Where it is shown", "share": "0", "feedback": "That follows from the audience."},
            {"key": "d", "text": "What others do", "share": "0", "feedback": ""},
        ],
    }


def _multiple(key: str) -> dict[str, Any]:
    return {
        "kind": "multiple",
        "key": key,
        "text": "Which of these are *segments*, and not channels?",
        "points": "2",
        "general_feedback": "A segment is a group of people.",
        "shuffle": True,
        "scoring": "partial",
        "choices": [
            {"key": "a", "text": "Young parents", "right": True, "feedback": ""},
            {"key": "b", "text": "Posters", "right": False, "feedback": "A poster is a channel."},
            {"key": "c", "text": "First-year students", "right": True, "feedback": ""},
            {"key": "d", "text": "Radio", "right": False, "feedback": "Radio is a channel."},
        ],
    }


QUESTIONS: list[dict[str, Any]] = [
    *(_single(f"single{number}") for number in range(1, 5)),
    *(_multiple(f"multiple{number}") for number in range(1, 3)),
    {
        "kind": "truefalse",
        "key": "frame",
        "text": "Framing is neutral.",
        "points": "1",
        "general_feedback": "",
        "answer": False,
        "feedback_true": "A frame chooses what is seen.",
        "feedback_false": "",
        "true_label": "True",
        "false_label": "False",
    },
    {
        "kind": "short",
        "key": "capital",
        "text": "In which city do most students of the example live?",
        "points": "1",
        "general_feedback": "",
        "case_sensitive": False,
        "ignore_accents": True,
        "answers": [{"text": "Leuven", "share": "100", "feedback": "Indeed."}],
    },
    {
        "kind": "numerical",
        "key": "share",
        "text": "How many per cent of the segment were reached?",
        "points": "1",
        "general_feedback": "",
        "unit": "%",
        "decimal": "point",
        "answers": [
            {"value": "45.8", "tolerance": "0.2", "tolerance_kind": "absolute", "share": "100", "feedback": "Right."}
        ],
    },
    {
        "kind": "matching",
        "key": "match",
        "text": "Match the message with its audience.",
        "points": "2",
        "general_feedback": "",
        "shuffle": True,
        "pairs": [
            {"key": "p1", "text": "Exam dates", "option": "o1", "feedback": "Students sit them."},
            {"key": "p2", "text": "Office hours of the dean", "option": "o2", "feedback": ""},
        ],
        "options": [
            {"key": "o1", "text": "Students"},
            {"key": "o2", "text": "Staff"},
            {"key": "o3", "text": "Pupils"},
        ],
    },
]
GIVEN: dict[str, Any] = {
    **{f"single{number}": "a" for number in range(1, 5)},
    **{f"multiple{number}": ["a", "b"] for number in range(1, 3)},
    "frame": False,
    "capital": "leuven",
    "share": "45.9",
    "match": {"p1": "o1", "p2": "o2"},
}
# The same answers as the fields of the page send them: the sixth right, the fifth half right.
FIELDS: list[tuple[str, dict[str, Any]]] = [
    *((f"single{number}", {f"q-single{number}": "a"}) for number in range(1, 5)),
    *((f"multiple{number}", {f"q-multiple{number}": ["a", "b"]}) for number in range(1, 3)),
    ("frame", {"q-frame": "false"}),
    ("capital", {"q-capital": "leuven"}),
    ("share", {"q-share": "45.9"}),
    ("match", {"q-match-p1": "o1", "q-match-p2": "o2"}),
]


# --- Designs ---------------------------------------------------------------------------------------------------------


def _cards(week: int) -> tuple[Card, ...]:
    """What a week holds: three things to prepare, a class, and something to hand in."""
    return (
        card(
            "reading",
            f"Read: chapter {week}, the audience and what it wants to hear",
            45,
            outcomes=(1 + week % 3,),
            config={"source": "address", "address": "Communicating with People, 4th edition", "pages": 22},
            brief="The book is in the library, and in the bookshop of **building B**.",
        ),
        card(
            "quiz",
            f"Quiz: chapter {week}",
            20,
            outcomes=(1 + week % 3,),
            config={"attempts_allowed": None},
            questions=QUESTIONS,
        ),
        card(
            "discussion",
            f"What did you see? Examples of week {week}",
            25,
            outcomes=(2,),
            config={"posts_wanted": 1},
            brief="One example, and why it works.",
        ),
        card(
            "session",
            f"Case study {week}: relaunch a local brand",
            120,
            "collaboration",
            outcomes=(2, 3),
            config={
                "weekday": 2,
                "starts": "10:00",
                "room": "B2.14",
                "agenda": "1. Questions\n2. The case\n3. What next",
            },
        ),
        card(
            "upload",
            f"Hand in the elaboration of case {week}",
            60,
            "production",
            moment="after",
            outcomes=(3,),
            config={"max_points": 10},
            brief="Your elaboration of the case, at most two pages.",
            feedback_days=5,
            weight=5,
        ),
    )


OUTCOMES = (
    ("Explain how a message travels from sender to receiver", 2),
    ("Segment an audience by needs and behaviour, and justify the choice", 4),
    ("Design a message and a media plan for a segment, and defend them", 6),
)


def shape(weeks: int, per_week: int) -> Shape:
    """A design of so many weeks, each with so many activities of every kind."""
    return Shape(
        outcomes=OUTCOMES,
        weeks=tuple(
            WeekOf(f"Theme {week}", tuple((_cards(week) * (1 + per_week // PER_WEEK))[:per_week]))
            for week in range(1, weeks + 1)
        ),
    )


# --- The world -------------------------------------------------------------------------------------------------------


def build(size: Size, *, now: datetime) -> World:
    """Everything, by bulk writes and the services that make it so; nobody is left to be mailed about it."""
    unit = Unit.objects.create(name="School of Communication", path="/1/")
    administrator, *lecturers = User.objects.bulk_create(
        User(email=f"{name}@bench.example.org", name=name.title(), password=NOBODY_KNOWS)
        for name in ("administrator", "lena", "marc", "nora", "otto")
    )
    lecturer = lecturers[0]
    Appointment.objects.bulk_create(
        Appointment(user=each, role=Appointment.Role.LECTURER, unit=unit) for each in lecturers
    )
    Appointment.objects.create(user=administrator, role=Appointment.Role.ADMINISTRATOR, unit=unit)
    cohort, students = _cohort(unit, size.students)
    course, design = _course("bench", "Marketing Communication", unit, lecturer, shape(WEEKS, PER_WEEK), now)
    approve(design, by=lecturer, at=now)
    # Half of the weeks are behind the students.
    began = monday_of(now.date()) - timedelta(weeks=WEEKS // 2 - 1)
    run = open_run(design, cohort=cohort, name="Bench", starts_on=began, holidays=(), at=now, by=lecturer)
    quizzes = RunOffer.objects.filter(run=run, offer__activity__type_key="quiz").order_by("week_number")
    # All quizzes can be done now.
    Offer.objects.filter(run_offer__in=quizzes).update(
        opens_at=now - timedelta(days=1), due_at=now + timedelta(days=60)
    )
    studios = [
        _course(f"bench-{each.name.lower()}", "Research Methods", unit, each, shape(WEEKS, PER_WEEK), now)[0]
        for each in lecturers
    ]
    large, _design = _course("bench-large", "Teacher Training", unit, lecturer, shape(20, 10), now)
    Teaching.objects.bulk_create(Teaching(course=large, user=each) for each in lecturers[1:])
    copy_designs(design, size.designs, by=lecturer, at=now)
    Notice.objects.update(mail=Notice.Mail.NONE)
    return World(
        size=size,
        students=[_signed_in(user) for user in students],
        lecturers=[_signed_in(each) for each in lecturers],
        administrator=_signed_in(administrator),
        unit=unit,
        course=course,
        quizzes=list(quizzes.select_related("offer__activity")),
        studios=studios,
        large=large,
    )


def _cohort(unit: Unit, count: int) -> tuple[Cohort, list[User]]:
    cohort = Cohort.objects.create(unit=unit, name="Communication, year 1")
    students = User.objects.bulk_create(
        User(email=f"student{number}@bench.example.org", name=f"Student {number:03}", password=NOBODY_KNOWS)
        for number in range(1, count + 1)
    )
    groups = Group.objects.bulk_create(
        Group(cohort=cohort, name=f"Group {number:02}") for number in range(1, count // GROUP + 2)
    )
    Membership.objects.bulk_create(
        Membership(cohort=cohort, user=user, group=groups[place // GROUP]) for place, user in enumerate(students)
    )
    return cohort, students


def _course(code: str, title: str, unit: Unit, lecturer: User, told: Shape, at: datetime) -> tuple[Course, Design]:
    course = Course.objects.create(code=code, title=title, credits=Decimal(6), unit=unit)
    Teaching.objects.create(course=course, user=lecturer)
    return course, write_design(course, told, by=lecturer, at=at)


def copy_designs(design: Design, count: int, *, by: User, at: datetime) -> None:
    """So many courses with an approved design of as many activities, each weighed and stored as the Studio does."""
    placements = list(Placement.objects.filter(design=design).select_related("activity", "week"))
    courses = Course.objects.bulk_create(
        Course(
            code=f"many-{number}",
            title=f"Course {number}",
            unit_id=design.course.unit_id,
            credits=Decimal(3 + number % 4),
        )
        for number in range(count)
    )
    designs = Design.objects.bulk_create(
        Design(course=course, number=1, state=Design.State.APPROVED, changed_at=at, approved_at=at, approved_by=by)
        for course in courses
    )
    weeks = Week.objects.bulk_create(
        Week(design=each, number=number, title=f"Theme {number}") for each in designs for number in range(1, WEEKS + 1)
    )
    week_of = {(week.design_id, week.number): week for week in weeks}
    activities = deque(
        Activity.objects.bulk_create(
            (
                _like(placement.activity, minutes=10 + (7 * each.pk + 13 * place) % 110)
                for each in designs
                for place, placement in enumerate(placements)
            ),
            batch_size=2000,
        )
    )
    Placement.objects.bulk_create(
        (
            Placement(
                design=each,
                activity=activities.popleft(),
                week=week_of[each.pk, placement.week.number if placement.week else 1],
                moment=placement.moment,
                position=placement.position,
            )
            for each in designs
            for placement in placements
        ),
        batch_size=2000,
    )
    for each, course in zip(designs, courses, strict=True):
        each.course = course
        each.load = loads(plan_of(each))
    Design.objects.bulk_update(designs, ["load"], batch_size=250)


def _like(activity: Activity, *, minutes: int) -> Activity:
    values = model_to_dict(activity, exclude=["id"])
    return Activity(**{**values, "minutes": minutes})


def _signed_in(user: User) -> Person:
    """A session, written where sign-in writes it. The password is not checked two hundred times over: that is slow on
    purpose, and no part of what is measured."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    token = get_random_string(32)
    cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    return Person(user, cookie, token)


def settle() -> None:
    """What a database does by itself in a quiet hour: know how its tables are filled."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def submitted(world: World, quiz: RunOffer, count: int, *, at: datetime) -> list[Attempt]:
    """Attempts with ten answers each, handed in a moment ago; their jobs are not written yet."""
    paper = paper_for(quiz.offer.activity, at=at)
    people = world.students
    with transaction.atomic():
        made = Attempt.objects.bulk_create(
            (
                Attempt(
                    offer=quiz.offer,
                    user=people[place % len(people)].user,
                    number=1 + place // len(people),
                    state=Attempt.State.SUBMITTED,
                    started_at=at,
                    submitted_at=at,
                    paper=paper,
                    max_points=paper.max_points,
                    config_seen=quiz.offer.activity.config,
                )
                for place in range(count)
            ),
            batch_size=1000,
        )
        Answer.objects.bulk_create(
            (
                Answer(attempt=attempt, revision=revision, question=key, value=GIVEN[key], saved_at=at)
                for attempt in made
                for revision, (key, _fields) in enumerate(FIELDS, start=1)
            ),
            batch_size=2000,
        )
    return made
