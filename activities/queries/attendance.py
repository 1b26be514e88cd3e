"""Who was at a session, as its lecturers read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities.models import Attendance
from blendedu.people.queries import members_of

if TYPE_CHECKING:
    from activities.models import Offer
    from blendedu.people.models import User

WAS_THERE = frozenset({Attendance.State.PRESENT, Attendance.State.LATE})


@dataclass(frozen=True, slots=True)
class Line:
    """One student of the cohort on the attendance sheet."""

    user: User
    group: str
    noted: Attendance | None

    @property
    def state(self) -> str:
        """Empty when nothing is noted yet."""
        return self.noted.state if self.noted else ""

    @property
    def by_student(self) -> bool:
        """Whether the student checked in, and no lecturer has said otherwise since."""
        return self.noted is not None and self.noted.noted_by_id == self.user.pk


def sheet(offer: Offer) -> list[Line]:
    """The attendance sheet of a session, by name; three queries."""
    rows = Attendance.objects.filter(offer=offer).select_related("noted_by")
    noted = {row.user_id: row for row in rows}
    return [
        Line(user=member.user, group=member.group.name if member.group else "", noted=noted.get(member.user_id))
        for member in members_of(offer.cohort)
    ]
