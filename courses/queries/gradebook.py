"""Results of a run: students by assessed offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from activities.contract import Grading
from activities.models import Assessment, Attempt, Progress
from blendedu.people.models import Membership, User
from courses.queries.feedback import Waiting, holiday_spans, turnaround_of, waiting_at
from courses.queries.runs import offers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from activities.models import Activity
    from courses.models import Run, RunOffer
    from courses.turnaround import Turnaround


@dataclass(frozen=True, slots=True)
class GradeColumn:
    """An assessed offer."""

    run_offer: RunOffer
    waiting: Waiting
    turnaround: Turnaround | None
    max_points: Decimal | None

    @property
    def activity(self) -> Activity:
        return self.run_offer.offer.activity


@dataclass(frozen=True, slots=True)
class Cell:
    """What one student has at one offer. `state`: "", open, submitted, draft, released or done."""

    state: str = ""
    late: bool = False
    points: Decimal | None = None
    max_points: Decimal | None = None
    attempt_id: int | None = None


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A student with a cell for every column."""

    user_id: int
    name: str
    email: str
    student_number: str
    group: str
    cells: tuple[Cell, ...]


def assessed_offers(run: Run) -> list[RunOffer]:
    """The offers of a run whose result somebody, or something, judges."""
    return [
        row
        for row in offers_of(run)
        if row.offer.activity.assessment != Assessment.NONE or row.offer.activity.type.grading != Grading.NONE
    ]


def students_of(run: Run) -> QuerySet[Membership]:
    """The students of a run by name."""
    return (
        Membership.objects.filter(cohort=run.cohort_id)
        .select_related("user", "group")
        .order_by("user__name", "user_id")
    )


def former_students_of(run: Run, offers: Sequence[RunOffer]) -> QuerySet[User]:
    """People who left the cohort and have work at these offers, their own or with a group, by name."""
    still = Membership.objects.filter(cohort=run.cohort_id, user=OuterRef("pk"))
    here = Attempt.objects.filter(offer__in=[row.offer_id for row in offers])
    mine, ours = here.filter(user=OuterRef("pk")), here.filter(makers=OuterRef("pk"))
    return User.objects.filter(Q(Exists(mine)) | Q(Exists(ours)), ~Exists(still)).order_by("name", "pk")


def columns_of(run: Run, offers: Sequence[RunOffer], *, at: datetime) -> list[GradeColumn]:
    """The columns with what waits for feedback and how long; two queries, whatever their number."""
    waiting = waiting_at([row.offer_id for row in offers])
    holidays = holiday_spans(run.course)
    columns = []
    for row in offers:
        stands = waiting.get(row.offer_id, Waiting())
        columns.append(
            GradeColumn(
                run_offer=row,
                waiting=stands,
                turnaround=turnaround_of(
                    row.offer,
                    first_waiting=stands.first_waiting,
                    last_released=stands.last_released,
                    holidays=holidays,
                    at=at,
                ),
                max_points=_max_points(row.offer.activity),
            )
        )
    return columns


def _max_points(activity: Activity) -> Decimal | None:
    configured = activity.config.get("max_points") if activity.type.grading == Grading.LECTURER else None
    if isinstance(configured, int) and configured > 0:
        return Decimal(configured)
    return activity.points or None


def rows_of(students: Iterable[Membership], offers: Sequence[RunOffer]) -> list[GradeRow]:
    """The rows of these students; three queries, whatever the number of students and offers."""
    members = list(students)
    people = [
        (member.user_id, member.user.name, member.user.email, member.student_number, member.group) for member in members
    ]
    groups = {member.user_id: member.group_id for member in members}
    cells = _cells(groups, [row.offer_id for row in offers])
    blank = Cell()
    return [
        GradeRow(
            user_id,
            name,
            email,
            number,
            group.name if group else "",
            tuple(cells.get((user_id, row.offer_id), blank) for row in offers),
        )
        for user_id, name, email, number, group in people
    ]


def former_rows_of(people: Iterable[User], offers: Sequence[RunOffer]) -> list[GradeRow]:
    """The rows of people who left; three queries."""
    users = list(people)
    cells = _cells({user.pk: None for user in users}, [row.offer_id for row in offers])
    blank = Cell()
    return [
        GradeRow(
            user.pk, user.name, user.email, "", "", tuple(cells.get((user.pk, row.offer_id), blank) for row in offers)
        )
        for user in users
    ]


def _cells(groups: Mapping[int, int | None], offer_ids: Sequence[int]) -> dict[tuple[int, int], Cell]:
    """The cells that are not empty, by user and offer: from attempts where there are any, else from progress."""
    if not groups or not offer_ids:
        return {}
    cells: dict[tuple[int, int], Cell] = {}
    # COST: plain tuples; a gradebook of 2,000 students and 40 offers reads 80,000 of them.
    progress = Progress.objects.filter(offer__in=offer_ids, user__in=list(groups))
    for user_id, offer_id, state, points, most in progress.values_list(
        "user_id", "offer_id", "state", "points", "max_points"
    ):
        shown = "done" if state == Progress.State.DONE else "submitted" if state == Progress.State.SUBMITTED else "open"
        cells[user_id, offer_id] = Cell(shown, False, points, most)
    members: dict[int, list[int]] = {}
    for user_id, group_id in groups.items():
        if group_id is not None:
            members.setdefault(group_id, []).append(user_id)
    # Who was in a group when it handed in; whoever joined or left it since has another row.
    theirs = Attempt.makers.through.objects.filter(attempt=OuterRef("pk"), user__in=list(groups))
    makers: dict[int, list[int]] = {}
    made = Attempt.makers.through.objects.filter(attempt__offer__in=offer_ids)
    for pk, user_id in made.values_list("attempt_id", "user_id"):
        makers.setdefault(pk, []).append(user_id)
    attempts = (
        Attempt.objects.filter(
            Q(user__in=list(groups)) | Q(group__in=list(members)) | Q(Exists(theirs)), offer__in=offer_ids
        )
        .order_by("number")
        .values_list(
            *("pk", "offer_id", "user_id", "group_id", "state", "late", "points", "max_points", "released_at"),
        )
    )
    counts: dict[tuple[int, int], Cell] = {}
    for pk, offer_id, user_id, group_id, state, late, points, most, released_at in attempts:
        if state == Attempt.State.OPEN:
            shown = "open"
        elif state == Attempt.State.SUBMITTED:
            shown = "submitted"
        else:
            shown = "released" if released_at else "draft"
        cell = Cell(shown, late, points, most, pk)
        for owner in [user_id] if user_id is not None else makers.get(pk) or members[group_id]:
            if owner not in groups:
                continue  # on another page
            counts[owner, offer_id] = _counting(counts.get((owner, offer_id)), cell)
    cells.update(counts)
    return cells


def _counting(before: Cell | None, cell: Cell) -> Cell:
    """Of several attempts the best released one counts; work that waits for feedback is shown before it."""
    if before is None or cell.state in {"submitted", "draft"}:
        return cell
    if cell.state == "open":
        return before
    if before.state == "released" and (before.points or 0) >= (cell.points or 0):
        return before
    return cell
