"""How a design carries out a pattern: which activities of the pattern its weeks have, which are missing, which are own.

A pattern that was taken is changed where it is used, so nothing points back to it. An activity is recognised by what
its lecturer would recognise it by: its title, its type, and where it stands. The surest sign goes first, and of two
that are as sure the one that stands nearest; each activity counts for one other at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from courses.balance import ComparedRow, compare, weigh
from courses.changes import FieldChange, Spot
from courses.facts import Plan, PlannedActivity
from courses.words import gettext_noop

LONG = 4  # letters of a word that says what a title is about
FAR = 1000  # weeks: between the shelf and any week

COMPARED = (
    "type_key",
    "minutes",
    "learning_type",
    "timing",
    "environment",
    "grouping",
    "guidance",
    "assessment",
    "feedback_by",
)
"""What a page names as different. Titles, outcomes and texts belong to the course, so they always differ."""


class Ground(IntEnum):
    """By what two activities are taken for the same, the surest first."""

    SAME = 1
    TITLE = 2
    WORDS = 3
    PLACE = 4


GROUNDS: Mapping[Ground, str] = {
    Ground.SAME: gettext_noop("same type, same title"),
    Ground.TITLE: gettext_noop("same title, another type"),
    Ground.WORDS: gettext_noop("same type, the titles share more than half of the long words"),
    Ground.PLACE: gettext_noop("perhaps: another title, but same type and learning type, same week and moment"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """An activity of the pattern, and the one that stands for it in the design."""

    theirs: PlannedActivity
    mine: PlannedActivity
    ground: Ground

    @property
    def is_certain(self) -> bool:
        """Whether the titles say so too. Without them it may be something else that stands there."""
        return self.ground is not Ground.PLACE

    @property
    def is_moved(self) -> bool:
        """Whether it stands in another week or at another moment than the pattern has it."""
        if self.theirs.week is None and self.mine.week is None:
            return False
        return (self.theirs.week, self.theirs.moment) != (self.mine.week, self.mine.moment)

    @property
    def spots(self) -> tuple[Spot, Spot]:
        """Where the pattern has it, and where it stands."""
        return Spot(self.theirs.week, self.theirs.moment), Spot(self.mine.week, self.mine.moment)

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """What is otherwise than in the pattern."""
        return tuple(
            FieldChange(name, getattr(self.theirs, name), getattr(self.mine, name))
            for name in COMPARED
            if getattr(self.theirs, name) != getattr(self.mine, name)
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """A pattern laid over some weeks of a design. Weeks are numbered as in the design."""

    first_week: int
    last_week: int
    pairs: tuple[Pair, ...]
    missing: tuple[PlannedActivity, ...]  # of the pattern
    own: tuple[PlannedActivity, ...]  # in these weeks, and not in the pattern
    balance: tuple[ComparedRow, ...]  # before: the pattern; after: these weeks

    @property
    def is_whole(self) -> bool:
        """Whether the weeks have everything that the pattern has."""
        return not self.missing


def likeness(pattern: Plan, design: Plan, *, first_week: int = 1) -> Likeness:
    """Lay a pattern over a design, so that its first week falls in `first_week`."""
    theirs = _later(pattern, first_week - 1)
    last = max([first_week, *(week.number for week in theirs.weeks)])
    mine = _weeks_of(design, first_week, last)
    pairs = tuple(_pairs(_in_order(theirs), (*mine.placed, *_shelf(design))))
    found = {pair.theirs.placement_id for pair in pairs}
    used = {pair.mine.placement_id for pair in pairs}
    return Likeness(
        first_week=first_week,
        last_week=last,
        pairs=pairs,
        missing=tuple(each for each in _in_order(theirs) if each.placement_id not in found),
        own=tuple(each for each in mine.placed if each.placement_id not in used),
        balance=compare(weigh(theirs), weigh(mine)),
    )


def _later(plan: Plan, weeks: int) -> Plan:
    return replace(
        plan,
        weeks=tuple(replace(week, number=week.number + weeks) for week in plan.weeks),
        activities=tuple(
            replace(each, week=None if each.week is None else each.week + weeks) for each in plan.activities
        ),
    )


def _weeks_of(plan: Plan, first: int, last: int) -> Plan:
    weeks = tuple(week for week in plan.weeks if first <= week.number <= last)
    numbers = {week.number for week in weeks}
    inside = tuple(each for each in plan.activities if each.week in numbers)
    return replace(plan, weeks=weeks, activities=inside, links=())


def _in_order(plan: Plan) -> tuple[PlannedActivity, ...]:
    """As on the board, then the shelf."""
    return (*plan.placed, *_shelf(plan))


def _shelf(plan: Plan) -> list[PlannedActivity]:
    return sorted(plan.shelf, key=lambda each: (each.position, each.placement_id))


def _pairs(theirs: Sequence[PlannedActivity], mine: Sequence[PlannedActivity]) -> Iterator[Pair]:
    """Each activity with at most one other, the surest and nearest first; in the order of the pattern.

    All agree on which pair is surer, so one more activity in the design never takes a match away from the pattern.
    """
    words = {id(each): _words(each.title) for each in (*theirs, *mine)}
    possible = []
    for place, one in enumerate(theirs):
        for other_place, other in enumerate(mine):
            ground = _ground(one, other, words[id(one)], words[id(other)])
            if ground is not None:
                elsewhere = one.moment != other.moment
                possible.append((ground, _weeks_apart(one, other), elsewhere, place, other_place))
    found: dict[int, Pair] = {}
    used: set[int] = set()
    for ground, _apart, _elsewhere, place, other_place in sorted(possible):
        if place not in found and other_place not in used:
            found[place] = Pair(theirs[place], mine[other_place], ground)
            used.add(other_place)
    return (found[place] for place in sorted(found))


def _ground(
    theirs: PlannedActivity, mine: PlannedActivity, words: tuple[str, ...], other: tuple[str, ...]
) -> Ground | None:
    if words and words == other:
        return Ground.SAME if theirs.type_key == mine.type_key else Ground.TITLE
    if theirs.type_key != mine.type_key:
        return None
    long, other_long = _long(words), _long(other)
    if long and other_long and 2 * len(long & other_long) > min(len(long), len(other_long)):
        return Ground.WORDS
    same_place = theirs.week is not None and (theirs.week, theirs.moment) == (mine.week, mine.moment)
    return Ground.PLACE if same_place and theirs.learning_type == mine.learning_type else None


def _words(title: str) -> tuple[str, ...]:
    """A title without capitals and signs: “Debate, round 1” is “debate round 1”."""
    return tuple(re.findall(r"\w+", title.casefold())) or tuple(title.split())


def _long(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) >= LONG)


def _weeks_apart(theirs: PlannedActivity, mine: PlannedActivity) -> int:
    if theirs.week is None or mine.week is None:
        return 0 if theirs.week == mine.week else FAR
    return abs(theirs.week - mine.week)
