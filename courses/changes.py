"""What changed between two versions of a design, for whoever reviews it.

A placement keeps its key from version to version, whatever happens to it, so a reviewer reads what changed and not
everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from courses.balance import ComparedRow, compare, weigh
from courses.facts import Plan, PlannedActivity
from courses.words import gettext_noop

Value = str | int | bool | Decimal | tuple[int, ...] | None

FIELDS: Mapping[str, str] = {
    "title": gettext_noop("Title"),
    "type_key": gettext_noop("Type"),
    "minutes": gettext_noop("Minutes"),
    "learning_type": gettext_noop("Learning type"),
    "second_type": gettext_noop("Second learning type"),
    "second_share": gettext_noop("Share of the second type"),
    "timing": gettext_noop("Timing"),
    "place": gettext_noop("Place"),
    "environment": gettext_noop("Environment"),
    "grouping": gettext_noop("Grouping"),
    "guidance": gettext_noop("Guidance"),
    "assessment": gettext_noop("Assessment"),
    "weight": gettext_noop("Weight"),
    "feedback_by": gettext_noop("Feedback by"),
    "feedback_days": gettext_noop("Feedback within days"),
    "feedback_elaborated": gettext_noop("Feedback explains"),
    "required": gettext_noop("Required"),
    "outcomes": gettext_noop("Outcomes"),
    "has_captions": gettext_noop("Captions"),
    "clip_seconds": gettext_noop("Running time"),
    "content": gettext_noop("Content"),
}
"""What is compared, and what a page calls it."""

ABOUT: Mapping[str, str] = {
    "title": gettext_noop("Title of the course"),
    "credits": gettext_noop("Credits"),
    "hours_per_credit_low": gettext_noop("Hours per credit, from"),
    "hours_per_credit_high": gettext_noop("Hours per credit, to"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that is different. Outcomes are compared by number; content (questions, files, texts) has no values."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card is on the board; week None is the shelf."""

    week: int | None
    moment: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A card that is somewhere else now."""

    activity: PlannedActivity
    old: Spot
    new: Spot


@dataclass(frozen=True, slots=True)
class Changed:
    """A card that is not the same any more; `activity` is as it is now."""

    activity: PlannedActivity
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class NumberedChange:
    """A week or an outcome that came (old is None), went (new is None) or has other words."""

    number: int
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs; a card may be both moved and changed."""

    added: tuple[PlannedActivity, ...]
    gone: tuple[PlannedActivity, ...]
    moved: tuple[Moved, ...]
    changed: tuple[Changed, ...]
    about: tuple[FieldChange, ...]
    weeks: tuple[NumberedChange, ...]
    outcomes: tuple[NumberedChange, ...]
    balance: tuple[ComparedRow, ...]
    untouched_count: int

    @property
    def is_empty(self) -> bool:
        """Whether both versions are the same design."""
        return not (self.added or self.gone or self.moved or self.changed or self.about or self.weeks or self.outcomes)

    def marks(self) -> dict[str, str]:
        """How to mark each card on the new board, by key: added, changed or moved (changed, if both)."""
        marks = {moved.activity.key: "moved" for moved in self.moved}
        marks |= {changed.activity.key: "changed" for changed in self.changed}
        return marks | {activity.key: "added" for activity in self.added}


def difference(before: Plan, after: Plan) -> Changes:
    """Compare two versions of a design, card by card, and put their balances side by side."""
    old = {activity.key: activity for activity in before.activities}
    new = {activity.key: activity for activity in after.activities}
    stayed = [(old[activity.key], activity) for activity in _in_order(after) if activity.key in old]
    moved, changed, untouched = [], [], 0
    for was, now in stayed:
        spots = Spot(was.week, was.moment), Spot(now.week, now.moment)
        fields = _field_changes(was, now, _outcome_numbers(before), _outcome_numbers(after))
        if spots[0] != spots[1] and not (was.week is None and now.week is None):
            moved.append(Moved(now, *spots))
        elif not fields:
            untouched += 1
        if fields:
            changed.append(Changed(now, fields))
    return Changes(
        added=tuple(activity for activity in _in_order(after) if activity.key not in old),
        gone=tuple(activity for activity in _in_order(before) if activity.key not in new),
        moved=tuple(moved),
        changed=tuple(changed),
        about=tuple(
            FieldChange(name, getattr(before, name), getattr(after, name))
            for name in ABOUT
            if getattr(before, name) != getattr(after, name)
        ),
        weeks=_numbered({w.number: w.title for w in before.weeks}, {w.number: w.title for w in after.weeks}),
        outcomes=_numbered({o.number: o.text for o in before.outcomes}, {o.number: o.text for o in after.outcomes}),
        balance=compare(weigh(before), weigh(after)),
        untouched_count=untouched,
    )


def _in_order(plan: Plan) -> tuple[PlannedActivity, ...]:
    """As on the board, then the shelf."""
    return (*plan.placed, *plan.shelf)


def _outcome_numbers(plan: Plan) -> Callable[[PlannedActivity], tuple[int, ...]]:
    # A new version has outcomes of its own, with other ids; what people see, and what stays, is the number.
    number_of = {outcome.id: outcome.number for outcome in plan.outcomes}

    def numbers(activity: PlannedActivity) -> tuple[int, ...]:
        return tuple(sorted({number_of[o] for o in activity.outcome_ids if o in number_of}))

    return numbers


def _field_changes(
    was: PlannedActivity,
    now: PlannedActivity,
    old_outcomes: Callable[[PlannedActivity], tuple[int, ...]],
    new_outcomes: Callable[[PlannedActivity], tuple[int, ...]],
) -> tuple[FieldChange, ...]:
    changes = [
        FieldChange(name, getattr(was, name), getattr(now, name))
        for name in FIELDS
        if name not in ("outcomes", "content") and getattr(was, name) != getattr(now, name)
    ]
    own_changes = bool(changes)
    if old_outcomes(was) != new_outcomes(now):
        changes.append(FieldChange("outcomes", old_outcomes(was), new_outcomes(now)))
    # An activity is copied when it is first edited. Another activity with the same facts was edited inside.
    if was.activity_id != now.activity_id and not own_changes:
        changes.append(FieldChange("content", None, None))
    return tuple(changes)


def _numbered(before: Mapping[int, str], after: Mapping[int, str]) -> tuple[NumberedChange, ...]:
    return tuple(
        NumberedChange(number, before.get(number), after.get(number))
        for number in sorted({*before, *after})
        if before.get(number) != after.get(number)
    )
