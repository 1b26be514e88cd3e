"""The list of courses and the front page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from blendedu.kit.charts import rhythm
from courses.access import Can, course_for, courses_for
from courses.charts import weeks_drawn
from courses.models import Design
from courses.queries import courses as course_queries
from courses.queries.frame import head_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Course

COURSES_PER_PAGE = 30


@require_GET
def course_list(request: AuthedRequest) -> HttpResponse:
    """The courses that this person has something to do with."""
    page = Paginator(courses_for(request.user), COURSES_PER_PAGE).get_page(request.GET.get("page"))
    lines = course_queries.lines_of(page, on=timezone.localdate())
    return render(request, "courses/list.html", {"page": page, "lines": lines})


@require_GET
def overview(request: AuthedRequest, code: str) -> HttpResponse:
    """The front page: for staff what the course is and how it stands, for students all that they do in it."""
    course = course_for(request.user, code, to=Can.SEE)
    return _for_staff(request, course) if Can.LOOK in course.rights else _for_student(request, course)


def _for_staff(request: AuthedRequest, course: Course) -> HttpResponse:
    today = timezone.localdate()
    versions = course_queries.versions_of(course)
    shown = next((line for line in versions if line.design.state != Design.State.ARCHIVED), None)
    loads = course_queries.loads_stored(shown.design if shown else None)
    context = {
        "course": course,
        "tab": "overview",
        "head": head_of(course, on=today, design=shown.design if shown else None, weeks=shown.weeks if shown else None),
        "versions": versions,
        "loads": loads,
        "chart": rhythm(weeks_drawn(loads)) if loads else None,
        "lecturers": list(course.lecturers.order_by("name")),
        "runs": list(course.runs.select_related("cohort", "design")[:10]),
    }
    return render(request, "courses/overview.html", context)


def _for_student(request: AuthedRequest, course: Course) -> HttpResponse:
    today = timezone.localdate()
    runs = course_queries.runs_of_student(course, request.user)
    asked = request.GET.get("run", "")
    run = next((run for run in runs if str(run.pk) == asked), None) if asked else next(iter(runs), None)
    if run is None:
        raise Http404
    weeks = course_queries.weeks_for_student(run, request.user, on=today)
    context = {"course": course, "runs": runs, "run": run, "weeks": weeks, "now": timezone.now()}
    return render(request, "courses/student_course.html", context)
