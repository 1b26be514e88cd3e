"""What the header of every page of a course says beyond the course itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blendedu.kit.prepared import prepared
from courses.models import Design, Run, RunOffer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from courses.models import Course


@dataclass(frozen=True, slots=True)
class Head:
    """The facts in the line below the title."""

    weeks: int
    version: str  # "Draft 3", "Version 2, approved"; empty while there is no design
    state: str
    running: tuple[str, ...]  # "Version 2 running for 124 students"
    preview_url: str  # the page of an activity as students see it; empty without a run
    can_ask_review: bool


# COST: every page of a course asks this.


@prepared
def _runs(course: int) -> QuerySet[Run]:
    first_offer = RunOffer.objects.filter(run=OuterRef("pk"), offer__withdrawn_at=None).order_by(
        "week_number", "position", "pk"
    )
    return (
        Run.objects.filter(course=course)
        .select_related("design")
        .annotate(students=Count("cohort__memberships"), first_offer=Subquery(first_offer.values("pk")[:1]))
        .order_by("-starts_on", "pk")
    )


def head_of(course: Course, *, on: date, design: Design | None = None, weeks: int | None = None) -> Head:
    """The header's facts on a day; two queries, one when the page knows its design and number of weeks."""
    if design is None or weeks is None:
        rows = Design.objects.filter(course=course).annotate(week_count=Count("weeks"))
        found = (rows.filter(pk=design.pk) if design else rows.order_by("-number")).first()
        design, weeks = found, found.week_count if found else 0
    students: dict[int, int] = {}
    preview = None
    runs: list[Any] = _runs(course.pk)  # Any: with what is counted
    for run in runs:
        preview = preview or run.first_offer
        if run.starts_on <= on <= run.ends_on:
            students[run.design.number] = students.get(run.design.number, 0) + run.students
    return Head(
        weeks=weeks,
        version=_version(design) if design else "",
        state=design.state if design else "",
        running=tuple(
            ngettext(
                "Version %(number)s running for %(count)s student",
                "Version %(number)s running for %(count)s students",
                count,
            )
            % {"number": number, "count": count}
            for number, count in sorted(students.items())
        ),
        preview_url=reverse("courses:activity", args=[course.code, preview]) if preview else "",
        can_ask_review=design is not None and design.state == Design.State.DRAFT,
    )


def _version(design: Design) -> str:
    words = {
        Design.State.DRAFT: _("Draft %(number)s"),
        Design.State.IN_REVIEW: _("Version %(number)s, in review"),
        Design.State.APPROVED: _("Version %(number)s, approved"),
        Design.State.ARCHIVED: _("Version %(number)s, archived"),
    }
    return words[Design.State(design.state)] % {"number": design.number}
