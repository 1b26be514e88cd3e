"""Differences between two versions in the reader's words: lines for cards, weeks and outcomes, rows for the balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext

from activities import registry
from activities.models import (
    Assessment,
    Environment,
    FeedbackBy,
    Grouping,
    Guidance,
    LearningType,
    Place,
    Timing,
)
from blendedu.kit.minutes import format_minutes
from courses.changes import ABOUT, FIELDS
from courses.models import Placement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from courses.balance import ComparedRow
    from courses.changes import Changes, FieldChange, LinkChange, NumberedChange, Served, Spot, Value


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One difference in words."""

    what: str  # added, gone, moved, changed
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A value before and after, for the table."""

    dimension: str
    value: str
    before: str
    after: str
    before_percent: int
    after_percent: int
    differs: bool


_CHOICES: dict[str, dict[str, object]] = {
    "learning_type": dict(LearningType.choices),
    "second_type": dict(LearningType.choices),
    "timing": dict(Timing.choices),
    "place": dict(Place.choices),
    "environment": dict(Environment.choices),
    "grouping": dict(Grouping.choices),
    "guidance": dict(Guidance.choices),
    "assessment": dict(Assessment.choices),
    "feedback_by": dict(FeedbackBy.choices),
}
COMPARED = ("total", "environment", "timing", "learning_type", "grouping", "week")


def lines_of(changes: Changes) -> list[ChangedLine]:
    """Every difference in words, cards first: added, gone, moved, changed."""
    lines = [ChangedLine("added", a.title, _spot(a.week, a.moment)) for a in changes.added]
    lines += [ChangedLine("gone", a.title, _spot(a.week, a.moment)) for a in changes.gone]
    lines += [
        ChangedLine("moved", moved.activity.title, f"{spot_said(moved.old)} → {spot_said(moved.new)}")
        for moved in changes.moved
    ]
    lines += [
        ChangedLine(
            "changed",
            changed.activity.title,
            "; ".join(field_said(field) for field in changed.fields),
        )
        for changed in changes.changed
    ]
    lines += [_numbered_line(gettext("Week %d") % week.number, week) for week in changes.weeks]
    lines += [
        ChangedLine("moved", gettext("Week %d") % new, gettext("was week %(number)s") % {"number": old})
        for old, new in changes.renumbered_weeks
    ]
    lines += [_numbered_line(f"LO{one.number}", one) for one in changes.outcomes]
    lines += [
        ChangedLine("changed", f"LO{one.number}", f"{_level(one.old)} → {_level(one.new)}") for one in changes.levels
    ]
    lines += [ChangedLine("moved", f"LO{new}", f"LO{old} → LO{new}") for old, new in changes.renumbered]
    lines += [_link_line(link) for link in changes.links]
    lines += [ChangedLine("changed", gettext("The course"), field_said(field, ABOUT)) for field in changes.about]
    return lines


def field_said(change: FieldChange, names: Mapping[str, str] = FIELDS) -> str:
    """One thing that is different, in words: “Minutes: 20 min → 30 min”."""
    name = gettext(names[change.field])
    if change.field == "content":
        return name
    return f"{name}: {_shown(change.field, change.old)} → {_shown(change.field, change.new)}"


def _numbered_line(name: str, change: NumberedChange) -> ChangedLine:
    if change.old is None:
        return ChangedLine("added", name, change.new or "")
    if change.new is None:
        return ChangedLine("gone", name, change.old)
    return ChangedLine("changed", name, f"{change.old or gettext('none')} → {change.new or gettext('none')}")


def _level(level: int | None) -> str:
    return gettext("no level") if level is None else gettext("level %(level)s") % {"level": level}


def _link_line(link: LinkChange) -> ChangedLine:
    what = "added" if link.old is None else "gone" if link.new is None else "changed"
    note = " → ".join(note or gettext("none") for note in (link.old, link.new) if note is not None)
    said = gettext("output used in “%(target)s”") % {"target": link.target}
    return ChangedLine(what, link.source, f"{said}: {note}" if link.old or link.new else said)


def spot_said(spot: Spot) -> str:
    """Where a card stands, in words."""
    return _spot(spot.week, spot.moment)


def _spot(week: int | None, moment: str) -> str:
    if week is None:
        return gettext("on the shelf")
    word = str(Placement.Moment(moment).label).lower()
    return gettext("week %(week)s, %(moment)s") % {"week": week, "moment": word}


def _shown(field: str, value: Value) -> str:
    if value in (None, ""):
        return gettext("none")
    if field == "type_key":
        return _type_said(str(value))
    if field.startswith("minutes") and isinstance(value, int):
        return format_minutes(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, tuple):
        return ", ".join(_served(each) for each in value) or gettext("none")
    return str(_CHOICES.get(field, {}).get(str(value), value))


def _type_said(key: str) -> str:
    try:
        return str(registry.get(key).label)
    except registry.UnknownType:
        return key


def _served(served: Served) -> str:
    return f"LO{served.number}" if served.level is None else f"LO{served.number} ({_level(served.level)})"


def rows_of(balance: Iterable[ComparedRow]) -> list[BalanceRow]:
    """Two balances side by side, as far as a reviewer compares them."""
    rows = []
    for row in balance:
        if row.dimension not in COMPARED:
            continue
        words = _CHOICES.get(row.dimension, {})
        value = str(words.get(row.value, row.value))
        if row.dimension == "week":
            value = gettext("Week %s") % row.value
        if row.dimension == "total":
            value = pgettext("sum of all activities", "Total")
        rows.append(
            BalanceRow(
                dimension=row.dimension,
                value=value,
                before=format_minutes(row.before_minutes),
                after=format_minutes(row.after_minutes),
                before_percent=row.before_percent,
                after_percent=row.after_percent,
                differs=row.difference != 0,
            )
        )
    return rows
