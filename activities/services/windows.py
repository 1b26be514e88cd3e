"""What happens to attempts when the window of their offer moves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from activities import jobs
from activities.contract import BrokenConfig
from activities.models import Attempt
from activities.services.attempts import GRACE, end_of
from blendedu.journal.services.jobs import enqueue

if TYPE_CHECKING:
    from activities.models import Offer


@transaction.atomic
def follow_window(offer: Offer, *, closed_before: datetime | None, at: datetime) -> None:
    """Let attempts follow the window that their offer has now.

    Work in progress ends with the new closing time, never earlier than its own limit asks. Work that was late and is
    now in time is not late any more; nobody becomes late afterwards for having kept the date that stood there.
    """
    handed_in = Attempt.objects.filter(offer=offer).exclude(state=Attempt.State.OPEN)
    handed_in.filter(late=True, submitted_at__lte=offer.due_at).update(late=False)
    if offer.closes_at == closed_before:
        return
    going_on = Attempt.objects.select_for_update().filter(offer=offer, state=Attempt.State.OPEN)
    # Whoever had less time than the closing left keeps that; only the closing moved.
    concerned = Q(ends_at__isnull=True) | Q(ends_at=closed_before)
    if offer.closes_at is not None:
        concerned |= Q(ends_at__gt=offer.closes_at)
    for attempt in going_on.filter(concerned):
        ends_at = end_of(offer, started_at=attempt.started_at, limit_minutes=_limit(offer, attempt))
        if ends_at == attempt.ends_at:
            continue
        Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.OPEN).update(ends_at=ends_at)
        if ends_at is not None:
            # A job for the old time finds that it is too early, and goes; this one comes in time.
            enqueue(jobs.CLOSE, attempt.pk, at=at, due_at=ends_at + GRACE)


def _limit(offer: Offer, attempt: Attempt) -> int | None:
    """The time limit under which an attempt was begun, where its type has one."""
    try:
        config = offer.activity.type.parse(attempt.config_seen)
    except BrokenConfig:
        return None
    minutes = getattr(config, "limit_minutes", None)
    return int(minutes) if minutes else None
