"""Steps: what each change of a plan replaced, so that it can be taken back by name.

A step holds the rows that it touched, before and after. Taking it back is refused when somebody has changed one of
these rows since; whatever else happened meanwhile stays.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from activities.models import Activity
from courses.models import Comment, Outcome, Placement, Week
from courses.queries.plan import ACTIVITY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Model

    from courses.models import Design

Values = dict[str, Any]  # Any: whatever a column holds, as JSON writes it

PLACEMENT_FIELDS = ("key", "activity_id", "week_id", "moment", "position")
# Activities are never made or removed by a step: one that is not placed waits for its step to be undone.
_MADE: Mapping[str, type[Placement | Week | Outcome]] = {"placement": Placement, "week": Week, "outcome": Outcome}
_MODELS: Mapping[str, type[Placement | Week | Outcome | Activity]] = {**_MADE, "activity": Activity}
_FIELDS: Mapping[str, Sequence[str]] = {
    "placement": PLACEMENT_FIELDS,
    "week": ("number", "title"),
    "outcome": ("number", "text", "level"),
    "activity": ACTIVITY_FIELDS,
}
_OUTCOMES = "outcomes"  # of a placement: a list of numbers, kept in a table of its own


class RowsChanged(Exception):
    """Somebody changed what this step touched, so it cannot be taken back any more."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a step. `before` is None for a row that was made, `after` for one that was removed."""

    row: str
    pk: int
    before: Values | None
    after: Values | None


class Recorder:
    """Writes rows and remembers what it replaced. Each row stands once in a step, however often it was written."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self._changes: dict[tuple[str, int], Change] = {}
        self._watched: list[Change] = []

    @property
    def changes(self) -> list[Change]:
        """What was changed, in the order in which it began; rows that ended as they were are left out."""
        return [change for change in self._changes.values() if change.before != change.after]

    def to_json(self) -> list[Values]:
        """The changes as a step stores them."""
        return [asdict(change) for change in (*self.changes, *self._watched)]

    def made(self, row: Placement | Week | Outcome, *, outcomes: Iterable[int] = ()) -> None:
        """Remember a row that was just made."""
        self._note(row, None, _whole(row, outcomes))

    def watch(self, activity: Activity) -> None:
        """Remember an activity as it is: taking the step back is refused once somebody has worked on it."""
        values = _whole(activity)
        self._watched.append(Change("activity", activity.pk, values, values))

    def patch(self, row: Placement | Week | Outcome | Activity, **values: Any) -> None:  # Any: whatever a column holds
        """Write only the columns that differ, and remember them."""
        before = {name: _plain(getattr(row, name)) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        after = {name: _plain(getattr(row, name)) for name in values}
        changed = [name for name in values if before[name] != after[name]]
        if not changed:
            return
        row.save(update_fields=changed)
        if isinstance(row, Week) and "number" in changed:
            _repin(self.design, before["number"], row.number)
        self._note(row, {name: before[name] for name in changed}, {name: after[name] for name in changed})

    def set_outcomes(self, placement: Placement, before: Iterable[int], after: Iterable[int]) -> None:
        """Write which outcomes a placement serves."""
        old, new = sorted(before), sorted(set(after))
        if old == new:
            return
        _write_outcomes(placement.pk, new)
        self._note(placement, {_OUTCOMES: old}, {_OUTCOMES: new})

    def remove(self, row: Placement | Week | Outcome, *, outcomes: Iterable[int] = ()) -> None:
        """Remove a row, so that it can be made again as it was."""
        before = _whole(row, outcomes)
        pk = row.pk
        if isinstance(row, Week):
            _unpin(self.design, row.number)
        row.delete()
        row.pk = pk
        self._note(row, before, None)

    def _note(self, row: Model, before: Values | None, after: Values | None) -> None:
        name = next(name for name, model in _MODELS.items() if isinstance(row, model))
        known = self._changes.get((name, row.pk))
        if known is not None:
            before = None if known.before is None else {**(before or {}), **known.before}
            after = None if after is None else {**(known.after or {}), **after}
        self._changes[name, row.pk] = Change(name, row.pk, before, after)


def apply(design: Design, stored: Iterable[Values], *, back: bool) -> None:
    """Take a step back, or make it again. Everything is checked before anything is written; raises RowsChanged."""
    changes = [Change(**change) for change in stored]
    ways = [
        (change.row, change.pk, change.after, change.before)
        if back
        else (change.row, change.pk, change.before, change.after)
        for change in changes
    ]
    rows = _read(changes)
    for kind, pk, expected, target in ways:
        _check(rows.get((kind, pk)), kind, expected, target)
    for kind, pk, expected, target in reversed(ways) if back else ways:
        _write(design, rows.get((kind, pk)), kind, pk, expected, target)


def _read(changes: Iterable[Change]) -> dict[tuple[str, int], tuple[Model, Values]]:
    pks: dict[str, list[int]] = {}
    for change in changes:
        pks.setdefault(change.row, []).append(change.pk)
    served: dict[int, list[int]] = {}
    for placement, outcome in Placement.outcomes.through.objects.filter(
        placement__in=pks.get("placement", [])
    ).values_list("placement_id", "outcome_id"):
        served.setdefault(placement, []).append(outcome)
    return {
        (kind, row.pk): (row, _whole(row, served.get(row.pk, ())))
        for kind, numbers in pks.items()
        for row in _MODELS[kind].objects.filter(pk__in=numbers)
    }


def _check(found: tuple[Model, Values] | None, kind: str, expected: Values | None, target: Values | None) -> None:
    if expected is None:
        if found is not None:
            raise RowsChanged(str(found[0]))
        return
    if found is None:
        raise RowsChanged(str((target or expected).get("title", "")) or _("something that was removed"))
    row, now = found
    # A row that is removed must be as it was made, or somebody's later work would go with it.
    if any(now[name] != value for name, value in expected.items()):
        raise RowsChanged(_named(row))
    if kind == "activity" and expected != target and _is_shared(row.pk):
        # An approved design uses this activity now: it is never changed again, only copied.
        raise RowsChanged(_named(row))


def _named(row: Model) -> str:
    return row.activity.title if isinstance(row, Placement) else str(row)


def _is_shared(activity_pk: int) -> bool:
    return Activity.objects.get(pk=activity_pk).placements.count() > 1 or (
        Activity.objects.filter(pk=activity_pk, offers__isnull=False).exists()
    )


def _write(
    design: Design,
    found: tuple[Model, Values] | None,
    kind: str,
    pk: int,
    expected: Values | None,
    target: Values | None,
) -> None:
    if expected == target:
        return
    if target is None:
        assert found is not None
        if isinstance(found[0], Week):
            _unpin(design, found[0].number)
        found[0].delete()
        return
    columns = {name: value for name, value in target.items() if name != _OUTCOMES}
    if expected is None:
        if "key" in columns:
            columns["key"] = uuid.UUID(columns["key"])
        _MADE[kind].objects.create(pk=pk, design_id=design.pk, **columns)
    elif columns:
        _MODELS[kind].objects.filter(pk=pk).update(**columns)
        if kind == "week" and "number" in columns:
            _repin(design, expected["number"], columns["number"])
    if _OUTCOMES in target:
        _write_outcomes(pk, target[_OUTCOMES])


def _write_outcomes(placement_pk: int, outcomes: Iterable[int]) -> None:
    links = Placement.outcomes.through.objects
    links.filter(placement=placement_pk).delete()
    links.bulk_create(Placement.outcomes.through(placement_id=placement_pk, outcome_id=outcome) for outcome in outcomes)


def _repin(design: Design, old: int, new: int) -> None:
    # Comments name a week by its number; they follow it when the number changes.
    pinned = Comment.objects.filter(design=design, pin=Comment.Pin.WEEK, pin_key=str(old))
    pinned.update(pin_key=str(new))


def _unpin(design: Design, number: int) -> None:
    # What was said about a week that is gone is kept, as said about the design.
    pinned = Comment.objects.filter(design=design, pin=Comment.Pin.WEEK, pin_key=str(number))
    pinned.update(pin=Comment.Pin.DESIGN, pin_key="")


def _whole(row: Model, outcomes: Iterable[int] = ()) -> Values:
    kind = next(name for name, model in _MODELS.items() if isinstance(row, model))
    values = {name: _plain(getattr(row, name)) for name in _FIELDS[kind]}
    return values | {_OUTCOMES: sorted(outcomes)} if kind == "placement" else values


def _plain(value: Any) -> Any:  # Any: from a column to JSON
    if isinstance(value, uuid.UUID):
        return str(value)
    # Through JSON and back, so that tuples and translated words compare with what was stored.
    return json.loads(json.dumps(value, default=str)) if isinstance(value, dict | list | tuple) else value
