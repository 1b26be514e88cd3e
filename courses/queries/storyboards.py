"""What a storyboard session shows: big cards by week, and how the session stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from activities import registry
from courses.models import Storyboard
from courses.queries.plan import plan_of
from courses.queries.presence import sign_of

if TYPE_CHECKING:
    from courses.facts import Plan, PlannedActivity, PlannedWeek
    from courses.models import Design


@dataclass(frozen=True, slots=True)
class StoryCard:
    """An activity, as large as it can be read from the back of a room."""

    activity: PlannedActivity
    icon: str
    type_label: str


@dataclass(frozen=True, slots=True)
class StoryWeek:
    """A week, or the shelf, with its cards."""

    name: str
    title: str
    minutes: int
    cards: tuple[StoryCard, ...]


def open_session(design: Design) -> Storyboard | None:
    """The session that is on, with its facilitator."""
    rows = Storyboard.objects.filter(design=design, ended_at__isnull=True).select_related("facilitator")
    board = rows.first()
    if board is not None:
        board.design = design
    return board


class StoryPage:
    """A session and the design that it fills."""

    def __init__(self, board: Storyboard, *, at: datetime) -> None:
        self.board, self.design, self.at = board, board.design, at

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.design)

    @property
    def sign(self) -> str:
        """Differs as soon as anything that is shown does; found without reading the plan."""
        board = self.board
        stands = (board.facilitator_id, board.frozen_at, board.rings_at, board.ended_at)
        return sign_of([board.pk, self.design.plan_version, self.design.state, *stands])

    @property
    def seconds_left(self) -> int | None:
        """Until the timer rings, never below zero; None without a timer."""
        rings = self.board.rings_at
        return None if rings is None else max(0, round((rings - self.at).total_seconds()))

    @cached_property
    def weeks(self) -> list[StoryWeek]:
        weeks = [self._week(week) for week in self.plan.weeks]
        if self.plan.shelf:
            weeks.append(StoryWeek(_("Shelf"), "", 0, tuple(_card(a) for a in self.plan.shelf)))
        return weeks

    def _week(self, week: PlannedWeek) -> StoryWeek:
        activities = self.plan.activities_in(week.number)
        return StoryWeek(
            name=_("Week %(number)s") % {"number": week.number},
            title=week.title,
            minutes=sum(activity.counted_minutes for activity in activities),
            cards=tuple(_card(activity) for activity in activities),
        )


def _card(activity: PlannedActivity) -> StoryCard:
    try:
        known = registry.get(activity.type_key)
        return StoryCard(activity, known.icon, str(known.label))
    except registry.UnknownType:
        return StoryCard(activity, "circle-question-mark", _("Unknown type"))
