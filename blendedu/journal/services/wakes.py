"""Waking a worker once for many things that wait.

A message for every single thing costs more than most of the things. So while a message of a kind is on its way, no
other is sent: whoever receives it says so here, and then works off all that waits by then. What was committed before is
seen by that look; what comes after it sends a message again. A message that is lost costs seconds: its place is free
again soon, and the sweeper looks after whatever nobody came for.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache

PLACES = 2  # messages of one kind that may be under way at once; whoever finds more work calls for help
FREE_AFTER = 5  # seconds
QUIET_SECONDS = 5.0

_quiet_until = 0.0


def take(name: str, number: int = 0) -> int | None:
    """A place for a message of this kind, or None while the place of this number is taken."""
    place = number % PLACES
    if time.monotonic() < _quiet_until:
        return None
    if not settings.REDIS_URL:
        return place  # web and worker share no memory in which a place could be kept: every message is sent
    return place if cache.add(_key(name, place), 1, FREE_AFTER) else None


def heard(name: str, place: int) -> None:
    """A message has arrived: what comes from now on sends the next one. Called before looking at what waits."""
    if settings.REDIS_URL:
        cache.delete(_key(name, place))


def unsent(name: str, place: int) -> None:
    """The broker took no message. For some seconds none is tried, or every page would wait for it."""
    # COST: a broker that hangs lets each message wait for its time-out; the sweeper comes anyway.
    global _quiet_until  # noqa: PLW0603 -- one broker, one memory of it per process
    _quiet_until = time.monotonic() + QUIET_SECONDS
    heard(name, place)


def free(name: str) -> None:
    """All messages of this kind may be lost: the next ones are sent."""
    global _quiet_until  # noqa: PLW0603 -- see unsent
    _quiet_until = 0.0
    if settings.REDIS_URL:
        cache.delete_many([_key(name, place) for place in range(PLACES)])


def _key(name: str, place: int) -> str:
    return f"wake:{name}:{place}"
