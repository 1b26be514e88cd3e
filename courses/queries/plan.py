"""The plan of a design, as the sums and the pages read it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from courses.facts import Plan, PlannedActivity, PlannedOutcome, PlannedWeek
from courses.models import Outcome, Placement, Week

if TYPE_CHECKING:
    from activities.models import Activity
    from courses.models import Design


def plan_of(design: Design) -> Plan:
    """Everything planned in a design; four queries, whatever it holds. `design.course` must be loaded."""
    course = design.course
    outcome_ids: dict[int, list[int]] = defaultdict(list)
    links = Placement.outcomes.through.objects.filter(placement__design=design)
    for placement_id, outcome_id in links.values_list("placement_id", "outcome_id").order_by("outcome__number"):
        outcome_ids[placement_id].append(outcome_id)
    placements = Placement.objects.filter(design=design).select_related("activity", "week").order_by("position", "pk")
    return Plan(
        design_id=design.pk,
        course_code=course.code,
        title=course.title,
        credits=course.credits,
        weeks=tuple(
            PlannedWeek(id=week.pk, number=week.number, title=week.title, teaching=True)
            for week in Week.objects.filter(design=design).order_by("number")
        ),
        outcomes=tuple(
            PlannedOutcome(id=outcome.pk, number=outcome.number, text=outcome.text, level=outcome.level)
            for outcome in Outcome.objects.filter(design=design).order_by("number")
        ),
        activities=tuple(_planned(placement, tuple(outcome_ids[placement.pk])) for placement in placements),
        version=design.plan_version,
    )


def _planned(placement: Placement, outcome_ids: tuple[int, ...]) -> PlannedActivity:
    activity: Activity = placement.activity
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
        outcome_ids=outcome_ids,
        has_captions=activity.type.has_captions(activity.config),
    )
