"""What can be done to a programme."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from blendedu.journal.services.entries import record
from programmes.models import Programme

if TYPE_CHECKING:
    from blendedu.people.models import User


@transaction.atomic
def change_ceiling(programme: Programme, *, hours: int, actor: User, at: datetime) -> None:
    """Set how many hours a week of parallel courses may ask; the earlier number stays in the journal."""
    before = programme.week_hours_max
    # RACE: whoever saves second writes over a number that they have not seen; both are in the journal with their name.
    Programme.objects.filter(pk=programme.pk).update(week_hours_max=hours)
    record(
        "programme-ceiling-changed",
        subject="programme",
        subject_id=programme.pk,
        actor=actor,
        at=at,
        about=programme.title,
        details={"before": before, "after": hours},
    )
