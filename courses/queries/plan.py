"""The plan of a design, as the sums and the pages read it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Aggregate, BigIntegerField, Case, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from activities.queries.made import made_columns
from activities.registry import UnknownType
from blendedu.kit.minutes import CLOCK_HOUR
from blendedu.kit.prepared import prepared
from courses.facts import Plan, PlannedActivity, PlannedLink, PlannedOutcome, PlannedWeek
from courses.models import Alignment, Comment, Link, Outcome, Placement, ReportedTime, Week
from courses.workload import FEWEST_REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from activities.models import Activity
    from courses.models import Course, Design

# What an editor may set on an activity; also what a step keeps of it.
ACTIVITY_FIELDS = (
    "type_key title brief minutes minutes_basis learning_type second_type second_share timing place environment "
    "grouping group_size guidance assessment weight feedback_by feedback_days feedback_elaborated required config "
    "minutes_low minutes_high estimate assessment_form own_choice alternative purpose tool"
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
    """The placements of these designs with activity and week, one query.

    `served` says which outcomes each serves, and on which level: a text such as "3:2,5:"; `reported` what students of
    all runs say about its time, "90:12" for a median of 90 minutes from 12 reports.
    """
    return _placements([design.pk for design in designs])


def _placements(designs: list[int]) -> QuerySet[Placement]:
    # COST: a subquery per row on an index, where a second query or a prefetch would count against every move.
    served = Alignment.objects.filter(placement=OuterRef("pk")).order_by().values("placement")
    # PostgreSQL joins only what is text by name.
    level = Coalesce(Cast("level", TextField()), Value("", output_field=TextField()))
    colon = Value(":", output_field=TextField())
    each = Concat(Cast("outcome_id", TextField()), colon, level, output_field=TextField())
    said = ReportedTime.objects.filter(course=OuterRef("design__course"), key=OuterRef("key")).annotate(
        said=Concat(Cast("median", TextField()), colon, Cast("reports", TextField()), output_field=TextField())
    )
    joined = served.annotate(said=Joined(each)).values("said")
    return (
        Placement.objects.filter(design__in=designs)
        .select_related("activity", "week", "lock")
        .annotate(served=Subquery(joined), reported=Subquery(said.values("said")[:1]))
        .order_by("position", "pk")
    )


def board_of(design: Design) -> QuerySet[Placement]:
    """The placements of a design, what has been made for each (the board says what is not built yet), who edits it."""
    return _board(design.pk)


def _board(design: int) -> QuerySet[Placement]:
    # COST: four more looks at an index per row and the name of a user, and no query of its own.
    return _placements([design]).annotate(holder=F("lock__user__name"), **made_columns("activity_id"))


# COST: every page of a design reads these, and every move reads them again; their statements are long.
_read_placements, _read_board = prepared(_placements), prepared(_board)


def read_board(design: Design) -> list[Placement]:
    """`board_of`, read now."""
    return _read_board(design.pk)


def plan_of(design: Design) -> Plan:
    """Everything planned in a design; two queries, whatever it holds. `design.course` must be loaded."""
    (plan,) = plans_of(design)
    return plan


def plans_of(*designs: Design) -> tuple[Plan, ...]:
    """The plans of several designs, in this order; two queries, however many there are."""
    placements: dict[int, list[Placement]] = {design.pk: [] for design in designs}
    for placement in _read_placements([design.pk for design in designs]):
        placements[placement.design_id].append(placement)
    frames = frames_of(*designs)
    return tuple(_plan(design, placements[design.pk], frames[design.pk]) for design in designs)


def plan_from(design: Design, placements: Iterable[Placement], *, frame: Frame | None = None) -> Plan:
    """The plan from placements that were read by `placements_of`; one more query for the frame, if it is not known."""
    return _plan(design, placements, frame or frames_of(design)[design.pk])


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
        activities=tuple(_planned(placement, order, frame.notes) for placement in placements),
        links=frame.links,
        version=design.plan_version,
        teaching_hour=hour_of(course),
    )


def hour_of(course: Course) -> int:
    """The minutes of an hour on the timetable of a course, as its unit or one above it has set them."""
    return int(course.framework.get("hour", CLOCK_HOUR))


@dataclass(frozen=True, slots=True)
class Frame:
    """What the placements of a design stand on and serve, how they are connected, and what is talked about."""

    weeks: tuple[PlannedWeek, ...]
    outcomes: tuple[PlannedOutcome, ...]
    links: tuple[PlannedLink, ...]
    notes: Counter[str]  # open threads by the key of the placement that they are pinned to


def frames_of(*designs: Design) -> dict[int, Frame]:
    """Weeks, outcomes, links and open comments of these designs by their number in the database; one query for all."""
    rows = sorted(_read_frames([design.pk for design in designs]), key=lambda row: (row[3], row[2]))
    notes = {
        design.pk: Counter(row[4] for row in rows if row[0] == "note" and row[1] == design.pk) for design in designs
    }
    return {
        design.pk: Frame(
            weeks=tuple(
                PlannedWeek(
                    id=pk,
                    number=number,
                    title=words,
                    teaching=bool(teaching),
                    key=str(UUID(key)),
                    note_count=notes[design.pk][str(UUID(key))],
                )
                for kind, of, pk, number, words, teaching, key in rows
                if kind == "week" and of == design.pk
            ),
            outcomes=tuple(
                PlannedOutcome(id=pk, number=number, text=words, level=level, key=str(UUID(key)))
                for kind, of, pk, number, words, level, key in rows
                if kind == "outcome" and of == design.pk
            ),
            links=tuple(
                PlannedLink(id=pk, source=source, target=target, note=note)
                for kind, of, pk, source, note, target, _ in rows
                if kind == "link" and of == design.pk
            ),
            notes=notes[design.pk],
        )
        for design in designs
    }


def _frames(designs: list[int]) -> QuerySet[Any, tuple[Any, ...]]:  # Any: rows of four tables, in the same columns
    columns = ("kind", "design_id", "pk", "place", "words", "sign", "other")
    nothing = Value("", output_field=TextField())
    teaching = Case(When(teaching=True, then=1), default=0, output_field=BigIntegerField())
    weeks = Week.objects.filter(design__in=designs).order_by()
    outcomes = Outcome.objects.filter(design__in=designs).order_by()
    links = Link.objects.filter(design__in=designs).order_by()
    # COST: comments belong to the course; they come along here, because a query of their own would count on every move.
    pinned = Comment.objects.filter(
        course__designs__in=designs, pin__in=[Comment.Pin.ACTIVITY, Comment.Pin.WEEK], parent=None, resolved_at=None
    ).order_by()
    return (
        weeks.annotate(
            kind=Value("week"),
            place=_whole("number"),
            words=F("title"),
            sign=teaching,
            other=Cast("key", TextField()),
        )
        .values_list(*columns)
        .union(
            outcomes.annotate(
                kind=Value("outcome"),
                place=_whole("number"),
                words=F("text"),
                sign=_whole("level"),
                other=Cast("key", TextField()),
            ).values_list(*columns),
            links.annotate(
                kind=Value("link"), place=F("source_id"), words=F("note"), sign=F("target_id"), other=nothing
            ).values_list(*columns),
            pinned.annotate(
                kind=Value("note"),
                of=F("course__designs"),
                place=Value(0),
                words=F("pin_key"),
                sign=Value(0),
                other=nothing,
            ).values_list("kind", "of", "pk", "place", "words", "sign", "other"),
            all=True,
        )
    )


_read_frames = prepared(_frames)


def _whole(column: str) -> Cast:
    return Cast(column, BigIntegerField())


def bare_plan(design: Design) -> Plan:
    """What a form of one activity asks of a plan, without what is planned in it; nothing is asked."""
    return _plan(design, (), Frame((), (), (), Counter()))


def levels_of(placement: Placement) -> dict[int, int | None]:
    """The outcomes that a placement serves, by number, each with its level where somebody has said so."""
    aligned = Alignment.objects.filter(placement=placement).order_by("outcome__number")
    return dict(aligned.values_list("outcome_id", "level"))


def levels_in(placement: Placement) -> dict[int, int | None]:
    """The same of a placement that was read by `placements_of`; nothing is asked."""
    return _levels(getattr(placement, "served", None) or "")


def outcome_ids_of(placement: Placement) -> list[int]:
    """The outcomes that a placement serves, by number."""
    return list(placement.outcomes.order_by("number").values_list("pk", flat=True))


# What one field of an editor stands for, where that is not the column of the same name.
FIELD_COLUMNS = {"minutes": ("minutes", "minutes_low", "minutes_high")}
SETTING = "set-"  # before the name of a setting of the type, as its form writes it
_SEEN_AS_IT_IS = 200


def seen_of(activity: Activity, field: str, outcome_ids: Iterable[int] = ()) -> str:
    """What a field holds, as a short text that the page keeps: two people may change different fields of one card.

    Short values are their own sign, so that a cell of the board can say what it was drawn with: a title its words, an
    environment its key, minutes `90` or `60-90`.
    """
    value: object
    if field == "outcomes":
        value = ",".join(str(pk) for pk in sorted(outcome_ids))
    elif field == "minutes":
        low, high = activity.minutes_low, activity.minutes_high
        value = activity.minutes if low is None else f"{low}-{high}"
    elif field.startswith(SETTING):
        value = activity.config.get(field.removeprefix(SETTING))
    else:
        value = getattr(activity, field)
    said = "" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)
    said = said.replace("\r\n", "\n").strip()
    return said if len(said) <= _SEEN_AS_IT_IS else hashlib.sha256(said.encode()).hexdigest()[:16]


def fingerprint(activity: Activity, outcome_ids: Iterable[int]) -> str:
    """A short sign of what an editor was opened on; it differs as soon as anybody changed any of it."""
    said = {name: getattr(activity, name) for name in ACTIVITY_FIELDS} | {"outcomes": sorted(outcome_ids)}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _planned(placement: Placement, order: dict[int, int], notes: Mapping[str, int]) -> PlannedActivity:
    activity: Activity = placement.activity
    levels = levels_in(placement)
    median, reports = reported_in(placement)
    served = tuple(sorted((pk for pk in levels if pk in order), key=lambda pk: order[pk]))
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
        outcome_ids=served,
        **_of_type(activity),
        note_count=notes.get(str(placement.key), 0),
        minutes_low=activity.minutes_low,
        minutes_high=activity.minutes_high,
        basis=activity.minutes_basis,
        method=activity.estimate.get("method", ""),
        reported_minutes=median if reports >= FEWEST_REPORTS else None,
        reported_count=reports,
        group_size=activity.group_size,
        assessment_form=activity.assessment_form,
        own_choice=activity.own_choice,
        alternative=activity.alternative,
        purpose=activity.purpose,
        tool=activity.tool,
        outcome_levels=tuple(levels[pk] for pk in served),
    )


def reported_in(placement: Placement) -> tuple[int, int]:
    """The median that students report about a card and how many they are, as `placements_of` read it."""
    median, _colon, reports = (getattr(placement, "reported", None) or "0:0").partition(":")
    return int(median), int(reports)


def _levels(said: str) -> dict[int, int | None]:
    pairs = (each.partition(":") for each in said.split(",") if each)
    return {int(pk): int(level) if level else None for pk, _, level in pairs}


def _of_type(activity: Activity) -> dict[str, Any]:  # Any: the facts that a type answers
    config = activity.config
    try:
        kind = activity.type
    except UnknownType:
        # A type that is not installed any more: its card is still shown and its minutes still count.
        return {"has_captions": None}
    weekday, starts = kind.own_time(config) or (None, None)
    return {
        "has_captions": kind.has_captions(config),
        "clip_seconds": kind.seconds(config),
        "collects": kind.collects.value,
        "recalls": kind.recalls,
        "formats": kind.formats(config),
        "weekday": weekday,
        "starts": starts,
    }
