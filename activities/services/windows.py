"""What happens to attempts when the window of their offer moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from activities import jobs
from activities.contract import BrokenConfig
from activities.models import Attempt, Offer
from activities.services.attempts import GRACE, end_of
from blendedu.journal.services.jobs import enqueue

# A request that read the old window is answered long before.
STRAGGLERS_AFTER = timedelta(minutes=1)
STRAGGLERS_WITHIN = timedelta(minutes=15)


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
    # RACE: an attempt that begins at this moment is not seen here and was given the old end; it is looked after then.
    enqueue(jobs.FOLLOW, offer.pk, at=at, due_at=at + STRAGGLERS_AFTER)
    # Whoever had less time than the closing left keeps that; only the closing moved.
    concerned = Q(ends_at__isnull=True) | Q(ends_at=closed_before)
    if offer.closes_at is not None:
        concerned |= Q(ends_at__gt=offer.closes_at)
    _move_ends(offer, concerned, at=at)


@transaction.atomic
def follow_stragglers(offer_id: int, *, at: datetime) -> None:
    """Let attempts that were begun at the very moment when the window moved follow it too. May run twice."""
    offer = Offer.objects.select_related("activity").filter(pk=offer_id).first()
    if offer is None:
        return
    concerned = Q(ends_at__isnull=True) | Q(started_at__gt=at - STRAGGLERS_WITHIN)
    if offer.closes_at is not None:
        concerned |= Q(ends_at__gt=offer.closes_at)
    _move_ends(offer, concerned, at=at)


def _move_ends(offer: Offer, concerned: Q, *, at: datetime) -> None:
    going_on = Attempt.objects.select_for_update(no_key=True).filter(offer=offer, state=Attempt.State.OPEN)
    for attempt in going_on.filter(concerned).order_by("pk"):
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
