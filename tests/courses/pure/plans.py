"""Plans to weigh: one activity, one week, and the seven weeks of the module of the first example."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from courses.facts import Plan, PlannedActivity, PlannedOutcome, PlannedWeek

PLAIN = PlannedActivity(
    placement_id=1,
    key="1",
    activity_id=1,
    type_key="reading",
    title="Read",
    minutes=60,
    learning_type="acquisition",
    second_type=None,
    second_share=0,
    timing="async",
    place="online",
    environment="digital",
    grouping="alone",
    guidance="none",
    assessment="none",
    weight=0,
    feedback_by="none",
    feedback_days=None,
    feedback_elaborated=False,
    required=True,
    week=1,
    moment="before",
    position=0,
    outcome_ids=(),
    has_captions=None,
)


def activity(number: int = 1, **facts: Any) -> PlannedActivity:
    return replace(
        PLAIN, **{"placement_id": number, "key": str(number), "activity_id": number, "position": number} | facts
    )


def activities(*facts: dict[str, Any]) -> tuple[PlannedActivity, ...]:
    return tuple(activity(number, **each) for number, each in enumerate(facts, start=1))


def weeks(count: int, *, without_teaching: Iterable[int] = ()) -> tuple[PlannedWeek, ...]:
    quiet = set(without_teaching)
    return tuple(PlannedWeek(100 + n, n, f"Theme {n}", n not in quiet) for n in range(1, count + 1))


def outcomes(count: int) -> tuple[PlannedOutcome, ...]:
    return tuple(PlannedOutcome(n, n, f"Do {n}", None) for n in range(1, count + 1))


def plan(*facts: dict[str, Any], week_count: int = 7, outcome_count: int = 0, **about: Any) -> Plan:
    about = {
        "design_id": 1,
        "course_code": "MKC-101",
        "title": "Marketing Communication",
        "credits": Decimal(5),
        "weeks": weeks(week_count),
        "outcomes": outcomes(outcome_count),
        "activities": activities(*facts),
    } | about
    return Plan(**about)


def weekly(*minutes: int, **facts: Any) -> Plan:
    """A plan with one activity of so many minutes in each week."""
    return plan(
        *({"week": number, "minutes": each, **facts} for number, each in enumerate(minutes, start=1) if each),
        week_count=len(minutes),
    )


EMPTY = plan(week_count=0, credits=Decimal(0))

CLIP = {"type_key": "clip", "has_captions": True}
QUIZ = {"type_key": "quiz", "learning_type": "practice", "assessment": "formative", "feedback_by": "automatic"}
CLASS = {
    "type_key": "session",
    "moment": "together",
    "timing": "sync",
    "place": "campus",
    "environment": "physical",
    "grouping": "class",
    "guidance": "lecturer",
}
UPLOAD = {
    "type_key": "upload",
    "moment": "after",
    "learning_type": "production",
    "assessment": "formative",
    "grouping": "group",
    "feedback_by": "lecturer",
    "feedback_days": 10,
}

# Week 2 of the drawing of the Studio, and a work visit in week 4: 4 h 46 and 1 h 58.
MARKETING = plan(
    CLIP | {"title": "Clip: Segmenting an audience", "minutes": 9, "week": 2, "outcome_ids": (1,)},
    CLIP | {"title": "Clip: Framing a message", "minutes": 7, "week": 2, "outcome_ids": (1,)},
    {"title": "Find and share an example", "minutes": 30, "week": 2, "learning_type": "inquiry", "outcome_ids": (2,)},
    QUIZ | {"title": "Quiz: Chapter 2", "minutes": 20, "week": 2, "outcome_ids": (1,)},
    CLASS
    | {
        "title": "Case study: relaunch a local brand",
        "minutes": 120,
        "week": 2,
        "learning_type": "collaboration",
        "grouping": "group",
        "outcome_ids": (2, 3),
    },
    UPLOAD | {"title": "Upload the case elaboration", "minutes": 60, "week": 2, "outcome_ids": (2, 3)},
    {
        "title": "Review another group's case",
        "minutes": 40,
        "week": 2,
        "moment": "after",
        "learning_type": "discussion",
        "grouping": "group",
        "feedback_by": "peer",
        "outcome_ids": (3,),
    },
    {
        "title": "Visit to an agency",
        "minutes": 118,
        "week": 4,
        "moment": "together",
        "timing": "sync",
        "place": "workplace",
        "environment": "workplace",
        "learning_type": "inquiry",
        "second_type": "discussion",
        "second_share": 25,
        "grouping": "class",
        "guidance": "mentor",
        "outcome_ids": (3,),
    },
    {"title": "Interview a client", "minutes": None, "week": 4, "environment": "hybrid", "place": "anywhere"},
    {"title": "An idea for later", "minutes": 500, "week": None},
    outcome_count=4,
)
