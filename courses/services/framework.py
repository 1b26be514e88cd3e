"""What institution and programme have set for a course, resolved and kept with it.

A unit sets its teaching hour and how large a small change is; what it leaves empty is taken from the unit above. The
result stands in `Course.framework`, one key per part, so that the Studio judges without asking for it on every move.
A part is a function from courses to values; a course without a value for a part has no key for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from blendedu.journal.services.jobs import enqueue
from blendedu.people.models import Unit
from blendedu.people.queries import above, below
from courses.jobs import RESOLVE
from courses.models import Course
from courses.queries.limits import limits_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

Part = Mapping[int, Any]  # Any: by course, what the framework says of it, as JSON holds it

CHUNK = 500
AT_ONCE = 200  # as many courses are resolved within the request; of more, a worker takes care


def resolve(courses: Iterable[Course]) -> int:
    """Write what holds for these courses, in chunks with a constant number of queries. Answers how many changed."""
    changed, chunk = 0, []
    for course in courses:
        chunk.append(course)
        if len(chunk) == CHUNK:
            changed, chunk = changed + _resolve_chunk(chunk), []
    return changed + (_resolve_chunk(chunk) if chunk else 0)


def resolve_below(unit: Unit, *, at: datetime) -> bool:
    """Resolve all courses of a unit and below after it has changed. Answers whether it is done already.

    A large unit is left to a worker; its job is written in the caller's transaction.
    """
    if _below(unit).order_by().count() > AT_ONCE:
        enqueue(RESOLVE, unit.pk, at=at)
        return False
    resolve(_below(unit))
    return True


def resolve_unit(unit_id: int) -> None:
    """The job: resolve a unit that may have thousands of courses. May run twice."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is not None:
        resolve(_below(unit).iterator(chunk_size=CHUNK))


def _below(unit: Unit) -> QuerySet[Course]:
    return Course.objects.filter(below([unit], field="unit__path")).select_related("unit").order_by("pk")


def _resolve_chunk(courses: Sequence[Course]) -> int:
    parts = {name: part(courses) for name, part in PARTS.items()}
    changed = []
    for course in courses:
        resolved = {name: found[course.pk] for name, found in parts.items() if course.pk in found}
        if resolved != course.framework:
            course.framework = resolved
            changed.append(course)
    Course.objects.bulk_update(changed, ["framework"])
    return len(changed)


# --- The parts ----------------------------------------------------------------------------------------------------


def teaching_hours(courses: Sequence[Course]) -> Part:
    """Minutes of an hour on the timetable: 45, 50 or 60."""
    return _inherited(courses, "teaching_hour")


def small_changes(courses: Sequence[Course]) -> Part:
    """Up to which share of its time, in per cent, an approved design may be changed without approval."""
    return _inherited(courses, "small_change_percent")


def _inherited(courses: Sequence[Course], column: str) -> Part:
    """The nearest value on the way up from each course's unit; units without any are left out."""
    units = above({course.unit.path for course in courses})
    set_at = {unit.path: getattr(unit, column) for unit in units if getattr(unit, column) is not None}
    found = {}
    for course in courses:
        nearest = max((path for path in set_at if course.unit.path.startswith(path)), key=len, default=None)
        if nearest is not None:
            found[course.pk] = set_at[nearest]
    return found


PARTS: Mapping[str, Callable[[Sequence[Course]], Part]] = {
    "hour": teaching_hours,
    "small_change": small_changes,
    "limits": limits_of,
}
