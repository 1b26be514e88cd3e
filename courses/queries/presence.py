"""Who has a design open, who edits which card, and what somebody did to the plan since it was drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, CharField, F, Value

from blendedu.journal.models import Entry
from courses.models import LOCK_RESTS, CardLock, Presence

if TYPE_CHECKING:
    from courses.models import Design

# Pages ask every few seconds, and what they say is written every fifteen: who was not heard for longer has left.
HERE_FOR = timedelta(seconds=40)


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has the design open."""

    user: int
    name: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Lock:
    """Somebody who edits a card."""

    placement: int
    title: str
    user: int
    name: str
    seen_at: datetime
    wanted_by: int | None
    wanted_name: str

    def is_fresh(self, at: datetime) -> bool:
        """Whether it keeps others out."""
        return at - self.seen_at < LOCK_RESTS


@dataclass(frozen=True, slots=True)
class Together:
    """What is known about who works on a design."""

    people: tuple[Here, ...]
    locks: tuple[Lock, ...]

    def lock_on(self, placement: int) -> Lock | None:
        """Who edits this card, or did so last."""
        return next((lock for lock in self.locks if lock.placement == placement), None)


def together_on(design: Design) -> Together:
    """Everybody who was seen at a design, and every lock on its cards; one query."""
    columns = ("user_id", "user__name", "seen_at", "card", "title", "wanted", "wanted_name")
    nothing = Value("", output_field=CharField())
    nobody = Value(None, output_field=BigIntegerField(null=True))
    people = Presence.objects.filter(design=design).annotate(
        card=nobody, title=nothing, wanted=nobody, wanted_name=nothing
    )
    locks = CardLock.objects.filter(placement__design=design).annotate(
        card=F("placement_id"),
        title=F("placement__activity__title"),
        wanted=F("wanted_by_id"),
        wanted_name=F("wanted_by__name"),
    )
    rows = list(people.values_list(*columns).union(locks.values_list(*columns), all=True))
    return Together(
        people=tuple(
            sorted(
                (Here(user, name, seen) for user, name, seen, card, *_ in rows if card is None),
                key=lambda here: (here.name, here.user),
            )
        ),
        locks=tuple(
            Lock(card, title, user, name, seen, wanted, wanted_name or "")
            for user, name, seen, card, title, wanted, wanted_name in rows
            if card is not None
        ),
    )


@dataclass(frozen=True, slots=True)
class Latest:
    """The last thing that was done to a plan."""

    name: str
    about: str
    verb: str


def latest_of(design: Design) -> Latest | None:
    """Who did what to the plan last; one query."""
    entry = (
        Entry.objects.filter(subject="design", subject_id=design.pk, details__has_key="version")
        .select_related("actor")
        .order_by("-at", "-pk")
        .first()
    )
    return Latest(entry.actor.name if entry.actor else "", entry.about, entry.verb) if entry else None


def sign_of(parts: Iterable[object]) -> str:
    """A short sign of what a page shows; it differs as soon as any of it does."""
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:16]
