"""The curriculum map: which course works towards which outcome of the programme, how far, and what is missing.

Faults that such maps are known for: an outcome in no course, never introduced, introduced but never practised, mastered
before it is introduced (curriculum mapping guides of NDSU and of St John's University; rules P10 and P12).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

TREATMENTS = ("introduced", "reinforced", "mastered")
GUIDE_COUNT = 12  # outcomes of a degree (KPU); a guide, no limit
OVERCLAIM = 6  # mastered in one course; above it, it is worth asking (rule P13)


class Gap(StrEnum):
    """What is missing for an outcome of the programme."""

    NOWHERE = "nowhere"
    NEVER_INTRODUCED = "never_introduced"
    NEVER_REINFORCED = "never_reinforced"
    NEVER_MASTERED = "never_mastered"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class MappedOutcome:
    """An outcome of the programme."""

    id: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class MappedCourse:
    """A course of the programme; `term` counts its terms from 0."""

    id: int
    code: str
    title: str
    term: int
    compulsory: bool = True


@dataclass(frozen=True, slots=True)
class Tie:
    """An outcome of a course works towards an outcome of the programme."""

    outcome: int
    course: int
    treatment: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """An outcome of the programme with what each course does for it; empty where it does nothing."""

    outcome: MappedOutcome
    cells: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class CurriculumMap:
    """All of it."""

    courses: tuple[MappedCourse, ...]
    rows: tuple[MapRow, ...]
    idle: tuple[MappedCourse, ...]  # compulsory, and work towards nothing
    overclaiming: tuple[MappedCourse, ...]  # master more than is likely

    @property
    def gap_count(self) -> int:
        """How many outcomes have a gap."""
        return sum(bool(row.gaps) for row in self.rows)


def curriculum_map(
    outcomes: Iterable[MappedOutcome], courses: Sequence[MappedCourse], ties: Iterable[Tie]
) -> CurriculumMap:
    """Lay the ties out; a cell is the most that any outcome of the course does."""
    done: dict[tuple[int, int], set[str]] = {}
    for tie in ties:
        done.setdefault((tie.outcome, tie.course), set()).add(tie.treatment)
    rows = []
    for outcome in sorted(outcomes, key=lambda each: each.number):
        found = [done.get((outcome.id, course.id), set()) for course in courses]
        cells = tuple(max(each, key=TREATMENTS.index, default="") for each in found)
        # A course may introduce with one of its outcomes what it reinforces with another: both count, one is shown.
        compulsory = [
            (course.term, treatment)
            for course, each in zip(courses, found, strict=True)
            if course.compulsory
            for treatment in each
        ]
        rows.append(MapRow(outcome, cells, _gaps(compulsory, anywhere=any(cells))))
    mastered = [sum(row.cells[place] == "mastered" for row in rows) for place in range(len(courses))]
    return CurriculumMap(
        courses=tuple(courses),
        rows=tuple(rows),
        idle=tuple(
            course
            for place, course in enumerate(courses)
            if rows and course.compulsory and not any(row.cells[place] for row in rows)
        ),
        overclaiming=tuple(
            course
            for course, count in zip(courses, mastered, strict=True)
            if count > OVERCLAIM or (len(rows) > 1 and 2 * count > len(rows))
        ),
    )


def _gaps(compulsory: list[tuple[int, str]], *, anywhere: bool) -> tuple[Gap, ...]:
    """Only what everybody takes counts: an elective introduces nothing to those who leave it out."""
    if not anywhere:
        return (Gap.NOWHERE,)
    first = {
        treatment: min((term for term, done in compulsory if done == treatment), default=None)
        for treatment in TREATMENTS
    }
    names = (Gap.NEVER_INTRODUCED, Gap.NEVER_REINFORCED, Gap.NEVER_MASTERED)
    gaps = [gap for gap, treatment in zip(names, TREATMENTS, strict=True) if first[treatment] is None]
    terms = [term for term in first.values() if term is not None]
    if terms != sorted(terms):
        gaps.append(Gap.OUT_OF_ORDER)
    return tuple(gaps)
