"""Beside the board: the balance in bars that open to what makes them, and the load against the credits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from blendedu.kit import charts, signs
from blendedu.kit.templatetags.kit import minutes as written
from courses.facts import LEARNING_TYPES

if TYPE_CHECKING:
    from courses.balance import Balance, Dimension, Slice


@dataclass(frozen=True, slots=True)
class Share:
    """A number of the balance that opens to what makes it."""

    word: str
    shown: str
    url: str


@dataclass(frozen=True, slots=True)
class Mix:
    """One dimension of the balance with its bar."""

    title: str
    note: str
    blend: charts.Blend
    shares: tuple[Share, ...]


def mixes_of(balance: Balance, explain_url: Callable[[str, str], str]) -> tuple[Mix, ...]:
    """The four bars: environment, timing, learning type, grouping. `explain_url` is where a number opens."""

    def shares(dimension: Dimension, shown: Callable[[Slice], str] = _percent) -> tuple[Share, ...]:
        return tuple(
            Share(signs.word(piece.value), shown(piece), explain_url(dimension.name, piece.value))
            for piece in dimension.used
            if piece.minutes
        )

    environment, timing = balance["environment"], balance["timing"]
    types, grouping = balance["learning_type"], balance["grouping"]
    return (
        Mix(
            _("Environment"),
            _("%(count)s used") % {"count": len(environment.used)},
            charts.environment_blend(_amounts(environment)),
            shares(environment),
        ),
        Mix(
            _("Synchronous"),
            f"{timing['sync'].percent}%" if balance.minutes else "",
            charts.timing_blend(_amounts(timing)),
            shares(timing, lambda piece: written(piece.minutes)),
        ),
        Mix(
            _("Learning types"),
            _("%(count)s of %(all)s") % {"count": len(types.used), "all": len(LEARNING_TYPES)},
            charts.toned_blend(_amounts(types)),
            shares(types),
        ),
        Mix(_("Grouping"), "", charts.toned_blend(_amounts(grouping)), shares(grouping)),
    )


def credits_said(credit: Decimal, balance: Balance) -> str:
    """`5 EC = 125 to 150 h`; empty for a course without credits."""
    load = balance.load
    if not load.high:
        return ""
    said = {"credits": f"{credit.normalize():f}", "low": load.low // 60, "high": load.high // 60}
    return _("%(credits)s EC = %(low)s to %(high)s h") % said


def load_said(balance: Balance) -> str:
    """What the load means, in words."""
    load = balance.load
    if not load.planned or load.verdict == "no_credits":
        return ""
    if load.missing:
        return _("%(time)s below what the credits stand for") % {"time": written(load.missing)}
    if load.excess:
        return _("%(time)s more than the credits stand for") % {"time": written(load.excess)}
    return _("Fits the credits")


def _percent(piece: Slice) -> str:
    return f"{piece.percent}%"


def _amounts(dimension: Dimension) -> dict[str, int]:
    return {piece.value: piece.minutes for piece in dimension.slices}
