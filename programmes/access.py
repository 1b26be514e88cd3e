"""Who may do what with a programme. Every view gets its programme here, and the right is checked while fetching.

Directors and administrators appointed in the unit of the programme or above it manage it. Whoever teaches or coaches
one of its courses, or is appointed as DigiCoach there, looks at it. Everybody else gets 404.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from blendedu.people.models import Appointment
from blendedu.people.queries import appointed_over
from programmes.models import CoursePlace, Programme

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blendedu.people.models import User
    from courses.models import Course


class Can(StrEnum):
    """What somebody may do with a programme."""

    LOOK = "look"  # see its courses and its study load
    MANAGE = "manage"  # change what the programme agreed on


def _manages(user: User) -> Exists:
    return appointed_over(user, [Appointment.Role.DIRECTOR, Appointment.Role.ADMINISTRATOR], path="unit__path")


def managed_by(user: User) -> Exists:
    """Whether this person manages the programme of a row, for an annotation."""
    return _manages(user)


def _looks(user: User) -> Q:
    of_its_courses = CoursePlace.objects.filter(programme=OuterRef("pk")).filter(
        Q(course__coach=user) | Q(course__teachings__user=user)
    )
    return Q(Exists(of_its_courses)) | Q(appointed_over(user, [Appointment.Role.COACH], path="unit__path"))


def programmes_for(user: User) -> QuerySet[Programme]:
    """The programmes that this person has a tie to, by title."""
    rows = Programme.objects.select_related("unit")
    return rows.filter(Q(_manages(user)) | _looks(user)).order_by("title", "pk")


def course_in(user: User, programme: Programme, code: str, *, to_change: bool) -> Course:
    """A course of a programme whose outcomes this person may link with those of the programme, or look at.

    Who manages the programme and who designs the course may change the links; PermissionDenied for whoever may not.
    """
    place = CoursePlace.objects.filter(programme=programme, course__code=code).select_related("course__unit").first()
    if place is None:
        raise Http404
    course: Course = place.course
    course.rights = frozenset({"design"} if course.teachings.filter(user=user).exists() else ())
    if to_change and not may_link(programme, course):
        raise PermissionDenied
    return course


def may_link(programme: Programme, course: Course) -> bool:
    """Whether whoever fetched these may link the outcomes of the course with those of the programme."""
    return Can.MANAGE in programme.rights or "design" in course.rights


def programme_for(user: User, code: str, *, to: Can) -> Programme:
    """The programme with this code and, on it, `rights`; Http404 for a stranger, PermissionDenied without the right."""
    rows = Programme.objects.select_related("unit").annotate(tie_manages=_manages(user))
    programme = rows.filter(Q(_manages(user)) | _looks(user), code=code).first()
    if programme is None:
        raise Http404
    programme.rights = frozenset({Can.LOOK, Can.MANAGE} if programme.tie_manages else {Can.LOOK})
    if to not in programme.rights:
        raise PermissionDenied
    return programme
