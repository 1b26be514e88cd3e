"""What a student's week holds, over all courses: what to prepare, where to be, what to follow up, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from activities.models import Attempt, Progress
from activities.queries.attempts import readable_by
from blendedu.kit.prepared import prepared
from blendedu.people.models import Membership
from courses.facts import MOMENT_ORDER
from courses.models import Alignment, RunOffer, RunWeek, Week
from courses.queries.faces import COLUMNS, Face, face_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from activities.contract import Todo
    from blendedu.people.models import User
    from courses.models import ClassQuestion, Run

    _Faces = QuerySet[RunOffer, tuple[Any, ...]]  # Any: code and title of the course, and the columns of a face

COMING_UP = timedelta(weeks=3)
SHOWN_AT_MOST = 6
FEEDBACK_DAYS = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The offers before and after one in the same week, for the links at the foot of a page, and when that week is."""

    previous: RunOffer | None
    following: RunOffer | None
    monday: date | None = None
    # How far the person who asks is with the one in between, and how long they say it took.
    state: str = ""
    reported: int | None = None

    @property
    def is_done(self) -> bool:
        return self.state in Progress.FINISHED


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do."""

    face: Face
    todo: Todo
    why: tuple[str, ...]  # the outcomes that it serves
    asked: int  # questions for class
    is_ahead: bool
    is_now: bool

    @property
    def minutes(self) -> int:
        return self.face.minutes or 0

    @property
    def minutes_left(self) -> int:
        if self.todo.done:
            return 0
        return self.minutes if self.todo.minutes_left is None else self.todo.minutes_left


@dataclass(frozen=True, slots=True)
class CourseWeek:
    """A week of one course: prepare, meet, follow up."""

    run: Run
    number: int
    title: str
    before: tuple[Line, ...]
    together: tuple[Line, ...]
    after: tuple[Line, ...]
    group: str
    mates: tuple[str, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.before + self.together + self.after

    @property
    def steps(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """The moments that hold something, in order."""
        moments = (("before", self.before), ("together", self.together), ("after", self.after))
        return tuple((moment, lines) for moment, lines in moments if lines)

    @property
    def prepare_until(self) -> datetime | None:
        """When the first of the preparations is due."""
        return min((line.face.due_at for line in self.before), default=None)

    @property
    def follow_up_until(self) -> datetime | None:
        """When the last of the follow-ups is due."""
        return max((line.face.due_at for line in self.after), default=None)

    @property
    def now(self) -> str:
        """The moment that the student is at: the first that still holds something to do."""
        undone = (moment for moment, lines in self.steps if not all(line.todo.done for line in lines))
        return next(undone, "")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An offer of another week, with the course that it is of."""

    code: str
    course: str
    face: Face


@dataclass(frozen=True, slots=True)
class MyWeek:
    """A student's calendar week."""

    monday: date
    courses: tuple[CourseWeek, ...]
    overdue: tuple[Elsewhere, ...]
    coming: tuple[Elsewhere, ...]
    feedback: tuple[Attempt, ...]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for course in self.courses for line in course.lines)

    @property
    def low(self) -> int:
        """The least that all of it may take."""
        return sum(line.face.minutes_range[0] for course in self.courses for line in course.lines)

    @property
    def high(self) -> int:
        """The most that all of it may take."""
        return sum(line.face.minutes_range[1] for course in self.courses for line in course.lines)

    @property
    def minutes_left(self) -> int:
        return sum(line.minutes_left for course in self.courses for line in course.lines)


def _in_order(row: RunOffer) -> tuple[int, int, int]:
    return (MOMENT_ORDER[row.moment], row.position, row.pk)


def neighbours_of(run_offer: RunOffer, user: User) -> Neighbours:
    """The offers around this one in its week, in the order in which students meet them; one query."""
    rows: Sequence[Any] = _in_week(run_offer.run_id, run_offer.week_number, user.pk)  # Any: with what is annotated
    ordered = sorted(rows, key=_in_order)
    place = next((index for index, row in enumerate(ordered) if row.pk == run_offer.pk), None)
    if place is None:
        return Neighbours(None, None)
    return Neighbours(
        ordered[place - 1] if place > 0 else None,
        ordered[place + 1] if place + 1 < len(ordered) else None,
        ordered[place].monday,
        ordered[place].state or "",
        ordered[place].reported,
    )


@prepared
def _in_week(run: int, number: int, user: int) -> QuerySet[RunOffer]:
    mondays = RunWeek.objects.filter(run=OuterRef("run"), number=OuterRef("week_number")).values("monday")
    rows = (
        RunOffer.objects.filter(run=run, week_number=number, offer__withdrawn_at=None)
        .select_related("offer__activity")
        .order_by()
    )
    mine = Progress.objects.filter(offer=OuterRef("offer"), user=user)
    # COST: with what the page reads anyway; a page of an activity is opened more often than anything else.
    return rows.annotate(
        monday=Subquery(mondays[:1]),
        state=Subquery(mine.values("state")[:1]),
        reported=Subquery(mine.values("minutes_reported")[:1]),
    )


def why_of(run_offer: RunOffer) -> tuple[str, ...]:
    """The outcomes that an offer serves, in their words; one query."""
    return tuple(_why([run_offer])[run_offer.placement_id])


def week_of(user: User, monday: date, *, at: datetime) -> MyWeek:
    """The calendar week that begins on `monday`; eight queries, whatever it holds."""
    in_runs: list[Any] = _in_runs(user.pk, monday)  # Any: with the title of the week
    rows: Sequence[Any] = _rows([one.run_id for one in in_runs], monday)  # Any: with the questions that were asked
    progress = {one.offer_id: one for one in _progress(user.pk, [row.offer_id for row in rows])}
    why = _why(rows)
    lines: dict[int, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=_in_order):
        todo = row.offer.activity.type.todo(row.offer, progress.get(row.offer_id), at)
        ahead, now = row.offer.opens_at > at, row.offer.opens_at <= at <= row.offer.due_at
        line = Line(face_of(row), todo, tuple(why[row.placement_id]), row.asked, is_ahead=ahead, is_now=now)
        lines[row.run_id][row.moment].append(line)
    groups = _groups_of(user, [one.run.cohort_id for one in in_runs])
    courses = tuple(
        CourseWeek(
            run=one.run,
            number=one.number,
            title=one.title or "",
            before=tuple(lines[one.run_id]["before"]),
            together=tuple(lines[one.run_id]["together"]),
            after=tuple(lines[one.run_id]["after"]),
            group=groups.get(one.run.cohort_id, ("", ()))[0],
            mates=groups.get(one.run.cohort_id, ("", ()))[1],
        )
        for one in in_runs
    )
    return MyWeek(
        monday=monday,
        courses=courses,
        overdue=_elsewhere(_overdue(user.pk, monday, at.date(), at)),
        coming=_elsewhere(_coming(user.pk, monday, monday + COMING_UP)),
        feedback=tuple(_feedback(user.pk, at - FEEDBACK_DAYS)),
    )


def _elsewhere(rows: Sequence[tuple[Any, ...]]) -> tuple[Elsewhere, ...]:  # Any: the columns of a face
    return tuple(Elsewhere(code, course, Face(*columns)) for code, course, *columns in rows)


# COST: every student asks these at the start of every week. PostgreSQL takes 4 ms to plan the widest of them and 0.2 ms
# to answer it, so they are prepared.


@prepared
def _in_runs(user: int, monday: date) -> QuerySet[RunWeek]:
    title = Week.objects.filter(design=OuterRef("run__design"), number=OuterRef("number"))
    return (
        RunWeek.objects.filter(monday=monday, run__cohort__memberships__user=user)
        .select_related("run__course")
        .annotate(title=Subquery(title.values("title")[:1]))
        .order_by("run__course__title", "run__pk")
    )


@prepared
def _rows(runs: list[int], monday: date) -> QuerySet[RunOffer]:
    rows = RunOffer.objects.filter(run__in=runs, run__weeks__monday=monday, run__weeks__number=F("week_number"))
    rows = rows.filter(offer__withdrawn_at=None).select_related("offer__activity")
    return rows.annotate(asked=Count("class_questions")).order_by()


@prepared
def _progress(user: int, offers: list[int]) -> QuerySet[Progress]:
    return Progress.objects.filter(user=user, offer__in=offers)


def _why(rows: Sequence[RunOffer]) -> dict[int, list[str]]:
    served: dict[int, list[str]] = defaultdict(list)
    for placement_id, text in _served([row.placement_id for row in rows]):
        served[placement_id].append(text)
    return served


@prepared
def _served(placements: list[int]) -> QuerySet[Any, tuple[int, str]]:  # Any: the table between the two
    links = Alignment.objects.filter(placement__in=placements)
    return links.order_by("outcome__number").values_list("placement_id", "outcome__text")


def _groups_of(user: User, cohorts: list[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    for member in _mates(user.pk, cohorts):
        name, people = found.get(member.cohort_id, ("", ()))
        if member.group is not None:
            name = member.group.name
        if member.user_id != user.pk:
            people = (*people, member.user.get_short_name())
        found[member.cohort_id] = (name, people)
    return found


@prepared
def _mates(user: int, cohorts: list[int]) -> QuerySet[Membership]:
    mates = Membership.objects.filter(cohort__in=cohorts, group__memberships__user=user)
    return mates.select_related("user", "group").order_by("user__name")


@prepared
def _overdue(user: int, monday: date, today: date, at: datetime) -> _Faces:
    """Required work of earlier weeks that is not done and can still be handed in."""
    done = Progress.objects.filter(user=user, offer=OuterRef("offer")).exclude(state=Progress.State.STARTED)
    rows = (
        RunOffer.objects.filter(_mine(user), offer__due_at__lt=at, offer__activity__required=True)
        .filter(offer__built=True, offer__withdrawn_at=None)
        .filter(Q(offer__closes_at__isnull=True) | Q(offer__closes_at__gt=at))
        .filter(run__weeks__number=F("week_number"), run__weeks__monday__lt=monday, run__ends_on__gte=today)
        .exclude(offer__activity__timing="sync")
        .annotate(state=Subquery(done.values("state")[:1]))
        .filter(state__isnull=True)
        .order_by("offer__due_at", "pk")
        .values_list("run__course__code", "run__course__title", *COLUMNS)
    )
    return rows[:SHOWN_AT_MOST]


@prepared
def _coming(user: int, monday: date, until: date) -> _Faces:
    """Sessions and assessed work of the weeks after this one."""
    rows = (
        RunOffer.objects.filter(_mine(user), offer__withdrawn_at=None)
        .filter(
            # One filter: two of them would join the weeks twice and show an offer once per week of its run.
            run__weeks__number=F("week_number"),
            run__weeks__monday__gt=monday,
            run__weeks__monday__lte=until,
        )
        .filter(Q(offer__activity__timing="sync") | ~Q(offer__activity__assessment="none"))
        .order_by("offer__due_at", "pk")
        .values_list("run__course__code", "run__course__title", *COLUMNS)
    )
    return rows[:SHOWN_AT_MOST]


@prepared
def _feedback(user: int, since: datetime) -> QuerySet[Attempt]:
    """Feedback and results that came in lately, newest first."""
    rows = (
        Attempt.objects.filter(readable_by(user), released_at__gt=since, offer__run_offer__isnull=False)
        .select_related("offer__activity", "offer__run_offer__run__course", "graded_by")
        .annotate(remark_count=Count("remarks", distinct=True))
        .order_by("-released_at", "-pk")
    )
    return rows[:3]


def _mine(user: int) -> Q:
    return Q(run__cohort__memberships__user=user)


def class_questions_of(run_offer: RunOffer) -> QuerySet[ClassQuestion]:
    """The questions for a session with who asked, in the order in which they came; one query."""
    return run_offer.class_questions.select_related("author").order_by("asked_at", "pk")
