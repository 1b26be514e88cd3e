"""What programmes say elsewhere: limits of review rules for their courses, and what their outcomes work towards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse

from courses.access import Can as CourseCan
from courses.aims import Aim, Aims
from courses.models import Course
from courses.queries.limits import layer_of
from courses.sources import PROGRAMME_RANK, Layer
from programmes.access import managed_by, programmes_for
from programmes.models import CoursePlace, OutcomeAim, ProgrammeRuleLimit

if TYPE_CHECKING:
    from blendedu.people.models import User


def programme_limits(courses: Collection[Course]) -> Iterable[tuple[int, Layer]]:
    """The limits of every programme that a course belongs to; two queries, none more for more courses."""
    places = set(CoursePlace.objects.filter(course__in=courses).values_list("programme_id", "course_id"))
    if not places:
        return
    by_programme: dict[int, list[Layer]] = {}
    rows = ProgrammeRuleLimit.objects.filter(programme__in={programme for programme, _course in places})
    for row in rows.select_related("programme"):
        if row.is_set:
            layer = layer_of(
                row, kind="programme", owner=row.programme_id, name=row.programme.title, rank=PROGRAMME_RANK
            )
            by_programme.setdefault(row.programme_id, []).append(layer)
    for programme, course in places:
        for layer in by_programme.get(programme, ()):
            yield course, layer


def aims_of_course(course: Course, user: User) -> Iterable[Aims]:
    """What the outcomes of a course work towards, in the programmes that this person may look at; two queries."""
    programmes = list(
        programmes_for(user)
        .filter(pk__in=CoursePlace.objects.filter(course=course).values("programme"))
        .annotate(wanted=Count("outcomes"), managed=managed_by(user))
    )
    if not programmes:
        return
    found: dict[int, list[Aim]] = {programme.pk: [] for programme in programmes}
    rows = OutcomeAim.objects.filter(course=course, programme_outcome__programme__in=programmes)
    for row in rows.select_related("programme_outcome").order_by("programme_outcome__number", "pk"):
        outcome = row.programme_outcome
        said = Aim(str(row.outcome_key), str(outcome), outcome.text, str(row.get_treatment_display()))
        found[outcome.programme_id].append(said)
    for programme in programmes:
        yield Aims(
            title=programme.title,
            url=reverse("programmes:aims", args=[programme.code, course.code]),
            may_edit=programme.managed or CourseCan.DESIGN in course.rights,
            wanted=programme.wanted,
            aims=tuple(found[programme.pk]),
        )
