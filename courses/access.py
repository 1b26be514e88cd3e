"""Who may do what with a course. Every view gets its objects here, and the right is checked while fetching.

A person without any tie to the course gets 404, so that nothing can be learnt by trying addresses; a person with a tie
but without the right gets 403. The ties: lecturer of the course, its DigiCoach, student in one of its runs, or an
appointment (director, administrator, DigiCoach) in the unit of the course or above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404
from django.urls import reverse

from activities.contract import Seat
from activities.models import Attempt, AttemptFile, Grouping, Material
from activities.queries.attempts import readable_by
from blendedu.kit.prepared import prepared
from blendedu.people.models import Appointment, Group, Membership
from blendedu.people.queries import appointed_over
from courses.models import (
    Comment,
    Course,
    Design,
    DesignImport,
    Pattern,
    Placement,
    Publication,
    ReviewRequest,
    Run,
    RunOffer,
    Storyboard,
    Teaching,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model, QuerySet

    from blendedu.people.models import User

M = TypeVar("M", bound="Model")


class Can(StrEnum):
    """What somebody may do with a course."""

    SEE = "see"  # know that it exists, see its front page
    LOOK = "look"  # look at designs, balance, reviews, runs: staff
    COMMENT = "comment"  # comment on a design
    DESIGN = "design"  # change the design
    REVIEW = "review"  # approve a design or ask for changes
    TEACH = "teach"  # make runs, see students' work, give feedback
    TAKE_PART = "take_part"  # be a student in a run


_STAFF = frozenset({Can.SEE, Can.LOOK, Can.COMMENT})
_RIGHTS = {
    "tie_lecturer": _STAFF | {Can.DESIGN, Can.TEACH},
    "tie_coach": _STAFF | {Can.REVIEW},
    "tie_appointed": _STAFF,
    "tie_student": frozenset({Can.SEE, Can.TAKE_PART}),
}


def _ties(user: int, *, course: str) -> dict[str, Exists]:
    """The ties of a user (by key) to the course of a row. `course` is the path from the row: "" or "run__course"."""
    prefix = f"{course}__" if course else ""
    course_pk = f"{prefix}pk"
    return {
        "tie_lecturer": Exists(Teaching.objects.filter(course=OuterRef(course_pk), user=user)),
        "tie_coach": Exists(Course.objects.filter(pk=OuterRef(course_pk), coach=user)),
        "tie_student": Exists(Membership.objects.filter(cohort__runs__course=OuterRef(course_pk), user=user)),
        "tie_appointed": appointed_over(
            user,
            [Appointment.Role.DIRECTOR, Appointment.Role.ADMINISTRATOR, Appointment.Role.COACH],
            path=f"{prefix}unit__path",
        ),
    }


def _rights(row: Model) -> frozenset[Can]:
    return frozenset().union(*(rights for tie, rights in _RIGHTS.items() if getattr(row, tie)))


def _fetch(rows: QuerySet[M], user: User, *, course: str, to: Can) -> tuple[M, frozenset[Can]]:
    row = rows.annotate(**_ties(user.pk, course=course)).first()
    return _checked(row, to)


def _checked(row: M | None, to: Can) -> tuple[M, frozenset[Can]]:
    """The row that was fetched with its ties, and the rights that follow; Http404 or PermissionDenied without."""
    if row is None:
        raise Http404
    rights = _rights(row)
    if Can.SEE not in rights:
        raise Http404
    if to not in rights:
        raise PermissionDenied
    return row, rights


def courses_for(user: User) -> QuerySet[Course]:
    """The courses that this person has a tie to, by title; with the ties as tie_lecturer and so on."""
    ties = _ties(user.pk, course="")
    any_tie = reduce(or_, (Q(tie) for tie in ties.values()))
    return Course.objects.select_related("unit", "coach").annotate(**ties).filter(any_tie).order_by("title", "pk")


def courses_where(user: User, *, to: Can) -> QuerySet[Course]:
    """The courses in which this person has a right, by title."""
    ties = {name: tie for name, tie in _ties(user.pk, course="").items() if to in _RIGHTS[name]}
    return (
        Course.objects.select_related("unit", "coach")
        .filter(reduce(or_, map(Q, ties.values())))
        .order_by("title", "pk")
    )


# COST: the doors that nearly every page goes through. Writing these statements anew took longer than answering them.


@prepared
def _course(user: int, code: str) -> QuerySet[Course]:
    rows = Course.objects.select_related("unit", "coach").filter(code=code)
    return rows.annotate(**_ties(user, course=""))


def _designs(code: str) -> QuerySet[Design]:
    return Design.objects.select_related("course__unit", "course__coach", "changed_by").filter(course__code=code)


@prepared
def _design(user: int, code: str, number: int) -> QuerySet[Design]:
    return _designs(code).filter(number=number).annotate(**_ties(user, course="course"))


@prepared
def _latest_design(user: int, code: str) -> QuerySet[Design]:
    return _designs(code).order_by("-number").annotate(**_ties(user, course="course"))[:1]


@prepared
def _placement(user: int, code: str, pk: int) -> QuerySet[Placement]:
    rows = Placement.objects.filter(pk=pk, design__course__code=code).annotate(**_ties(user, course="design__course"))
    return rows.select_related("design__course__unit", "design__course__coach", "activity", "week", "lock__user")


def course_for(user: User, code: str, *, to: Can) -> Course:
    """The course with this code and, on it, `rights`; Http404 for a stranger, PermissionDenied without the right."""
    course, rights = _checked(_course.first(user.pk, code), to)
    course.rights = rights
    return course


def design_for(user: User, code: str, number: int | None = None, *, to: Can, also: Iterable[str] = ()) -> Design:
    """A design of the course; without a number the one in the works, or else the latest. `design.rights` is set.

    `also` names what else is read with it in the same query.
    """
    if also:
        rows = _designs(code).select_related(*also)
        rows = rows.filter(number=number) if number is not None else rows.order_by("-number")
        design, rights = _fetch(rows, user, course="course", to=to)
    elif number is not None:
        design, rights = _checked(_design.first(user.pk, code, number), to)
    else:
        design, rights = _checked(_latest_design.first(user.pk, code), to)
    design.rights = design.course.rights = rights
    return design


def designs_for(user: User, code: str, *numbers: int, to: Can) -> tuple[Design, ...]:
    """Several designs of one course, in this order; Http404 as soon as one is not there. Two queries."""
    course = course_for(user, code, to=to)
    found = {design.number: design for design in Design.objects.filter(course=course, number__in=numbers)}
    if set(numbers) - set(found):
        raise Http404
    for design in found.values():
        design.course, design.rights = course, course.rights
    return tuple(found[number] for number in numbers)


def drafts_for(user: User) -> list[Design]:
    """The drafts that this person may change, by the title of their course; each with its course."""
    mine = Design.objects.filter(state=Design.State.DRAFT, course__teachings__user=user)
    return list(mine.select_related("course").order_by("course__title", "pk"))


def placement_for(user: User, code: str, pk: int, *, to: Can) -> Placement:
    """A placement in any design of the course, with its activity, week and design, and who edits it."""
    placement, rights = _checked(_placement.first(user.pk, code, pk), to)
    placement.design.rights = placement.design.course.rights = rights
    return placement


def storyboard_for(user: User, code: str, pk: int, *, to: Can) -> Storyboard:
    """A session on a design of the course."""
    rows = Storyboard.objects.select_related("design__course__unit", "design__course__coach", "facilitator")
    board, rights = _fetch(rows.filter(pk=pk, design__course__code=code), user, course="design__course", to=to)
    board.design.rights = board.design.course.rights = rights
    return board


def import_for(user: User, code: str, pk: int, *, to: Can) -> DesignImport:
    """Something that was read for the course, to be looked at and taken."""
    rows = DesignImport.objects.select_related("course__unit", "course__coach", "design", "made_by")
    imported, rights = _fetch(rows.filter(pk=pk, course__code=code), user, course="course", to=to)
    imported.course.rights = rights
    return imported


def review_request_for(user: User, code: str, pk: int, *, to: Can) -> ReviewRequest:
    """A request for review of a design of the course."""
    rows = ReviewRequest.objects.select_related("design__course__unit", "design__course__coach", "asked_by")
    asked, rights = _fetch(rows.filter(pk=pk, design__course__code=code), user, course="design__course", to=to)
    asked.design.rights = asked.design.course.rights = rights
    return asked


def comment_for(user: User, code: str, pk: int, *, to: Can = Can.COMMENT) -> Comment:
    """A comment on a design of the course."""
    rows = Comment.objects.select_related("course__unit", "course__coach", "design", "author")
    comment, rights = _fetch(rows.filter(pk=pk, course__code=code), user, course="course", to=to)
    comment.course.rights = rights
    return comment


def run_for(user: User, code: str, pk: int, *, to: Can) -> Run:
    """A run of the course, with course, design and cohort. A student gets only the runs of their own cohorts."""
    rows = Run.objects.select_related("course__unit", "course__coach", "design", "cohort")
    run, rights = _fetch(rows.filter(pk=pk, course__code=code), user, course="course", to=to)
    in_cohort = Membership.objects.filter(cohort=run.cohort_id, user=user)
    if Can.LOOK not in rights and not in_cohort.exists():
        raise Http404
    run.course.rights = rights
    return run


def run_offer_for(user: User, code: str, pk: int, *, to: Can) -> RunOffer:
    """An offer of a run for its staff, with run, course, offer, activity and placement."""
    rows = RunOffer.objects.select_related(
        "offer__activity", "offer__cohort", "placement", "run__course__unit", "run__course__coach", "run__design"
    )
    row, rights = _fetch(rows.filter(pk=pk, run__course__code=code), user, course="run__course", to=to)
    row.run.course.rights = rights
    return row


def publication_for(user: User, code: str, pk: int, *, to: Can) -> Publication:
    """A change that was published to a run of the course, with the run."""
    rows = Publication.objects.select_related("run__course__unit", "run__course__coach", "run__design", "run__cohort")
    found, rights = _fetch(rows.filter(pk=pk, run__course__code=code), user, course="run__course", to=to)
    found.run.course.rights = rights
    return found


def attempt_for(user: User, code: str, pk: int, *, to: Can = Can.TEACH) -> Attempt:
    """A submission of a student or group in a run of the course, for its lecturers."""
    rows = Attempt.objects.select_related(
        "offer__activity", "offer__run_offer__run__course", "user", "group", "graded_by"
    ).exclude(state=Attempt.State.OPEN)
    attempt, rights = _fetch(
        rows.filter(pk=pk, offer__run_offer__run__course__code=code),
        user,
        course="offer__run_offer__run__course",
        to=to,
    )
    attempt.offer.run_offer.run.course.rights = rights
    return attempt


def attempt_file_for(user: User, code: str, pk: int) -> AttemptFile:
    """A file of a student's work: for whoever may read that work or sent the file, and for the lecturers of the course.

    A lecturer gets no file of work in progress, and nobody a file that was taken away before it was handed in.
    """
    work = Attempt.objects.filter(readable_by(user.pk), pk=OuterRef("attempt"))
    rows = AttemptFile.objects.filter(
        pk=pk, attempt__offer__run_offer__run__course__code=code, removed_at__isnull=True
    ).annotate(is_mine=Q(uploaded_by=user) | Exists(work))
    own = rows.filter(is_mine=True).first()
    if own is not None:
        return own
    rows = rows.exclude(attempt__state=Attempt.State.OPEN)
    file, rights = _fetch(rows, user, course="attempt__offer__run_offer__run__course", to=Can.SEE)
    if Can.LOOK not in rights:
        raise Http404  # another student's: that it exists is nobody's business
    if Can.TEACH not in rights:
        raise PermissionDenied
    return file


def material_for(user: User, code: str, pk: int, *, at: datetime) -> Material:
    """A file of an activity of the course: for its staff, and for students as soon as it is open to them in a run."""
    in_design = Placement.objects.filter(activity=OuterRef("activity"), design__course__code=code)
    in_run = RunOffer.objects.filter(offer__activity=OuterRef("activity"), run__course__code=code)
    offered = in_run.filter(run__cohort__memberships__user=user, offer__opens_at__lte=at)
    offered = offered.filter(offer__built=True, offer__withdrawn_at=None)
    rows = Material.objects.filter(Q(Exists(in_design)) | Q(Exists(in_run)), pk=pk)
    material = rows.annotate(is_offered=Exists(offered)).first()
    if material is None:
        raise Http404
    if material.is_offered:
        return material
    course_for(user, code, to=Can.LOOK)
    return material


@prepared
def _seats(user: int, code: str, pk: int) -> QuerySet[RunOffer]:
    membership = Membership.objects.filter(cohort=OuterRef("run__cohort"), user=user)
    return (
        RunOffer.objects.filter(pk=pk, run__course__code=code)
        .select_related("offer__activity", "run__course")
        .annotate(
            membership_pk=Subquery(membership.values("pk")[:1]),
            membership_group=Subquery(membership.values("group_id")[:1]),
            tie_lecturer=Exists(Teaching.objects.filter(course=OuterRef("run__course"), user=user)),
        )
    )


def seat_for(user: User, code: str, pk: int, *, at: datetime) -> tuple[Seat, RunOffer]:
    """The user's seat at an offer: a student of its cohort acts, a lecturer of the course teaches, staff look.

    One query for any type; a second only where work is done as a group. Http404 when the user has no seat there, and
    for a student before the offer opens nothing but its title is shown (the page asks `seat.offer.is_open`).
    """
    # COST: the address of every save of an answer; one query, written and planned once.
    row: Any = _seats.first(user.pk, code, pk)  # Any: a RunOffer with the ties of the user
    if row is None:
        raise Http404
    can_teach = bool(row.tie_lecturer)
    is_student = row.membership_pk is not None
    if not can_teach and not is_student:
        # Staff who look (the coach, a director) see the page as a preview.
        row = run_offer_for(user, code, pk, to=Can.LOOK)
    activity = row.offer.activity
    group = None
    if is_student and row.membership_group and activity.type.per_group and activity.grouping != Grouping.ALONE:
        group = Group.objects.get(pk=row.membership_group)
    base = reverse("courses:activity", args=[code, pk])
    seat = Seat(
        user=user,
        offer=row.offer,
        activity=activity,
        at=at,
        can_act=is_student,
        can_teach=can_teach,
        group=group,
        page_url=base,
        act_url=f"{base}ACTION/",
        feedback_url=reverse("courses:feedback", args=[code, pk]) if can_teach else "",
        preview=not is_student,
    )
    return seat, row


# --- Patterns -----------------------------------------------------------------------------------------------------


def _unit_paths(user: User) -> tuple[set[str], set[str]]:
    """The paths of the units in which somebody works with designs, and of those over which they look."""
    appointed = list(Appointment.objects.filter(user=user).values_list("unit__path", "role"))
    taught = Course.objects.filter(Q(teachings__user=user) | Q(coach=user)).values_list("unit__path", flat=True)
    over = {path for path, role in appointed if role != Appointment.Role.LECTURER}
    return {path for path, _role in appointed} | set(taught), over


def patterns_for(user: User) -> QuerySet[Pattern]:
    """The patterns that somebody may take: everybody's, those of their units and of units above or below, their own.

    Raises PermissionDenied for who works with no design anywhere: students meet patterns only as courses.
    """
    paths, over = _unit_paths(user)
    if not paths:
        raise PermissionDenied
    above = {path[: place + 1] for path in paths for place, sign in enumerate(path) if sign == "/" and place}
    seen = Q(unit=None) | Q(unit__path__in=above) | Q(author=user)
    for path in over:
        seen |= Q(unit__path__startswith=path)
    return Pattern.objects.filter(seen, withdrawn_at=None).select_related("author", "unit", "based_on")


def pattern_for(user: User, key: UUID) -> Pattern:
    """A pattern that somebody may take; Http404 for one that is withdrawn or belongs to another part."""
    pattern = patterns_for(user).filter(key=key).first()
    if pattern is None:
        raise Http404
    return pattern


def own_pattern_for(user: User, key: UUID) -> Pattern:
    """A pattern to change or withdraw: for its author only."""
    pattern = pattern_for(user, key)
    if pattern.author_id != user.pk:
        raise PermissionDenied
    return pattern
