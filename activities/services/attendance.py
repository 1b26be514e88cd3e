"""Who was at a session."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from activities.models import Attendance, Progress
from activities.queries.attendance import WAS_THERE
from activities.services.progress import note_progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities.models import Offer
    from blendedu.people.models import User


@transaction.atomic
def check_in(offer: Offer, user: User, *, at: datetime) -> Attendance:
    """A student says that they are there; what a lecturer has noted stays."""
    noted, made = Attendance.objects.get_or_create(
        offer=offer,
        user=user,
        defaults={"state": Attendance.State.PRESENT, "noted_at": at, "noted_by": user},
    )
    if made:
        note_progress(offer.pk, [user.pk], state=Progress.State.DONE, share=100, at=at)
    return noted


@transaction.atomic
def note_all(offer: Offer, states: Mapping[int, str], *, rest: str = "", by: User, at: datetime) -> int:
    """Note the state of these students, and `rest` for everybody of the cohort who has none; answers how many changed.

    People outside the cohort are left out. A line that says what stands already keeps who noted it, so that saving the
    whole sheet does not put one lecturer's name on another's lines. Of two lecturers at once the last one wins.
    """
    members = list(offer.cohort.memberships.values_list("user_id", flat=True).order_by("user_id"))
    before = dict(Attendance.objects.filter(offer=offer).values_list("user_id", "state"))
    wanted = {user_id: states.get(user_id) or before.get(user_id) or rest for user_id in members}
    fresh = {user_id: state for user_id, state in wanted.items() if state and state != before.get(user_id)}
    Attendance.objects.bulk_create(
        [
            Attendance(offer=offer, user_id=user_id, state=state, noted_at=at, noted_by=by)
            for user_id, state in fresh.items()
        ],
        update_conflicts=True,
        unique_fields=["offer", "user"],
        update_fields=["state", "noted_at", "noted_by"],
    )
    there = [user_id for user_id, state in fresh.items() if state in WAS_THERE]
    note_progress(offer.pk, there, state=Progress.State.DONE, share=100, at=at)
    # Whoever had checked in and was not there has not done it.
    Progress.objects.filter(offer=offer, user__in=fresh.keys() - set(there), state=Progress.State.DONE).update(
        state=Progress.State.STARTED, share=0, done_at=None, updated_at=at
    )
    return len(fresh)
