"""Whether a change is small: then its lecturers publish it themselves, and the DigiCoach is told.

What counts is time: the minutes of all that was added, taken out, moved to another week or made different, against the
minutes of the approved version. Words weigh nothing. Some things are never small, however little time they take: what
students are assessed on, what they are to learn, what the course promises. Lecturers ask for a review of big changes
and none of small ones (design/behaviour.md, value 20); how large small is, the institution says. The sum is our own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from courses.changes import Changes
from courses.facts import Plan, PlannedActivity

# Differences that weigh nothing: what a card is called, what is in it, with what tool.
WORDS = frozenset({"title", "content", "tool", "has_captions", "clip_seconds"})
TIME = frozenset({"minutes", "minutes_low", "minutes_high"})
ASSESSED = frozenset({"assessment", "weight", "assessment_form"})


class Kind(StrEnum):
    """What was done to a card, as far as time counts."""

    ADDED = "added"
    GONE = "gone"
    MOVED = "moved"
    CHANGED = "changed"


class Never(StrEnum):
    """Why a change is not small, whatever time it takes."""

    NOTHING_ALLOWED = "nothing_allowed"  # the institution lets everything be approved
    NOTHING_APPROVED = "nothing_approved"  # there is no approved version with any time in it
    ASSESSMENT = "assessment"
    OUTCOMES = "outcomes"
    COURSE = "course"  # credits, or what they stand for
    REQUIREMENT = "requirement"  # a required rule is broken now and was not, or the other way round
    UNESTIMATED = "unestimated"  # nobody knows how much time was added


@dataclass(frozen=True, slots=True)
class Touched:
    """A card that takes part in the sum, with the minutes that it counts for."""

    title: str
    kind: Kind
    minutes: int


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that is never small; `about` names the card, the outcome or the rule."""

    why: Never
    about: str = ""


@dataclass(frozen=True, slots=True)
class Smallness:
    """The answer with all that it was made from."""

    touched: tuple[Touched, ...]
    approved_minutes: int
    allowed_percent: int
    blockers: tuple[Blocker, ...]

    @property
    def minutes(self) -> int:
        """The time that was touched."""
        return sum(each.minutes for each in self.touched)

    @property
    def used_percent(self) -> int:
        """The share of the approved time, rounded up: what is over the limit never looks as if it were on it."""
        return -(-self.minutes * 100 // self.approved_minutes) if self.approved_minutes else 0

    @property
    def fits(self) -> bool:
        """Whether the time alone stays within what is allowed."""
        return self.minutes * 100 <= self.allowed_percent * self.approved_minutes

    @property
    def is_small(self) -> bool:
        """Whether the lecturers may publish it without a review."""
        return self.fits and not self.blockers


def smallness(
    before: Plan, after: Plan, changes: Changes, *, allowed_percent: int, flipped: Collection[str] = ()
) -> Smallness:
    """Weigh the difference between an approved version and the draft after it.

    `changes` is their difference, `flipped` are the names of required rules whose verdict it changes.
    """
    approved = sum(activity.counted_minutes for activity in before.placed)
    touched, unestimated = _touched(before, after, changes)
    blockers = []
    if allowed_percent <= 0:
        blockers.append(Blocker(Never.NOTHING_ALLOWED))
    if not approved:
        blockers.append(Blocker(Never.NOTHING_APPROVED))
    blockers += [Blocker(Never.COURSE) for _each in changes.about[:1]]
    blockers += [Blocker(Never.ASSESSMENT, title) for title in _assessed(changes)]
    blockers += [Blocker(Never.OUTCOMES, about) for about in _outcomes(changes)]
    blockers += [Blocker(Never.REQUIREMENT, rule) for rule in flipped]
    blockers += [Blocker(Never.UNESTIMATED, title) for title in unestimated]
    return Smallness(tuple(touched), approved, allowed_percent, tuple(blockers))


def _touched(before: Plan, after: Plan, changes: Changes) -> tuple[list[Touched], list[str]]:
    # The shelf counts nowhere: a card that comes from it is added, one that goes to it is gone.
    old = {activity.key: activity for activity in before.placed}
    new = {activity.key: activity for activity in after.placed}
    fields = {
        change.activity.key: {field.field for field in change.fields}
        for change in changes.changed
        if change.activity.key in old and change.activity.key in new
    }
    touched, unestimated = [], []
    for key, activity in new.items():
        was = old.get(key)
        kind, minutes = _weight(was, activity, fields.get(key, set()))
        if kind is None:
            continue
        touched.append(Touched(activity.title, kind, minutes))
        if activity.minutes is None and kind is not Kind.GONE:
            unestimated.append(activity.title)
    touched += [Touched(a.title, Kind.GONE, a.counted_minutes) for key, a in old.items() if key not in new]
    return touched, unestimated


def _weight(was: PlannedActivity | None, now: PlannedActivity, fields: set[str]) -> tuple[Kind | None, int]:
    if was is None:
        return Kind.ADDED, now.counted_minutes
    whole = max(was.counted_minutes, now.counted_minutes)
    if was.week != now.week:
        return Kind.MOVED, whole
    if fields - WORDS - TIME:
        return Kind.CHANGED, whole
    if fields & TIME:
        pairs = zip((was.counted_minutes, *was.minutes_range), (now.counted_minutes, *now.minutes_range), strict=True)
        return Kind.CHANGED, max(abs(later - earlier) for earlier, later in pairs)
    return None, 0


def _assessed(changes: Changes) -> list[str]:
    came_or_went = [a.title for a in (*changes.added, *changes.gone) if a.assessment == "summative" or a.weight]
    moved = [m.activity.title for m in changes.moved if m.activity.weight and None in (m.old.week, m.new.week)]
    changed = [c.activity.title for c in changes.changed if ASSESSED & {field.field for field in c.fields}]
    return list(dict.fromkeys((*came_or_went, *moved, *changed)))


def _outcomes(changes: Changes) -> list[str]:
    numbers = [each.number for each in changes.outcomes] + [each.number for each in changes.levels]
    numbers += [new for _old, new in changes.renumbered]
    served = [c.activity.title for c in changes.changed if any(field.field == "outcomes" for field in c.fields)]
    return [*(f"LO{number}" for number in sorted(set(numbers))), *served]
