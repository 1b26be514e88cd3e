"""What the browser tests stand on beside the demo world: boards and classes that nobody else has touched.

`manage.py shell -c "from tests.browser.stage import main; main(9, 2, 4)"` builds all of it at once, in the database of
a site that runs, and prints where it is: nine boards, two approved designs and four lessons. The fixtures `board`,
`approved` and `lesson` hand one out to each test, so that no test sees what another one did.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from activities.models import Offer
from blendedu.demo import PASSWORD, courses, questions
from blendedu.demo.courses import Shape, WeekOf, card
from blendedu.journal.models import Notice
from blendedu.people.models import Cohort, Group, Holiday, Membership, Unit, User
from courses.calendar import monday_of
from courses.models import Course, Design, RunOffer
from courses.services.runs import open_run

# Staff and a student of the demo world, by the words with which the tests name them.
PERSONAS = {
    "lecturer": "lecturer@example.org",
    "colleague": "chidi.okafor@example.org",
    "coach": "coach@example.org",
    "director": "director@example.org",
    "administrator": "administrator@example.org",
    "student": "student@example.org",
}
CLASS = ("Ada Quist", "Bo Marin", "Cleo Aydin", "Dirk Owusu")
CLIP, READING, QUIZ, SHARE = "Watch: whom is it for?", "Read: the field", "Quiz: segments", "Share an example"
SESSION, CASE, ESSAY, DISCUSSION = "Tutorial", "Case of the group", "Short essay", "What surprised you?"


@dataclass
class Place:
    """A course that only one test works on: with a draft of two weeks, or with an approved design and no run."""

    code: str
    title: str


@dataclass
class Lesson(Place):
    """A course that runs for the four of CLASS: Ada and Bo are group Red, Cleo and Dirk group Blue; all is open now."""

    run: int
    students: dict[str, str]  # address by first name
    offers: dict[str, int]  # by the title of the activity


@dataclass
class Stage:
    """Everything, with a session of each person, so that signing in costs a test nothing."""

    boards: list[Place]
    approved: list[Place]
    lessons: list[Lesson]
    sessions: dict[str, str]
    week_off: str  # the Monday of a week without teaching

    @classmethod
    def of(cls, said: str) -> Stage:
        told = json.loads(said)
        places = {name: [Place(**each) for each in told.pop(name)] for name in ("boards", "approved")}
        return cls(lessons=[Lesson(**each) for each in told.pop("lessons")], **places, **told)


def main(boards: int, approved: int, lessons: int) -> None:
    """Build as many of each as tests will ask for, and print where they are."""
    sys.stdout.write(json.dumps(asdict(build(timezone.now(), boards, approved, lessons))))


@transaction.atomic
def build(now: datetime, boards_wanted: int, approved_wanted: int, lessons_wanted: int) -> Stage:
    """Build everything, all or nothing."""
    people = {name: User.objects.get(email=email) for name, email in PERSONAS.items()}
    boards = [_course(f"bt-{number:02}", "Board", people) for number in range(1, boards_wanted + 1)]
    approved = [_course(f"ba-{number:02}", "Approved", people) for number in range(1, approved_wanted + 1)]
    for course in boards:
        _design(course, DRAFT, people, now)
    for course in approved:
        courses.approve(_design(course, DRAFT, people, now), by=people["coach"], at=now)
    lessons = [_lesson(number, people, now) for number in range(1, lessons_wanted + 1)]
    students = User.objects.filter(email__in=[email for lesson in lessons for email in lesson.students.values()])
    # What students were told until now is not what a test looks for, and nobody needs to be woken for it.
    Notice.objects.filter(recipient__in=students).delete()
    connection.run_on_commit.clear()
    week_off = Holiday.objects.filter(name="Reading week").earliest("starts_on")
    return Stage(
        boards=[Place(course.code, course.title) for course in boards],
        approved=[Place(course.code, course.title) for course in approved],
        lessons=lessons,
        sessions={person.email: _session(person) for person in [*people.values(), *students]},
        week_off=week_off.starts_on.isoformat(),
    )


def _course(code: str, title: str, people: dict[str, User]) -> Course:
    return courses.make_course(
        code,
        f"{title} {code[-2:]}",
        course_credits="5",
        unit=Unit.objects.get(name="Department of Commercial Economics"),
        coach=people["coach"],
        lecturers=[people["lecturer"], people["colleague"]],
    )


def _design(course: Course, shape: Shape, people: dict[str, User], now: datetime) -> Design:
    return courses.write_design(course, shape, by=people["lecturer"], at=now - timedelta(hours=5))


# Two weeks whose shares are no whole percentages, so that rounding shows.
DRAFT = Shape(
    (("Segment an audience", 4), ("Write a message for a segment", 6)),
    (
        WeekOf(
            "Segments",
            (
                card("clip", "Watch the model", 8, outcomes=(1,)),
                card("reading", "Read chapter 1", 45, outcomes=(1,), config={"source": "text", "text": "A chapter."}),
                card("quiz", "Quiz on chapter 1", 20, moment="before", outcomes=(1,), assessment="formative"),
                card("session", "Case in class", 110, "collaboration", outcomes=(2,), grouping="group", group_size=4),
                card("upload", "Write the case", 70, outcomes=(2,), environment="hybrid"),
            ),
        ),
        WeekOf(
            "Messages",
            (
                card("reading", "Read chapter 2", 50, outcomes=(2,), config={"source": "text", "text": "A chapter."}),
                card("session", "Visit a company", 100, "inquiry", environment="workplace", place="workplace"),
            ),
        ),
    ),
)

ASKED = (
    questions.single(
        "q1",
        "What is a segment?",
        (
            ("People with the same needs", "Yes: needs come first."),
            ("Everybody under thirty", "Age alone says little."),
        ),
    ),
    questions.short("q2", "What travels back to the sender? One word.", (("feedback", 100, "So it is called."),)),
    questions.number("q3", "Of 1,250 people, 325 buy. What share is that?", "26", unit="%", points=2),
)
ANSWERED = {"assessment": "formative", "feedback_by": "lecturer", "feedback_days": 5, "feedback_elaborated": True}
WORK = {"accepts": ["pdf", "text"], "files_max": 3, "max_points": 10}
BRIEF = "What to do, in a line."
POSTS = {"posts_wanted": 1}
MEETING = {
    "weekday": 2,
    "starts": "10:00",
    "room": "B1.03",
    "link": "https://meet.example.org/tutorial",
    "agenda": "- Your questions",
}

# One activity of each type, all in the week of today.
TAUGHT = Shape(
    (("Say whom a message is for", 2),),
    (
        WeekOf(
            "The field",
            (
                card(
                    "clip",
                    CLIP,
                    8,
                    outcomes=(1,),
                    clip="who-is-the-message-for",
                    config={"source": "file", "seconds": 11, "captions": "file", "done_from": 80},
                ),
                card("reading", READING, 20, outcomes=(1,), config={"source": "text", "text": "A field is **small**."}),
                card(
                    "quiz",
                    QUIZ,
                    15,
                    moment="before",
                    outcomes=(1,),
                    config={"attempts_allowed": 2, "limit_minutes": None},
                    questions=ASKED,
                    assessment="formative",
                    feedback_by="automatic",
                    feedback_days=0,
                    feedback_elaborated=True,
                ),
                card(
                    "shareboard", SHARE, 20, moment="before", outcomes=(1,), brief=BRIEF, config={"examples_wanted": 1}
                ),
                card("session", SESSION, 90, outcomes=(1,), config=MEETING),
                card(
                    "upload",
                    CASE,
                    60,
                    outcomes=(1,),
                    brief=BRIEF,
                    grouping="group",
                    group_size=2,
                    config=WORK,
                    **ANSWERED,
                ),
                card("upload", ESSAY, 60, outcomes=(1,), brief=BRIEF, config=WORK, **ANSWERED),
                card("discussion", DISCUSSION, 20, moment="after", outcomes=(1,), brief=BRIEF, config=POSTS),
            ),
        ),
    ),
)


def _lesson(number: int, people: dict[str, User], now: datetime) -> Lesson:
    course = _course(f"bl-{number:02}", "Lesson", people)
    design = _design(course, TAUGHT, people, now)
    courses.approve(design, by=people["coach"], at=now)
    students = _cohort(course, number)
    run = open_run(
        design,
        cohort=students[0].memberships.get().cohort,
        name=f"Class {number}",
        starts_on=monday_of(timezone.localdate(now)),
        holidays=(),
        at=now - timedelta(days=2),
        by=people["lecturer"],
    )
    # Whatever day of the week it is, everything can be done now.
    offered = Offer.objects.filter(run_offer__run=run)
    offered.update(opens_at=now - timedelta(days=1), due_at=now + timedelta(days=5))
    begins = now - timedelta(minutes=5)
    offered.filter(activity__title=SESSION).update(opens_at=begins, due_at=begins + timedelta(minutes=90))
    offers = dict(RunOffer.objects.filter(run=run).values_list("offer__activity__title", "pk"))
    addresses = {student.get_short_name(): student.email for student in students}
    return Lesson(course.code, course.title, run.pk, addresses, offers)


def _cohort(course: Course, number: int) -> list[User]:
    cohort = Cohort.objects.create(unit=course.unit, name=f"Class {number}")
    groups = [Group.objects.create(cohort=cohort, name=name) for name in ("Red", "Blue")]
    students = [
        User.objects.create(
            email=f"{name.split()[0].lower()}{number}@example.org", name=name, password=_password(), is_demo=True
        )
        for name in CLASS
    ]
    Membership.objects.bulk_create(
        Membership(cohort=cohort, user=student, group=groups[place // 2], student_number=f"b{number:02}{place}")
        for place, student in enumerate(students)
    )
    return students


@cache
def _password() -> str:
    # COST: a password is hashed slowly on purpose; all have the one that the demo world has.
    return make_password(PASSWORD)


def _session(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
