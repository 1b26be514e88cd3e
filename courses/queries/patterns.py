"""The library of patterns as its pages show it, and designs that a course may begin from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from blendedu.people.models import Unit
from courses.calendar import NoTeaching, TeachingWeek, teaching_weeks
from courses.models import Course, Design
from courses.queries.runs import calendar_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blendedu.people.models import User
    from courses.models import Pattern


def found_patterns(patterns: QuerySet[Pattern], user: User, *, q: str, whose: str) -> QuerySet[Pattern]:
    """Those of these patterns that somebody looks for, by title."""
    for word in q.split()[:8]:
        patterns = patterns.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(advice__icontains=word)
            | Q(attribution__icontains=word)
        )
    if whose == "product":
        patterns = patterns.filter(author=None)
    elif whose == "colleagues":
        patterns = patterns.filter(author__isnull=False).exclude(author=user)
    elif whose == "mine":
        patterns = patterns.filter(author=user)
    return patterns.annotate(adapted=Count("adaptations", filter=Q(adaptations__withdrawn_at=None))).order_by(
        "title", "pk"
    )


def units_above(unit: Unit) -> list[Unit]:
    """A unit and those that it belongs to, itself first."""
    above = [int(part) for part in unit.path.strip("/").split("/") if part]
    return sorted(Unit.objects.filter(Q(pk__in=above) | Q(pk=unit.pk)), key=lambda each: -len(each.path))


@dataclass(frozen=True, slots=True)
class Source:
    """A course whose design another may begin from: the approved version, or else the last."""

    course: Course
    design: Design


def sources_for(courses: QuerySet[Course], course: Course) -> list[Source]:
    """What a course may begin from among these courses, its own first; two queries."""
    rows = {row.pk: row for row in courses}
    best: dict[int, Design] = {}
    for design in Design.objects.filter(course__in=rows).order_by("number"):
        known = best.get(design.course_id)
        if known is None or design.state == Design.State.APPROVED or known.state != Design.State.APPROVED:
            design.course = rows[design.course_id]
            best[design.course_id] = design
    found = [Source(rows[pk], design) for pk, design in best.items()]
    return sorted(found, key=lambda one: (one.course.pk != course.pk, one.course.title, one.course.pk))


@dataclass(frozen=True, slots=True)
class ComingTerm:
    """The term in which a copy would run first, with the weeks that are taught in it."""

    name: str
    weeks: tuple[TeachingWeek, ...]
    ends_on: date

    @property
    def skipped(self) -> tuple[str, ...]:
        """The holidays for which whole weeks are skipped, each once."""
        return tuple(dict.fromkeys(name for week in self.weeks for name in week.skipped_before))

    @property
    def last_monday(self) -> date:
        return self.weeks[-1].monday

    @property
    def is_too_long(self) -> bool:
        return self.weeks[-1].monday > self.ends_on


def coming_term(unit: Unit, *, on: date, count: int) -> ComingTerm | None:
    """Where so many weeks would lie in the next term that begins; two queries."""
    calendar = calendar_of(unit)
    term = next((term for term in calendar.terms if term.starts_on > on), None)
    if term is None or count < 1:
        return None
    try:
        return ComingTerm(term.name, teaching_weeks(term.starts_on, count, calendar.holidays), term.ends_on)
    except NoTeaching:
        return None
