"""The plan of a design, as the sums and the pages read it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, F, OuterRef, PositiveSmallIntegerField, Subquery, TextField, Value

from activities.registry import UnknownType
from courses.facts import Plan, PlannedActivity, PlannedOutcome, PlannedWeek
from courses.models import Outcome, Placement, Week

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from activities.models import Activity
    from courses.models import Design

# What an editor may set on an activity; also what a step keeps of it.
ACTIVITY_FIELDS = (
    "type_key title brief minutes minutes_basis learning_type second_type second_share timing place environment "
    "grouping group_size guidance assessment weight feedback_by feedback_days feedback_elaborated required config"
).split()


class Joined(Aggregate):
    """The numbers of a column as one text with commas, on both databases."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:  # as Django
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s::text, ',')", **context
        )


def placements_of(*designs: Design) -> QuerySet[Placement]:
    """The placements of these designs with activity and week; `outcome_pks` is a text such as "3,5". One query."""
    # COST: a subquery per row on an index, where a second query or a prefetch would count against every move.
    links = Placement.outcomes.through.objects.filter(placement=OuterRef("pk")).order_by().values("placement")
    joined = links.annotate(pks=Joined("outcome_id")).values("pks")  # type: ignore[misc]  # grouped: pks is known
    return (
        Placement.objects.filter(design__in=designs)
        .select_related("activity", "week")
        .annotate(outcome_pks=Subquery(joined))
        .order_by("position", "pk")
    )


def plan_of(design: Design) -> Plan:
    """Everything planned in a design; two queries, whatever it holds. `design.course` must be loaded."""
    (plan,) = plans_of(design)
    return plan


def plans_of(*designs: Design) -> tuple[Plan, ...]:
    """The plans of several designs, in this order; two queries, however many there are."""
    placements: dict[int, list[Placement]] = {design.pk: [] for design in designs}
    for placement in placements_of(*designs):
        placements[placement.design_id].append(placement)
    frames = frames_of(*designs)
    return tuple(_plan(design, placements[design.pk], frames[design.pk]) for design in designs)


def plan_from(design: Design, placements: Iterable[Placement]) -> Plan:
    """The plan from placements that were read by `placements_of`; one more query, for weeks and outcomes."""
    return _plan(design, placements, frames_of(design)[design.pk])


def _plan(design: Design, placements: Iterable[Placement], frame: Frame) -> Plan:
    course = design.course
    order = {outcome.id: outcome.number for outcome in frame.outcomes}
    return Plan(
        design_id=design.pk,
        course_code=course.code,
        title=course.title,
        credits=course.credits,
        weeks=frame.weeks,
        outcomes=frame.outcomes,
        activities=tuple(_planned(placement, order) for placement in placements),
        version=design.plan_version,
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What the placements of a design stand on and serve, each by number."""

    weeks: tuple[PlannedWeek, ...]
    outcomes: tuple[PlannedOutcome, ...]


def frames_of(*designs: Design) -> dict[int, Frame]:
    """The weeks and the outcomes of these designs by the design's number in the database; one query for all."""
    columns = ("kind", "design_id", "pk", "number", "words", "bloom")
    no_level = Value(None, output_field=PositiveSmallIntegerField())
    weeks = Week.objects.filter(design__in=designs).order_by()
    outcomes = Outcome.objects.filter(design__in=designs).order_by()
    rows = sorted(
        weeks.annotate(kind=Value("week"), words=F("title"), bloom=no_level)
        .values_list(*columns)
        .union(
            outcomes.annotate(kind=Value("outcome"), words=F("text"), bloom=F("level")).values_list(*columns), all=True
        ),
        key=lambda row: row[3],
    )
    return {
        design.pk: Frame(
            weeks=tuple(
                PlannedWeek(id=pk, number=number, title=words, teaching=True)
                for kind, of, pk, number, words, _ in rows
                if kind == "week" and of == design.pk
            ),
            outcomes=tuple(
                PlannedOutcome(id=pk, number=number, text=words, level=level)
                for kind, of, pk, number, words, level in rows
                if kind == "outcome" and of == design.pk
            ),
        )
        for design in designs
    }


def outcome_ids_of(placement: Placement) -> list[int]:
    """The outcomes that a placement serves, by number."""
    return list(placement.outcomes.order_by("number").values_list("pk", flat=True))


def fingerprint(activity: Activity, outcome_ids: Iterable[int]) -> str:
    """A short sign of what an editor was opened on; it differs as soon as anybody changed any of it."""
    said = {name: getattr(activity, name) for name in ACTIVITY_FIELDS} | {"outcomes": sorted(outcome_ids)}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _planned(placement: Placement, order: dict[int, int]) -> PlannedActivity:
    activity: Activity = placement.activity
    pks = (int(pk) for pk in (getattr(placement, "outcome_pks", None) or "").split(",") if pk)
    return PlannedActivity(
        placement_id=placement.pk,
        key=str(placement.key),
        activity_id=activity.pk,
        type_key=activity.type_key,
        title=activity.title,
        minutes=activity.minutes,
        learning_type=activity.learning_type,
        second_type=activity.second_type or None,
        second_share=activity.second_share,
        timing=activity.timing,
        place=activity.place,
        environment=activity.environment,
        grouping=activity.grouping,
        guidance=activity.guidance,
        assessment=activity.assessment,
        weight=activity.weight,
        feedback_by=activity.feedback_by,
        feedback_days=activity.feedback_days,
        feedback_elaborated=activity.feedback_elaborated,
        required=activity.required,
        week=placement.week.number if placement.week else None,
        moment=placement.moment,
        position=placement.position,
        outcome_ids=tuple(sorted((pk for pk in pks if pk in order), key=lambda pk: order[pk])),
        has_captions=_has_captions(activity),
    )


def _has_captions(activity: Activity) -> bool | None:
    try:
        return activity.type.has_captions(activity.config)
    except UnknownType:
        # A type that is not installed any more: its card is still shown and its minutes still count.
        return None
