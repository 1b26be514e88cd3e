"""A lock per card: taken when its editor opens, kept while something happens in it, handed over when asked for.

It keeps two people from typing into one card; it protects no data. What is saved is compared with what was seen, with
or without a lock, so that a lock may be lost at any time and nothing is lost with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from courses.models import LOCK_RESTS, CardLock

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Placement


class Held(Exception):
    """Somebody else edits this card."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def take(placement: Placement, *, by: User, at: datetime) -> None:
    """Have a card for oneself: a free one, one's own, or one that its holder has left alone. Raises Held."""
    locks = CardLock.objects.filter(placement=placement)
    if locks.filter(user=by).update(seen_at=at):
        return
    # RACE: of two who take over at once, one finds the lock already renewed.
    if locks.filter(seen_at__lte=at - LOCK_RESTS).update(user=by, taken_at=at, seen_at=at, wanted_by=None):
        return
    try:
        with transaction.atomic():
            CardLock.objects.create(placement=placement, user=by, taken_at=at, seen_at=at)
    except IntegrityError:
        holder = locks.select_related("user").first()
        raise Held(holder.user.name if holder else "") from None


def release(placement: Placement, *, by: User) -> None:
    """Let a card go. Whoever asked for it finds it free."""
    CardLock.objects.filter(placement=placement, user=by).delete()


def ask(placement: Placement, *, by: User) -> bool:
    """Ask whoever edits a card for it; they see it within seconds. No, when it is free or one's own by now."""
    return bool(CardLock.objects.filter(placement=placement).exclude(user=by).update(wanted_by=by))


def hand_over(placement: Placement, *, by: User, at: datetime) -> bool:
    """Give a card to whoever asked for it. No, when it is not one's own any more, or nobody asks."""
    mine = CardLock.objects.filter(placement=placement, user=by, wanted_by__isnull=False)
    return bool(mine.update(user=F("wanted_by"), taken_at=at, seen_at=at, wanted_by=None))


def keep(placement: Placement, *, by: User, at: datetime) -> bool:
    """Go on with a card that somebody asked for."""
    return bool(CardLock.objects.filter(placement=placement, user=by).update(wanted_by=None, seen_at=at))
