"""Work that was handed in, and the feedback on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from activities.models import Attempt, AttemptFile, Grouping, Offer, Remark
from activities.queries.attempts import makers_of
from activities.queries.papers import marked_for_lecturer
from blendedu.journal.queries import carried_out
from blendedu.people.models import Group, Membership, User
from courses.queries.runs import holidays_of, latest_attempts
from courses.turnaround import Turnaround, turnaround

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from activities.models import Activity
    from activities.queries.papers import Marked
    from courses.models import Course


_Owner = tuple[int | None, int | None]  # user, group: one of them


class Stage(StrEnum):
    """Where a student's or group's work stands, for its lecturer."""

    MISSING = "missing"  # nothing handed in
    TO_DO = "todo"  # handed in, no feedback yet
    DRAFT = "draft"  # feedback written, not released
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A student or a group in the list of an offer, with the last work that they handed in."""

    name: str
    people: tuple[str, ...]  # the members, where it is a group
    stage: Stage
    attempt_id: int | None = None
    number: int = 0
    submitted_at: datetime | None = None
    late: bool = False
    begun: bool = False  # something is in progress
    points: Decimal | None = None
    max_points: Decimal | None = None
    left: bool = False  # no longer in the cohort; the work stays


@dataclass(frozen=True, slots=True)
class WorkList:
    """All work at an offer: lines in the order of their names, and how many there are per stage."""

    lines: tuple[WorkLine, ...]
    counts: Mapping[Stage, int]
    first_waiting: datetime | None
    last_released: datetime | None

    def at_stage(self, stage: str) -> list[WorkLine]:
        """The lines at one stage; all of them for any other word."""
        return [line for line in self.lines if line.stage == stage] if stage in set(Stage) else list(self.lines)

    @property
    def handed_in(self) -> int:
        return sum(self.counts[stage] for stage in (Stage.TO_DO, Stage.DRAFT, Stage.RELEASED))


def as_group(activity: Activity) -> bool:
    """Whether this is handed in once for a whole group."""
    return activity.type.per_group and activity.grouping != Grouping.ALONE


def work_list(offer: Offer) -> WorkList:
    """Who has handed in what at an offer; three queries at most, whatever the size of the cohort."""
    columns = (
        *("pk", "user_id", "group_id", "number", "state", "submitted_at", "late", "points", "max_points"),
        *("released_at", "user__name", "group__name"),
    )
    begun: set[_Owner] = set()
    latest: dict[_Owner, WorkLine] = {}
    first_waiting: datetime | None = None
    last_released: datetime | None = None
    for row in Attempt.objects.filter(offer=offer).order_by("number").values(*columns):
        owner = (row["user_id"], row["group_id"])
        if row["state"] == Attempt.State.OPEN:
            begun.add(owner)
            continue
        latest[owner] = _line(row, row["user__name"] or row["group__name"] or "")
        if row["released_at"]:
            last_released = max(last_released or row["released_at"], row["released_at"])
    for line in latest.values():
        if line.stage in {Stage.TO_DO, Stage.DRAFT} and line.submitted_at:
            first_waiting = min(first_waiting or line.submitted_at, line.submitted_at)
    lines = [*_expected(offer, latest, begun), *_left(offer, latest)]
    counts = Counter(line.stage for line in lines)
    return WorkList(tuple(lines), {stage: counts[stage] for stage in Stage}, first_waiting, last_released)


def _line(row: Mapping[str, object], name: str) -> WorkLine:
    stage = (
        Stage.RELEASED if row["released_at"] else Stage.DRAFT if row["state"] == Attempt.State.GRADED else Stage.TO_DO
    )
    return WorkLine(
        name=name,
        people=(),
        stage=stage,
        attempt_id=int(str(row["pk"])),
        number=int(str(row["number"])),
        submitted_at=row["submitted_at"],  # type: ignore[arg-type]  # values() forgets the types of its columns
        late=bool(row["late"]),
        points=row["points"],  # type: ignore[arg-type]  # as above
        max_points=row["max_points"],  # type: ignore[arg-type]  # as above
    )


def _expected(offer: Offer, latest: dict[_Owner, WorkLine], begun: set[_Owner]) -> Iterable[WorkLine]:
    """A line for every member, or for every group and whoever is in none; takes them out of `latest`."""
    members = list(
        Membership.objects.filter(cohort=offer.cohort_id)
        .order_by("user__name", "user_id")
        .values_list("user_id", "user__name", "group_id")
    )
    found: list[WorkLine] = []
    if as_group(offer.activity):
        people: dict[int | None, list[str]] = {}
        for _user_id, name, group_id in members:
            people.setdefault(group_id, []).append(name)
        for group in Group.objects.filter(cohort=offer.cohort_id).order_by("name"):
            owner = (None, group.pk)
            if group.pk in people or owner in latest:
                found.append(_take(owner, group.name, latest, begun, tuple(people.get(group.pk, ()))))
        members = [row for row in members if row[2] is None or (row[0], None) in latest]
    found += [_take((user_id, None), name, latest, begun, ()) for user_id, name, _group_id in members]
    return found


def _take(
    owner: _Owner,
    name: str,
    latest: dict[_Owner, WorkLine],
    begun: set[_Owner],
    people: tuple[str, ...],
) -> WorkLine:
    line = latest.pop(owner, WorkLine(name, (), Stage.MISSING))
    return replace(line, name=name, people=people, begun=owner in begun)


def _left(offer: Offer, latest: dict[_Owner, WorkLine]) -> list[WorkLine]:
    """The work of people who left the cohort since: it stays, and can be answered."""
    return [replace(line, left=True) for line in sorted(latest.values(), key=lambda line: line.name)]


# --- Turnaround ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an offer's feedback stands on: how much was handed in, how much waits, since when."""

    handed_in: int = 0
    waiting: int = 0
    first_waiting: datetime | None = None
    last_released: datetime | None = None


def waiting_at(offer_ids: Sequence[int]) -> dict[int, Waiting]:
    """For each of these offers what was handed in and what waits for feedback; one query."""
    waits = Q(released_at__isnull=True)
    rows = (
        latest_attempts()
        .filter(offer__in=offer_ids)
        .exclude(state=Attempt.State.OPEN)
        .values("offer_id")
        .annotate(
            handed_in=Count("pk"),
            waiting=Count("pk", filter=waits),
            first_waiting=Min("submitted_at", filter=waits),
            last_released=Max("released_at"),
        )
    )
    return {
        row["offer_id"]: Waiting(row["handed_in"], row["waiting"], row["first_waiting"], row["last_released"])
        for row in rows
    }


def turnaround_of(
    offer: Offer,
    *,
    first_waiting: datetime | None,
    last_released: datetime | None,
    holidays: Iterable[tuple[date, date]],
    at: datetime,
) -> Turnaround | None:
    """The working days used for feedback at an offer; None where no days are promised (a machine answers
    at once) or nothing was handed in.

    The clock starts when the work is due. Work that came in late starts it when it came.
    """
    promised = offer.activity.feedback_days
    if not promised or (first_waiting is None and last_released is None):
        return None
    starts = max(offer.due_at, first_waiting) if first_waiting else offer.due_at
    return turnaround(
        timezone.localdate(starts),
        today=timezone.localdate(at),
        released_on=None if first_waiting else timezone.localdate(last_released),
        allowed=promised,
        holidays=holidays,
    )


def holiday_spans(course: Course) -> tuple[tuple[date, date], ...]:
    """First and last days of the holidays of a course; one query."""
    return tuple((holiday.starts_on, holiday.ends_on) for holiday in holidays_of(course.unit))


# --- One submission -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Submission:
    """What a lecturer answers: the work, what was said about it, and where it stands among the others."""

    attempt: Attempt
    files: tuple[AttemptFile, ...]
    remarks: tuple[Remark, ...]
    earlier: tuple[Attempt, ...]  # other attempts of the same student or group
    people: tuple[str, ...]  # whose work it is, where a group handed it in
    max_points: Decimal | None
    place: int  # 1 for the first of `total`
    total: int
    previous_id: int | None
    next_id: int | None
    next_to_do_id: int | None
    to_do: int  # how many others wait for feedback
    marked: tuple[Marked, ...]  # questions with answers and marks, where the answer key has graded


def max_points_of(attempt: Attempt) -> Decimal | None:
    """The most points that can be given: as it was when the work began; None where no points are given."""
    if attempt.max_points is not None:
        return attempt.max_points or None
    return attempt.offer.activity.points or None


def submission_of(attempt: Attempt) -> Submission:
    """Everything about one submission; seven queries at most."""
    same_owner = Attempt.objects.filter(offer=attempt.offer_id, user=attempt.user_id, group=attempt.group_id)
    files = tuple(AttemptFile.objects.filter(attempt=attempt, removed_at__isnull=True).select_related("uploaded_by"))
    people: tuple[str, ...] = ()
    if attempt.group_id is not None:
        makers = User.objects.filter(pk__in=makers_of(attempt)).order_by("name")
        people = tuple(makers.values_list("name", flat=True))
    order = _order_of(attempt.offer_id)
    place = next((index for index, (pk, _to_do) in enumerate(order) if pk == attempt.pk), None)
    # From here to the end, then from the beginning: nobody is passed over.
    others = [*order[place + 1 :], *order[:place]] if place is not None else order
    to_do = [pk for pk, waits in others if waits]
    return Submission(
        attempt=attempt,
        files=files,
        remarks=tuple(Remark.objects.filter(attempt=attempt).select_related("author", "file")),
        earlier=tuple(same_owner.exclude(pk=attempt.pk).exclude(state=Attempt.State.OPEN).order_by("number")),
        people=people,
        max_points=max_points_of(attempt),
        place=0 if place is None else place + 1,
        total=len(order),
        previous_id=order[place - 1][0] if place else None,
        next_id=order[place + 1][0] if place is not None and place + 1 < len(order) else None,
        next_to_do_id=to_do[0] if to_do else None,
        to_do=len(to_do),
        marked=tuple(marked_for_lecturer(attempt)),
    )


def _order_of(offer_id: int) -> list[tuple[int, bool]]:
    """The last submissions at an offer by name, and whether each waits for feedback."""
    rows = (
        latest_attempts()
        .filter(offer=offer_id)
        .exclude(state=Attempt.State.OPEN)
        .values_list("pk", "state", "user__name", "group__name")
    )
    ordered = sorted(rows, key=lambda row: (row[3] or row[2] or "", row[0]))
    return [(pk, state == Attempt.State.SUBMITTED) for pk, state, _user, _group in ordered]


def draft_ids(offer_id: int) -> list[int]:
    """The submissions at an offer whose feedback is written and not released; one query."""
    rows = Attempt.objects.filter(offer=offer_id, state=Attempt.State.GRADED, released_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


RELEASE = "release-feedback"  # the kind of the job that releases what does not fit in a request


@dataclass(frozen=True, slots=True)
class Releasing:
    """Feedback that a worker is showing to its students: how many submissions in all, and how many are left."""

    total: int
    left: int
    stopped: bool = False  # given up; somebody has to release the rest again

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def going_on(self) -> bool:
        return not self.stopped


def releasing_at(offer_id: int) -> Releasing | None:
    """How far a worker is with the feedback that was released at an offer; None when all is done.

    One query, or two while there is something to tell.
    """
    decided = carried_out(RELEASE, "offer", offer_id)
    if not decided:
        return None
    drafts = set(draft_ids(offer_id))
    for stopped in (False, True):
        asked = {pk for details, going_on in decided if going_on is not stopped for pk in details["attempts"]}
        if left := len(asked & drafts):
            return Releasing(len(asked), left, stopped)
    return None
