"""Beside the board: the balance in bars that open to what makes them, and the load against the credits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from blendedu.kit import charts, signs
from blendedu.kit.minutes import CLOCK_HOUR
from blendedu.kit.templatetags.kit import minutes as written
from blendedu.kit.templatetags.kit import total as summed
from courses.facts import LEARNING_TYPES

if TYPE_CHECKING:
    from courses.balance import Balance, Dimension, Slice


@dataclass(frozen=True, slots=True)
class Share:
    """A number of the balance that opens to what makes it."""

    word: str
    shown: str
    url: str
    value: str


@dataclass(frozen=True, slots=True)
class Mix:
    """One dimension of the balance with its bar."""

    name: str
    title: str
    note: str
    blend: charts.Blend
    shares: tuple[Share, ...]
    order: str  # its values as they are drawn, for what is worked out before the server answers


@dataclass(frozen=True, slots=True)
class Unestimated:
    """An activity without minutes: it counts for nothing, and is named."""

    pk: int
    title: str


@dataclass(frozen=True, slots=True)
class Contact:
    """The time in which all are together. An hour of the timetable may be shorter than one of the clock."""

    minutes: int
    low: int
    high: int
    teaching_hours: str
    teaching_hour: int

    @property
    def differs(self) -> bool:
        """Whether the timetable counts other hours than the clock."""
        return self.teaching_hour != CLOCK_HOUR


def contact_of(balance: Balance, teaching_hour: int) -> Contact | None:
    """The time together, in minutes and in teaching hours with at most one decimal."""
    minutes = balance["timing"]["sync"].minutes
    if not minutes:
        return None
    ranges = [week.ranges["sync"] for week in balance.weeks]
    hours = (Decimal(minutes) / teaching_hour).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Contact(
        minutes=minutes,
        low=sum(low for low, _high in ranges),
        high=sum(high for _low, high in ranges),
        teaching_hours=number_format(hours.normalize() if hours % 1 else int(hours)),
        teaching_hour=teaching_hour,
    )


def contact_said(contact: Contact) -> str:
    """`24 h together = 32 teaching hours of 45 min`."""
    if not contact.differs:
        return _("%(time)s together") % {"time": summed(contact)}
    said = {"time": summed(contact), "hours": contact.teaching_hours, "length": contact.teaching_hour}
    return _("%(time)s together = %(hours)s teaching hours of %(length)s min") % said


def mixes_of(balance: Balance, explain_url: Callable[[str, str], str]) -> tuple[Mix, ...]:
    """The four bars: environment, timing, learning type, grouping. `explain_url` is where a number opens."""

    def shares(dimension: Dimension, shown: Callable[[Slice], str] = _percent) -> tuple[Share, ...]:
        return tuple(
            Share(signs.word(piece.value), shown(piece), explain_url(dimension.name, piece.value), piece.value)
            for piece in dimension.used
            if piece.minutes
        )

    environment, timing = balance["environment"], balance["timing"]
    types, grouping = balance["learning_type"], balance["grouping"]
    return (
        Mix(
            environment.name,
            _("Environment"),
            _("%(count)s used") % {"count": len(environment.used)},
            charts.environment_blend(_amounts(environment)),
            shares(environment),
            _order(environment),
        ),
        Mix(
            timing.name,
            _("Synchronous"),
            f"{timing['sync'].percent}%" if balance.minutes else "",
            charts.timing_blend(_amounts(timing)),
            shares(timing, lambda piece: written(piece.minutes)),
            _order(timing),
        ),
        Mix(
            types.name,
            _("Learning types"),
            _("%(count)s of %(all)s") % {"count": len(types.used), "all": len(LEARNING_TYPES)},
            charts.toned_blend(_amounts(types)),
            shares(types),
            _order(types),
        ),
        Mix(
            grouping.name,
            _("Grouping"),
            "",
            charts.toned_blend(_amounts(grouping)),
            shares(grouping),
            _order(grouping),
        ),
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


def _order(dimension: Dimension) -> str:
    return " ".join(piece.value for piece in dimension.slices)
