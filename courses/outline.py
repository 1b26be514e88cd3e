"""A design as it travels: to a file, into a pattern, from a table. Plain values, no numbers of any database.

Every format is read into an outline and written from one, so a format knows nothing of the others, and whatever takes
an outline into a design is written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from courses.facts import MOMENT_ORDER, Plan, PlannedActivity, PlannedLink, PlannedOutcome, PlannedWeek

Values = Mapping[str, Any]  # Any: what the columns of an activity hold, as JSON writes it


@dataclass(frozen=True, slots=True)
class OutlineWeek:
    """A week, by its number from 1. Its key stays the same from version to version; empty: it gets one."""

    number: int
    title: str = ""
    teaching: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class OutlineOutcome:
    """An outcome; its key stays the same from version to version."""

    key: str
    number: int
    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class OutlineActivity:
    """An activity and its place; week None is the shelf. `outcomes` are pairs of an outcome's key and a level."""

    key: str
    week: int | None
    moment: str
    values: Values
    outcomes: tuple[tuple[str, int | None], ...] = ()
    questions: tuple[Mapping[str, Any], ...] = ()  # Any: as activities.questions writes them
    files: tuple[Mapping[str, Any], ...] = ()  # Any: kind, name, size, language; described, not contained

    @property
    def title(self) -> str:
        return str(self.values["title"])

    @property
    def minutes(self) -> int | None:
        return self.values.get("minutes")


@dataclass(frozen=True, slots=True)
class OutlineLink:
    """What is made in one activity is used in another; both by key."""

    source: str
    target: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A design, or a piece of one. Activities stand in the order of their cells."""

    title: str = ""
    weeks: tuple[OutlineWeek, ...] = ()
    outcomes: tuple[OutlineOutcome, ...] = ()
    activities: tuple[OutlineActivity, ...] = ()
    links: tuple[OutlineLink, ...] = ()
    about: Values = field(default_factory=dict)  # where it comes from; for people only

    @property
    def is_empty(self) -> bool:
        return not (self.weeks or self.outcomes or self.activities)

    @property
    def minutes(self) -> int:
        """The planned time of everything in a week."""
        return sum(activity.minutes or 0 for activity in self.activities if activity.week is not None)

    @property
    def last_week(self) -> int:
        return max((week.number for week in self.weeks), default=0)


def in_board_order(activity: OutlineActivity) -> tuple[bool, int, int]:
    """To sort activities as the board shows them, the shelf last; the order within a cell stays."""
    return activity.week is None, activity.week or 0, MOMENT_ORDER.get(activity.moment, 0)


def of_weeks(outline: Outline, first: int, last: int) -> Outline:
    """The piece of an outline from one week to another, counted from week 1 again; without the shelf.

    Outcomes that nothing in it serves are left out, and so are links that lead outside.
    """
    activities = tuple(
        replace(each, week=each.week - first + 1)
        for each in outline.activities
        if each.week is not None and first <= each.week <= last
    )
    return _with_what_is_used(
        replace(
            outline,
            weeks=tuple(
                replace(week, number=week.number - first + 1) for week in outline.weeks if first <= week.number <= last
            ),
            activities=activities,
        )
    )


def with_only(outline: Outline, key: str) -> Outline:
    """One activity of an outline, with its week and the outcomes that it serves; empty when it is not there."""
    activities = tuple(each for each in outline.activities if each.key == key)
    weeks = tuple(replace(week, title="") for week in outline.weeks if week.number in {a.week for a in activities})
    return _with_what_is_used(replace(outline, title="", weeks=weeks, activities=activities))


def shifted(outline: Outline, weeks: int, *, count: int | None = None) -> Outline:
    """Everything some weeks later (or earlier), in a design of `count` weeks; what falls outside goes to the shelf."""
    length = count or max(1, outline.last_week + weeks)
    kept = {week.number + weeks: week for week in outline.weeks}
    return replace(
        outline,
        weeks=tuple(
            replace(kept[number], number=number) if number in kept else OutlineWeek(number)
            for number in range(1, length + 1)
        ),
        activities=tuple(
            replace(each, week=None if each.week is None or not 1 <= each.week + weeks <= length else each.week + weeks)
            for each in outline.activities
        ),
    )


def plan_of_outline(outline: Outline, *, credits: Decimal = Decimal(0)) -> Plan:  # noqa: A002 -- the word of the domain
    """The outline as the sums read a plan, to see its balance before it is taken. Numbers are made up."""
    numbers = {outcome.key: place for place, outcome in enumerate(outline.outcomes, start=1)}
    places = {activity.key: place for place, activity in enumerate(outline.activities, start=1)}
    return Plan(
        design_id=0,
        course_code="",
        title=outline.title,
        credits=credits,
        weeks=tuple(PlannedWeek(week.number, week.number, week.title, week.teaching) for week in outline.weeks),
        outcomes=tuple(
            PlannedOutcome(numbers[one.key], one.number, one.text, one.level, one.key) for one in outline.outcomes
        ),
        activities=tuple(_planned(place, each, numbers) for place, each in enumerate(outline.activities, start=1)),
        links=tuple(
            PlannedLink(place, places[link.source], places[link.target], link.note)
            for place, link in enumerate(outline.links, start=1)
        ),
    )


def _planned(place: int, each: OutlineActivity, numbers: Mapping[str, int]) -> PlannedActivity:
    said = each.values
    return PlannedActivity(
        placement_id=place,
        key=each.key,
        activity_id=place,
        type_key=said["type_key"],
        title=said["title"],
        minutes=said["minutes"],
        learning_type=said["learning_type"],
        second_type=said["second_type"] or None,
        second_share=said["second_share"],
        timing=said["timing"],
        place=said["place"],
        environment=said["environment"],
        grouping=said["grouping"],
        guidance=said["guidance"],
        assessment=said["assessment"],
        weight=said["weight"],
        feedback_by=said["feedback_by"],
        feedback_days=said["feedback_days"],
        feedback_elaborated=said["feedback_elaborated"],
        required=said["required"],
        week=each.week,
        moment=each.moment,
        position=place,
        outcome_ids=tuple(numbers[key] for key, _level in each.outcomes),
        has_captions=None,
        minutes_low=said["minutes_low"],
        minutes_high=said["minutes_high"],
        group_size=said["group_size"],
        assessment_form=said["assessment_form"],
        own_choice=said["own_choice"],
        alternative=said["alternative"],
        purpose=said["purpose"],
        tool=said["tool"],
        outcome_levels=tuple(level for _key, level in each.outcomes),
    )


def _with_what_is_used(outline: Outline) -> Outline:
    served = {key for each in outline.activities for key, _level in each.outcomes}
    there = {each.key for each in outline.activities}
    outcomes = (outcome for outcome in outline.outcomes if outcome.key in served)
    return replace(
        outline,
        outcomes=tuple(replace(outcome, number=number) for number, outcome in enumerate(outcomes, start=1)),
        links=tuple(link for link in outline.links if link.source in there and link.target in there),
    )
