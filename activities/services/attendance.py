"""Who was at a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from activities.models import Attendance, Progress
from activities.services.progress import note_progress
from blendedu.people.models import User
from blendedu.people.queries import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities.models import Offer

_WAS_THERE = {Attendance.State.PRESENT, Attendance.State.LATE}


@dataclass(frozen=True, slots=True)
class Line:
    """One student of the cohort on the attendance sheet."""

    user: User
    group: str
    state: str  # empty: nothing noted yet
    by_student: bool


def sheet(offer: Offer) -> list[Line]:
    """The attendance sheet of a session, by name; two queries."""
    noted = {row.user_id: row for row in Attendance.objects.filter(offer=offer)}
    return [
        Line(
            user=member.user,
            group=member.group.name if member.group else "",
            state=noted[member.user_id].state if member.user_id in noted else "",
            by_student=member.user_id in noted and noted[member.user_id].noted_by_id == member.user_id,
        )
        for member in members_of(offer.cohort)
    ]


@transaction.atomic
def check_in(offer: Offer, user: User, *, at: datetime) -> None:
    """A student says that they are there; what a lecturer has noted stays."""
    Attendance.objects.get_or_create(
        offer=offer,
        user=user,
        defaults={"state": Attendance.State.PRESENT, "noted_at": at, "noted_by": user},
    )
    note_progress(offer.pk, [user.pk], state=Progress.State.DONE, share=100, at=at)


@transaction.atomic
def note_all(offer: Offer, states: Mapping[int, str], *, by: User, at: datetime) -> int:
    """Note the state of these students; people outside the cohort are left out. Answers how many were noted."""
    members = set(offer.cohort.memberships.filter(user_id__in=states).values_list("user_id", flat=True))
    rows = [
        Attendance(offer=offer, user_id=user_id, state=states[user_id], noted_at=at, noted_by=by)
        for user_id in sorted(members)
    ]
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["offer", "user"],
        update_fields=["state", "noted_at", "noted_by"],
    )
    there = [row.user_id for row in rows if row.state in _WAS_THERE]
    note_progress(offer.pk, there, state=Progress.State.DONE, share=100, at=at)
    return len(rows)
