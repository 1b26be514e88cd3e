"""The plan of assessment and feedback: what counts, when it is due, and when students hear how they are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from activities import registry
from activities.models import AssessmentForm, FeedbackBy
from courses.feedback_plan import Dated, FeedbackPlan, Weights, feedback_plan, weights_of
from courses.models import Run, RunOffer, RunWeek
from courses.queries.runs import holidays_of

if TYPE_CHECKING:
    from courses.facts import Plan, PlannedActivity
    from courses.feedback_plan import OutcomeFeedback, Stretch
    from courses.models import Course

LABELS_AT_MOST = 15  # numbers of weeks below the strip, however many weeks there are


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a run for the activities of a design."""

    run: Run
    dated: Dated


@dataclass(frozen=True, slots=True)
class Row:
    """Something that is assessed."""

    activity: PlannedActivity
    icon: str
    form: str
    feedback_by: str
    outcomes: tuple[int, ...]
    due_on: date | None
    feedback_on: date | None
    feedback_week: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the strip, by its place in per cent of the course."""

    x: float
    kind: str  # feedback, counts
    title: str
    on: date
    week: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a week begins."""

    x: float
    number: int
    labelled: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The course from its first day to its last, with everything that students hear and the longest silence."""

    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    silent_from: float
    silent_width: float


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """All of it."""

    rows: tuple[Row, ...]
    shelved: tuple[PlannedActivity, ...]
    weights: Weights
    feedback: FeedbackPlan
    longest: Stretch | None
    longest_weeks: tuple[int | None, int | None]  # from the week, to the week
    strip: Strip
    run: Run | None
    late: tuple[OutcomeFeedback, ...]
    outcomes: tuple[tuple[OutcomeFeedback, int | None, int | None], ...]  # with the weeks of feedback and of counting

    @property
    def has_dates(self) -> bool:
        """Whether a run says on which days all this is."""
        return self.run is not None


def calendar_for(course: Course, plan: Plan, *, on: date) -> Calendar | None:
    """The calendar of the run that is going on, or else the next, or else the last; None without one. Three queries.

    Deadlines of the run are taken for the activities that are still in this design, found by their key.
    """
    going_on = Run.objects.filter(course=course, ends_on__gte=on).order_by("starts_on", "pk")
    latest = Run.objects.filter(course=OuterRef("run__course")).order_by("-starts_on", "pk")
    rows = RunWeek.objects.filter(run__course=course).select_related("run__design")
    chosen = list(rows.filter(run=Subquery(going_on.values("pk")[:1])).order_by("number"))
    if not chosen:
        chosen = list(rows.filter(run=Subquery(latest.values("pk")[:1])).order_by("number"))
    if not chosen:
        return None
    run = chosen[0].run
    placements = {activity.key: activity.placement_id for activity in plan.activities}
    offers = RunOffer.objects.filter(run=run).values_list("placement__key", "placement__week__number", "offer__due_at")
    weeks = {activity.placement_id: activity.week for activity in plan.activities}
    dues: dict[int, date] = {}
    for key, week, due_at in offers:
        pk = placements.get(str(key))
        # Whatever was moved to another week since has no date there yet.
        if pk is not None and weeks[pk] == week:
            dues[pk] = _day(due_at)
    holidays = tuple((holiday.starts_on, holiday.ends_on) for holiday in holidays_of(course.unit))
    return Calendar(run, Dated({week.number: week.monday for week in chosen}, dues, holidays))


def assessment_page(plan: Plan, calendar: Calendar | None = None) -> AssessmentPage:
    """From a plan that was read; no query of its own."""
    # A run may be shorter than a design that has grown since: then its days say too little, and weeks say more.
    knows_all = calendar is not None and {week.number for week in plan.weeks} <= set(calendar.dated.mondays)
    dated = calendar.dated if calendar is not None and knows_all else None
    heard = feedback_plan(plan, dated)
    promised = {each.activity.placement_id: each.on for each in heard.feedback}
    numbers = {outcome.id: outcome.number for outcome in plan.outcomes}
    forms, givers = dict(AssessmentForm.choices), dict(FeedbackBy.choices)
    longest = heard.longest
    return AssessmentPage(
        rows=tuple(
            Row(
                activity=activity,
                icon=_icon(activity.type_key),
                form=str(forms.get(activity.assessment_form, "")),
                feedback_by=str(givers.get(activity.feedback_by, activity.feedback_by)),
                outcomes=tuple(numbers[pk] for pk in activity.outcome_ids if pk in numbers),
                due_on=heard.dated.due_on(activity) if dated else None,
                feedback_on=promised.get(activity.placement_id) if dated else None,
                feedback_week=_week(heard, promised.get(activity.placement_id)),
            )
            for activity in plan.placed
            if activity.is_assessed
        ),
        shelved=tuple(activity for activity in plan.shelf if activity.is_assessed),
        weights=weights_of(plan),
        feedback=heard,
        longest=longest,
        longest_weeks=(_week(heard, longest.starts_on), _week(heard, longest.ends_on)) if longest else (None, None),
        strip=_strip(plan, heard),
        run=calendar.run if calendar and dated else None,
        late=tuple(each for each in heard.outcomes if each.is_late),
        outcomes=tuple(
            (each, _week(heard, each.first.on if each.first else None), _week(heard, each.counts_on))
            for each in heard.outcomes
        ),
    )


def _strip(plan: Plan, heard: FeedbackPlan) -> Strip:
    def place(day: date) -> float:
        inside = min(max(day, heard.starts_on), heard.ends_on)
        return round(100 * (inside - heard.starts_on).days / max(heard.days, 1), 2)

    weeks = sorted(heard.dated.mondays.items())
    every = max(1, -(-len(weeks) // LABELS_AT_MOST))
    counting = [
        (activity, due_on)
        for activity in plan.placed
        if activity.assessment == "summative" and (due_on := heard.dated.due_on(activity)) is not None
    ]
    marks = [
        Mark(place(each.on), "feedback", each.activity.title, each.on, _week(heard, each.on)) for each in heard.feedback
    ]
    marks += [Mark(place(on), "counts", activity.title, on, activity.week) for activity, on in counting]
    silence = heard.longest
    begins = place(silence.starts_on) if silence else 0.0
    return Strip(
        ticks=tuple(Tick(place(monday), number, order % every == 0) for order, (number, monday) in enumerate(weeks)),
        marks=tuple(sorted(marks, key=lambda mark: (mark.x, mark.kind))),
        silent_from=begins,
        silent_width=round(place(silence.ends_on) - begins, 2) if silence else 0.0,
    )


def _week(heard: FeedbackPlan, day: date | None) -> int | None:
    return heard.dated.week_of(day) if day else None


def _icon(type_key: str) -> str:
    try:
        return registry.get(type_key).icon
    except registry.UnknownType:
        return "circle-question-mark"


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
