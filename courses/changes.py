"""What changed between two versions of a design, for whoever reviews it.

A placement keeps its key from version to version, whatever happens to it, so a reviewer reads what changed and not
everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from courses.balance import ComparedRow, compare, weigh
from courses.facts import Plan, PlannedActivity, PlannedLink, PlannedOutcome, PlannedWeek
from courses.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Served:
    """An outcome that a card serves, by its number, and on which level if somebody has said so."""

    number: int
    level: int | None = None


Value = str | int | bool | Decimal | tuple[Served, ...] | None

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
    "group_size": gettext_noop("Group size"),
    "guidance": gettext_noop("Guidance"),
    "assessment_form": gettext_noop("Form of the assessment"),
    "own_choice": gettext_noop("Students choose form or subject"),
    "alternative": gettext_noop("For who cannot be there"),
    "purpose": gettext_noop("Purpose"),
    "tool": gettext_noop("Tool"),
    "minutes_low": gettext_noop("Minutes, at least"),
    "minutes_high": gettext_noop("Minutes, at most"),
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
    """One thing that is different. Outcomes are shown by number; content (questions, files, texts) has no values."""

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
class LevelChange:
    """An outcome that is asked for on another level; `number` is its number now."""

    number: int
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A connection that came (old is None), went (new is None) or has another note; both cards by their titles."""

    source: str
    target: str
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
    levels: tuple[LevelChange, ...] = ()
    renumbered: tuple[tuple[int, int], ...] = ()  # outcomes that only stand elsewhere: old number, new number
    links: tuple[LinkChange, ...] = ()
    renumbered_weeks: tuple[tuple[int, int], ...] = ()  # as renumbered: their cards are in the same week as before

    @property
    def is_empty(self) -> bool:
        """Whether both versions are the same design."""
        cards = self.added or self.gone or self.moved or self.changed
        frame = self.about or self.weeks or self.outcomes or self.levels or self.renumbered or self.renumbered_weeks
        return not (cards or frame or self.links)

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
    served_before, served_after = _outcomes_served(before), _outcomes_served(after)
    week_before, week_after = _weeks_by_number(before), _weeks_by_number(after)
    moved, changed, untouched = [], [], 0
    for was, now in stayed:
        spots = Spot(was.week, was.moment), Spot(now.week, now.moment)
        fields = _field_changes(was, now, served_before, served_after)
        same_week = week_before.get(was.week) == week_after.get(now.week)
        if not (same_week and (was.moment == now.moment or was.week is None)):
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
        weeks=_week_changes(before, after),
        outcomes=_outcome_changes(before, after),
        balance=compare(weigh(before), weigh(after)),
        untouched_count=untouched,
        levels=tuple(
            LevelChange(now.number, was.level, now.level)
            for was, now in _outcomes_that_stayed(before, after)
            if was.level != now.level
        ),
        renumbered=tuple(
            (was.number, now.number) for was, now in _outcomes_that_stayed(before, after) if was.number != now.number
        ),
        links=_link_changes(before, after),
        renumbered_weeks=tuple(
            (was.number, now.number) for was, now in _weeks_that_stayed(before, after) if was.number != now.number
        ),
    )


def _week_identity(week: PlannedWeek) -> str:
    return week.key or str(week.number)


def _weeks_by_number(plan: Plan) -> dict[int | None, str]:
    return {week.number: _week_identity(week) for week in plan.weeks}


def _weeks_that_stayed(before: Plan, after: Plan) -> Iterator[tuple[PlannedWeek, PlannedWeek]]:
    old = {_week_identity(week): week for week in before.weeks}
    return ((old[_week_identity(week)], week) for week in after.weeks if _week_identity(week) in old)


def _week_changes(before: Plan, after: Plan) -> tuple[NumberedChange, ...]:
    stayed = [(was, now) for was, now in _weeks_that_stayed(before, after)]
    known = {_week_identity(now) for _, now in stayed}
    changes = [NumberedChange(now.number, was.title, now.title) for was, now in stayed if was.title != now.title]
    changes += [NumberedChange(w.number, w.title, None) for w in before.weeks if _week_identity(w) not in known]
    changes += [NumberedChange(w.number, None, w.title) for w in after.weeks if _week_identity(w) not in known]
    return tuple(sorted(changes, key=lambda change: change.number))


def _in_order(plan: Plan) -> tuple[PlannedActivity, ...]:
    """As on the board, then the shelf."""
    return (*plan.placed, *plan.shelf)


def _identity(outcome: PlannedOutcome) -> str:
    # A new version has outcomes of its own, with other ids; the key stays, also when they are put in another order.
    return outcome.key or str(outcome.number)


def _outcomes_served(plan: Plan) -> Callable[[PlannedActivity], dict[str, Served]]:
    known = {outcome.id: outcome for outcome in plan.outcomes}

    def served(activity: PlannedActivity) -> dict[str, Served]:
        outcomes = sorted((known[pk] for pk in activity.outcome_ids if pk in known), key=lambda each: each.number)
        return {_identity(each): Served(each.number, activity.level_for(each.id)) for each in outcomes}

    return served


def _outcomes_that_stayed(before: Plan, after: Plan) -> list[tuple[PlannedOutcome, PlannedOutcome]]:
    old = {_identity(outcome): outcome for outcome in before.outcomes}
    return [(old[_identity(now)], now) for now in after.outcomes if _identity(now) in old]


def _outcome_changes(before: Plan, after: Plan) -> tuple[NumberedChange, ...]:
    old = {_identity(outcome): outcome for outcome in before.outcomes}
    new = {_identity(outcome): outcome for outcome in after.outcomes}
    found = [NumberedChange(was.number, was.text, None) for key, was in old.items() if key not in new]
    found += [NumberedChange(now.number, None, now.text) for key, now in new.items() if key not in old]
    found += [
        NumberedChange(now.number, was.text, now.text)
        for was, now in _outcomes_that_stayed(before, after)
        if was.text != now.text
    ]
    return tuple(sorted(found, key=lambda each: (each.number, each.new is not None)))


def _link_changes(before: Plan, after: Plan) -> tuple[LinkChange, ...]:
    old, new = _links_by_keys(before), _links_by_keys(after)
    found = []
    for pair in [*old, *(pair for pair in new if pair not in old)]:
        (was, cards), (now, cards_now) = old.get(pair, (None, ("", ""))), new.get(pair, (None, ("", "")))
        if was is None or now is None or was.note != now.note:
            titles = cards_now if now else cards
            found.append(LinkChange(*titles, was.note if was else None, now.note if now else None))
    return tuple(found)


def _links_by_keys(plan: Plan) -> dict[tuple[str, str], tuple[PlannedLink, tuple[str, str]]]:
    cards = {activity.placement_id: activity for activity in plan.activities}
    ends = [
        (link, cards[link.source], cards[link.target])
        for link in plan.links
        if {link.source, link.target} <= set(cards)
    ]
    return {(one.key, other.key): (link, (one.title, other.title)) for link, one, other in ends}


def _field_changes(
    was: PlannedActivity,
    now: PlannedActivity,
    served_before: Callable[[PlannedActivity], dict[str, Served]],
    served_after: Callable[[PlannedActivity], dict[str, Served]],
) -> tuple[FieldChange, ...]:
    changes = [
        FieldChange(name, getattr(was, name), getattr(now, name))
        for name in FIELDS
        if name not in ("outcomes", "content") and getattr(was, name) != getattr(now, name)
    ]
    own_changes = bool(changes)
    old, new = served_before(was), served_after(now)
    if {key: each.level for key, each in old.items()} != {key: each.level for key, each in new.items()}:
        changes.append(FieldChange("outcomes", tuple(old.values()), tuple(new.values())))
    # An activity is copied when it is first edited. Another activity with the same facts was edited inside.
    if was.activity_id != now.activity_id and not own_changes:
        changes.append(FieldChange("content", None, None))
    return tuple(changes)
