"""The outcomes page: what students will be able to do, where they practise it and how it is assessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext

from activities import registry
from blendedu.kit.numbers import number_in
from blendedu.kit.shares import percentages
from courses.alignment import Counting, align, minutes_by_outcome
from courses.facts import half_up
from courses.feedback_plan import feedback_plan
from courses.verbs import LEVEL_NAMES, LEVEL_VERBS, read_outcome

if TYPE_CHECKING:
    from courses.aims import Aim, Aims
    from courses.alignment import OutcomeRow
    from courses.facts import Plan, PlannedActivity, PlannedOutcome
    from courses.feedback_plan import OutcomeFeedback
    from courses.verbs import Reading

# COST: a page stays below 250 kB. A cell of the matrix is some 110 bytes, an activity listed below an outcome some 300.
CELLS_A_PAGE, ROWS_AT_LEAST, ROWS_AT_MOST = 800, 12, 60
LISTED_A_PAGE, LISTED_AT_LEAST, LISTED_AT_MOST = 160, 3, 30
NOT_LINKED = "n"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a week of the matrix, a page of it, how minutes are counted, what a click sets."""

    week: int | None = None
    page: int = 1
    counting: Counting = Counting.SHARE
    brush: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Read an address or a form; what is no number is not asked for."""
        brush = query.get("to", "")
        return cls(
            week=number_in(query.get("week", "")),
            page=number_in(query.get("page", "")) or 1,
            counting=Counting.TOUCH if query.get("minutes") == Counting.TOUCH else Counting.SHARE,
            brush=brush if brush in BRUSHES else "",
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What leads back to the same place, for addresses and hidden fields."""
        said = {
            "week": str(self.week or ""),
            "page": str(self.page) if self.page > 1 else "",
            "minutes": self.counting.value if self.counting is Counting.TOUCH else "",
            "to": self.brush,
        }
        return [(name, value) for name, value in said.items() if value]


BRUSHES = ("0", "1", "2", "3", "4", "5", "6", NOT_LINKED)


@dataclass(frozen=True, slots=True)
class Serving:
    """An activity that serves an outcome."""

    activity: PlannedActivity
    icon: str
    level: int | None
    kind: str  # practises, formative or summative


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome with its figures."""

    outcome: PlannedOutcome
    row: OutcomeRow
    level_name: str
    minutes: int
    percent: int
    reading: Reading
    feedback: OutcomeFeedback
    serving: tuple[Serving, ...]  # the first of them, in the order in which students meet them
    serving_count: int
    aims: tuple[Aim, ...]

    @property
    def proposal(self) -> int | None:
        """A level to propose: what the verb says, where it is not what was chosen."""
        return self.reading.level if self.reading.level != self.outcome.level else None

    @property
    def proposal_name(self) -> str:
        return level_name(self.proposal)

    @property
    def mismatches(self) -> tuple[str, ...]:
        return tuple(mismatch.value for mismatch in self.row.mismatches)

    @property
    def has_gaps(self) -> bool:
        """Whether something about it is worth a look."""
        unserved = not (self.row.is_practised and self.row.is_assessed)
        return unserved or self.feedback.is_late or bool(self.row.mismatches)


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether and on which level an activity serves an outcome: `n`, `0` (no level said) or a level."""

    outcome_id: int
    code: str
    then: str  # what the next click makes of it
    sign: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An activity and, per outcome, whether it serves it."""

    activity: PlannedActivity
    icon: str
    kind: str  # practises, formative or summative
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """All of it."""

    lines: tuple[Line, ...]
    rows: tuple[MatrixRow, ...]
    pages: Page[PlannedActivity]
    weeks: tuple[int, ...]
    asked: Asked
    minutes: int  # of the course
    touched_percent: int  # what touched minutes add up to, in per cent of the course
    unserved_minutes: int
    unserved_percent: int
    unserved: tuple[PlannedActivity, ...]
    aims: tuple[Aims, ...]
    has_activities: bool

    @property
    def touches(self) -> bool:
        return self.asked.counting is Counting.TOUCH

    @property
    def gap_count(self) -> int:
        """How many outcomes have something worth a look."""
        return sum(line.has_gaps for line in self.lines)

    def line(self, pk: int) -> Line | None:
        """One outcome."""
        return next((line for line in self.lines if line.outcome.id == pk), None)


def outcomes_page(plan: Plan, asked: Asked | None = None, aims: Iterable[Aims] = ()) -> OutcomesPage:
    """From a plan that was read; no query of its own."""
    asked = asked or Asked()
    aims = tuple(aims)
    alignment = align(plan)
    minutes = minutes_by_outcome(plan, asked.counting)
    total = sum(activity.counted_minutes for activity in plan.placed)
    shares = _shares(minutes, total, asked.counting)
    heard = {each.outcome.id: each for each in feedback_plan(plan).outcomes}
    icons = _Icons()
    serving: dict[int, list[Serving]] = {}
    for activity in plan.placed:
        for pk in activity.outcome_ids:
            serve = Serving(activity, icons[activity.type_key], activity.level_for(pk), kind_of(activity))
            serving.setdefault(pk, []).append(serve)
    orphans = set(alignment.orphans)
    outcomes = [row.outcome for row in alignment.rows]
    pages = _page_of(plan, asked)
    listed = max(LISTED_AT_LEAST, min(LISTED_AT_MOST, LISTED_A_PAGE // max(len(outcomes), 1)))
    touched = sum(each for pk, each in minutes.items() if pk is not None)
    return OutcomesPage(
        lines=tuple(
            Line(
                outcome=row.outcome,
                row=row,
                level_name=level_name(row.outcome.level),
                minutes=minutes[row.outcome.id],
                percent=shares[row.outcome.id],
                reading=read_outcome(row.outcome.text, gettext),
                feedback=heard[row.outcome.id],
                serving=tuple(serving.get(row.outcome.id, ())[:listed]),
                serving_count=len(serving.get(row.outcome.id, ())),
                aims=tuple(aim for frame in aims for aim in frame.aims if aim.outcome_key == row.outcome.key),
            )
            for row in alignment.rows
        ),
        rows=tuple(
            MatrixRow(
                activity=activity,
                icon=icons[activity.type_key],
                kind=kind_of(activity),
                cells=tuple(cell_of(activity, outcome) for outcome in outcomes),
            )
            for activity in pages
        ),
        pages=pages,
        weeks=tuple(week.number for week in plan.weeks),
        asked=asked,
        minutes=total,
        touched_percent=_percent(touched, total),
        unserved_minutes=alignment.orphan_minutes,
        unserved_percent=shares[None],
        unserved=tuple(activity for activity in plan.placed if activity.placement_id in orphans),
        aims=aims,
        has_activities=bool(plan.placed),
    )


def level_name(level: int | None) -> str:
    """The name of a level in the reader's language; empty without one."""
    return gettext(LEVEL_NAMES[level]) if level else ""


def levels_shown() -> list[tuple[int, str, str]]:
    """Every level with its name and its verbs."""
    return [(level, gettext(name), gettext(LEVEL_VERBS[level])) for level, name in LEVEL_NAMES.items()]


def kind_of(activity: PlannedActivity) -> str:
    """How an activity serves its outcomes."""
    return activity.assessment if activity.is_assessed else "practises"


def cell_of(activity: PlannedActivity, outcome: PlannedOutcome) -> Cell:
    """The cell of an activity and an outcome."""
    if outcome.id not in activity.outcome_ids:
        return Cell(outcome.id, NOT_LINKED, "0", "")
    level = activity.level_for(outcome.id)
    if level is None:
        return Cell(outcome.id, "0", str(outcome.level or NOT_LINKED), "●")
    return Cell(outcome.id, str(level), NOT_LINKED, str(level))


def _page_of(plan: Plan, asked: Asked) -> Page[PlannedActivity]:
    placed = [activity for activity in plan.placed if asked.week is None or activity.week == asked.week]
    fits = CELLS_A_PAGE // max(len(plan.outcomes), 1)
    return Paginator(placed, max(ROWS_AT_LEAST, min(ROWS_AT_MOST, fits))).get_page(asked.page)


def _shares(minutes: Mapping[int | None, int], total: int, counting: Counting) -> dict[int | None, int]:
    if counting is Counting.SHARE:
        return dict(zip(minutes, percentages(list(minutes.values())), strict=True))
    return {pk: _percent(each, total) for pk, each in minutes.items()}


def _percent(minutes: int, total: int) -> int:
    return half_up(100 * minutes, total) if total else 0


class _Icons(dict[str, str]):
    """The icon of each type, as it is first asked for."""

    def __missing__(self, key: str) -> str:
        try:
            self[key] = icon = registry.get(key).icon
        except registry.UnknownType:
            self[key] = icon = "circle-question-mark"
        return icon
