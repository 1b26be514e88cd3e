"""Imports of a course, and the draft that one could be taken into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.models import Design, DesignImport, Week

if TYPE_CHECKING:
    from courses.models import Course

SHOWN = 10


def imports_of(course: Course) -> list[DesignImport]:
    """The latest imports of a course, without what was read."""
    rows = DesignImport.objects.filter(course=course).select_related("made_by", "design").defer("proposal", "report")
    return list(rows.order_by("-made_at", "-pk")[:SHOWN])


def in_the_works(course: Course) -> Design | None:
    """The version of a course that is being made or reviewed, if there is any."""
    working = [Design.State.DRAFT, Design.State.IN_REVIEW]
    design = Design.objects.filter(course=course, state__in=working).first()
    if design is not None:
        design.course = course
    return design


def week_count(design: Design | None) -> int:
    return 0 if design is None else Week.objects.filter(design=design).count()
