"""Who is here: written down seldom, forgotten soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from courses.models import CardLock, Presence, Storyboard
from courses.queries.presence import Here, together_on

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.queries.presence import Together

WRITE_EVERY = timedelta(seconds=15)
FORGET_AFTER = timedelta(days=1)


def be_here(design: Design, *, by: User, editing: int | None, active: bool, at: datetime) -> Together:
    """Say that somebody has a design open, and hear who else does.

    `editing` is the card whose editor is open, `active` whether anything happened in it since the last time; only that
    keeps its lock. One query, and at most one more every fifteen seconds, which writes.
    """
    together = together_on(design)
    due = at - WRITE_EVERY
    mine = next((here for here in together.people if here.user == by.pk), None)
    lock = together.lock_on(editing) if editing is not None else None
    if active and lock is not None and lock.user == by.pk:
        if lock.seen_at > due:
            return _with(together, by, at)
        # The lock says as well that its holder is here: one write for both.
        CardLock.objects.filter(placement=lock.placement, user=by).update(seen_at=at)
        locks = tuple(replace(each, seen_at=at) if each is lock else each for each in together.locks)
        return _with(replace(together, locks=locks), by, at)
    if mine is None:
        # RACE: two windows of one person arrive together.
        Presence.objects.bulk_create(
            [Presence(design=design, user=by, seen_at=at)],
            update_conflicts=True,
            unique_fields=["design", "user"],
            update_fields=["seen_at"],
        )
    elif mine.seen_at <= due:
        Presence.objects.filter(design=design, user=by).update(seen_at=at)
    return _with(together, by, at)


def _with(together: Together, by: User, at: datetime) -> Together:
    others = [here for here in together.people if here.user != by.pk]
    people = sorted([*others, Here(by.pk, by.name, at)], key=lambda here: (here.name, here.user))
    return replace(together, people=tuple(people))


def leave(design: Design, *, by: User) -> None:
    """Somebody closes the design."""
    Presence.objects.filter(design=design, user=by).delete()


def sweep(*, at: datetime) -> int:
    """Forget who was here a day ago, and end sessions that nobody ended. Answers how many rows are gone."""
    before = at - FORGET_AFTER
    Storyboard.objects.filter(ended_at__isnull=True, started_at__lt=before).update(ended_at=at)
    gone, _each = Presence.objects.filter(seen_at__lt=before).delete()
    left, _each = CardLock.objects.filter(seen_at__lt=before).delete()
    return gone + left
