"""A design of the database as an outline, and an outline as a small board to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from activities import registry
from activities.models import Material, Question
from activities.registry import UnknownType
from blendedu.kit import charts
from courses.balance import weigh
from courses.facts import MOMENTS
from courses.models import Alignment
from courses.outline import (
    Outline,
    OutlineActivity,
    OutlineLink,
    OutlineOutcome,
    OutlineWeek,
    in_board_order,
    plan_of_outline,
)
from courses.queries.plan import ACTIVITY_FIELDS

if TYPE_CHECKING:
    from courses.models import Design


def outline_of(design: Design) -> Outline:
    """A design as it travels; seven queries, whatever it holds. `design.course` must be loaded."""
    outcomes = list(design.outcomes.order_by("number"))
    weeks = list(design.weeks.order_by("number"))
    placements = list(design.placements.select_related("activity").order_by("position", "pk"))
    number_of = {week.pk: week.number for week in weeks}
    key_of = {outcome.pk: str(outcome.key) for outcome in outcomes}
    card_of = {placement.pk: str(placement.key) for placement in placements}
    served: dict[int, list[tuple[str, int | None]]] = {}
    for aligned in Alignment.objects.filter(placement__design=design).order_by("outcome__number", "pk"):
        served.setdefault(aligned.placement_id, []).append((key_of[aligned.outcome_id], aligned.level))
    inside = [placement.activity_id for placement in placements]
    questions: dict[int, list[Mapping[str, Any]]] = {}  # Any: as activities.questions writes them
    for question in Question.objects.filter(activity__in=inside).order_by("position", "pk"):
        questions.setdefault(question.activity_id, []).append(question.content)
    files: dict[int, list[Mapping[str, Any]]] = {}  # Any: what is said about a file
    for file in Material.objects.filter(activity__in=inside).order_by("pk"):
        said = {name: getattr(file, name) for name in ("kind", "name", "size", "content_type", "language")}
        files.setdefault(file.activity_id, []).append(said)
    return Outline(
        title=design.course.title,
        weeks=tuple(OutlineWeek(week.number, week.title, week.teaching, str(week.key)) for week in weeks),
        outcomes=tuple(OutlineOutcome(str(one.key), one.number, one.text, one.level) for one in outcomes),
        activities=tuple(
            sorted(
                (
                    OutlineActivity(
                        key=str(placement.key),
                        week=number_of.get(placement.week_id or 0),
                        moment=placement.moment,
                        values={name: getattr(placement.activity, name) for name in ACTIVITY_FIELDS},
                        outcomes=tuple(served.get(placement.pk, ())),
                        questions=tuple(questions.get(placement.activity_id, ())),
                        files=tuple(files.get(placement.activity_id, ())),
                    )
                    for placement in placements
                ),
                key=in_board_order,
            )
        ),
        links=tuple(
            OutlineLink(card_of[link.source_id], card_of[link.target_id], link.note)
            for link in design.links.order_by("pk")
        ),
        about={
            "course": design.course.code.upper(),
            "design": design.number,
            "credits": str(design.course.credits.normalize()),
        },
    )


def materials_of(design: Design) -> list[tuple[str, Material]]:
    """The files of the activities of a design, each with the key of its card, in their order; two queries."""
    cards = list(design.placements.order_by("pk").values_list("key", "activity_id"))
    files: dict[int, list[Material]] = {}
    for file in Material.objects.filter(activity__in=[activity for _key, activity in cards]).order_by("pk"):
        files.setdefault(file.activity_id, []).append(file)
    return [(str(key), file) for key, activity in cards for file in files.get(activity, ())]


# --- A small board ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SmallCard:
    """A card to look at."""

    title: str
    minutes: int | None
    environment: str
    timing: str
    icon: str
    label: str  # of its type
    grouping: str
    served: tuple[int, ...]  # outcomes by number


@dataclass(frozen=True, slots=True)
class SmallRow:
    """A week to look at; the cells are before, together and after."""

    number: int
    title: str
    minutes: int
    blend: charts.Blend
    cells: tuple[tuple[str, tuple[SmallCard, ...]], ...]


@dataclass(frozen=True, slots=True)
class SmallBoard:
    """An outline to look at before it is taken."""

    rows: tuple[SmallRow, ...]
    shelf: tuple[SmallCard, ...]
    outcomes: tuple[OutlineOutcome, ...]
    minutes: int
    unestimated: int
    blend: charts.Blend
    card_count: int


def board_of(outline: Outline) -> SmallBoard:
    """The small board of an outline; no query."""
    balance = weigh(plan_of_outline(outline, credits=Decimal(0)))
    numbers = {one.key: one.number for one in outline.outcomes}
    rows = []
    for week in outline.weeks:
        inside = [each for each in outline.activities if each.week == week.number]
        cells = tuple(
            (moment, tuple(_small(each, numbers) for each in inside if each.moment == moment)) for moment in MOMENTS
        )
        rows.append(
            SmallRow(
                number=week.number,
                title=week.title,
                minutes=sum(each.minutes or 0 for each in inside),
                blend=_mixed(inside),
                cells=cells,
            )
        )
    placed = [each for each in outline.activities if each.week is not None]
    return SmallBoard(
        rows=tuple(rows),
        shelf=tuple(_small(each, numbers) for each in outline.activities if each.week is None),
        outcomes=outline.outcomes,
        minutes=balance.minutes,
        unestimated=sum(each.minutes is None for each in placed),
        blend=_mixed(placed),
        card_count=len(outline.activities),
    )


def _mixed(activities: list[OutlineActivity]) -> charts.Blend:
    amounts: dict[tuple[str, str], int] = {}
    for each in activities:
        sign = (each.values["environment"], each.values["timing"])
        amounts[sign] = amounts.get(sign, 0) + (each.minutes or 0)
    return charts.mixed_blend(amounts)


def _small(each: OutlineActivity, numbers: Mapping[str, int]) -> SmallCard:
    said = each.values
    try:
        kind = registry.get(said["type_key"])
        icon, label = kind.icon, str(kind.label)
    except UnknownType:
        icon, label = "circle-question-mark", str(said["type_key"])
    return SmallCard(
        title=each.title,
        minutes=each.minutes,
        environment=said["environment"],
        timing=said["timing"],
        icon=icon,
        label=label,
        grouping=said["grouping"],
        served=tuple(sorted(numbers[key] for key, _level in each.outcomes if key in numbers)),
    )
