"""How many hours a week of parallel courses may ask, and who says so.

The programme has agreed on a number of its own. A higher app may know a stricter one (the institution's policy) and
registers a source here; programmes know neither its name nor its rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a week may ask, in minutes, and where that number comes from."""

    minutes: int
    source: str
    url: str = ""


Source = Callable[["Programme", date], "Ceiling | None"]

_sources: list[Source] = []


def register(source: Source) -> Source:
    """Ask this function too; also usable as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def ceiling_of(programme: Programme, *, on: date) -> Ceiling:
    """The strictest ceiling that holds for a programme on a day."""
    own = Ceiling(programme.week_hours_max * 60, _("agreed in the programme"))
    found = [ceiling for source in _sources if (ceiling := source(programme, on)) is not None]
    return min((own, *found), key=lambda ceiling: ceiling.minutes)
