"""What the outcomes of a course work towards. Higher apps register here; this app knows neither number nor names.

`programmes` registers the outcomes of programmes in its AppConfig.ready. A source that fails is logged and left out:
the page of the outcomes works without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Course

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Aim:
    """An outcome of the course works towards something; `outcome_key` is the same from version to version."""

    outcome_key: str
    label: str  # "PLO2"
    text: str
    treatment: str  # how far, in the reader's words: introduced, reinforced, mastered


@dataclass(frozen=True, slots=True)
class Aims:
    """What a course works towards in one frame, and where that is looked at and changed."""

    title: str
    url: str
    may_edit: bool
    wanted: int  # how many there are to work towards; 0 where none is written yet
    aims: tuple[Aim, ...]


Source = Callable[["Course", "User"], Iterable[Aims]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Ask this source about every course from now on; also usable as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def aims_of(course: Course, user: User) -> tuple[Aims, ...]:
    """What the outcomes of a course work towards, as this person may see it."""
    found: list[Aims] = []
    for source in _sources:
        try:
            found.extend(source(course, user))
        except Exception:
            # A source of another app never takes the page with it, whatever it does.
            logger.exception("An aim of course %s could not be read.", course.pk)
    return tuple(found)
