"""Dividing people into groups at random: sizes differ by one at most, and the same seed divides the same way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def groups_for(people: int, *, size: int) -> int:
    """How many groups it takes so that nobody is in a group larger than `size`."""
    return -(-people // max(1, size))


def deal(people: Iterable[int], *, groups: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """Divide people, by their numbers, over this many groups; never more groups than people.

    The order in which people are given does not matter, so a preview and its confirmation agree.
    """
    order = sorted(set(people))
    random.Random(seed).shuffle(order)  # noqa: S311 -- a draw that must be repeatable, not a secret
    count = max(1, min(groups, len(order))) if order else 0
    return tuple(tuple(order[place::count]) for place in range(count))
