"""Steps: what each change of a plan replaced, so that it can be taken back by name.

A step holds the rows that it touched, before and after. Taking it back is refused when somebody has changed one of
these rows since; whatever else happened meanwhile stays.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import connections, router
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Cast

from activities.models import Activity
from courses.models import Alignment, Link, Outcome, Placement, Week
from courses.queries.plan import ACTIVITY_FIELDS

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Expression, Model

    from courses.models import Design, Step

Values = dict[str, Any]  # Any: whatever a column holds, as JSON writes it
Made = Placement | Week | Outcome | Link
Levels = Mapping[int, int | None]  # outcomes that a placement serves, each with its level where somebody has said so
NO_LEVELS: Levels = {}
FOLDS_FOR = timedelta(seconds=60)  # edits of one field of one card that follow each other so soon are one step
PARKED = 1000  # above every number of a week or an outcome: where it waits while another one takes its number

PLACEMENT_FIELDS = ("key", "activity_id", "week_id", "moment", "position")
# Activities are never made or removed by a step: one that is not placed waits for its step to be undone.
MADE: Mapping[str, type[Made]] = {"placement": Placement, "week": Week, "outcome": Outcome, "link": Link}
MODELS: Mapping[str, type[Made | Activity]] = {**MADE, "activity": Activity}
_FIELDS: Mapping[str, Sequence[str]] = {
    "placement": PLACEMENT_FIELDS,
    "week": ("key", "number", "title", "teaching"),
    "outcome": ("key", "number", "text", "level"),
    "link": ("source_id", "target_id", "note"),
    "activity": ACTIVITY_FIELDS,
}
OUTCOMES = "outcomes"  # of a placement: pairs of outcome and level, kept in a table of its own


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

    def made(self, row: Made, *, outcomes: Levels = NO_LEVELS) -> None:
        """Remember a row that was just made."""
        self._note(row, None, whole(row, outcomes))

    def watch(self, activity: Activity) -> None:
        """Remember an activity as it is: taking the step back is refused once somebody has worked on it."""
        values = whole(activity)
        self._watched.append(Change("activity", activity.pk, values, values))

    def patch(self, row: Made | Activity, **values: Any) -> None:  # Any: whatever a column holds
        """Write only the columns that differ, and remember them."""
        before = {name: _plain(getattr(row, name)) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        after = {name: _plain(getattr(row, name)) for name in values}
        changed = [name for name in values if before[name] != after[name]]
        if not changed:
            return
        row.save(update_fields=changed)
        self._note(row, {name: before[name] for name in changed}, {name: after[name] for name in changed})

    def patch_all(self, wanted: Iterable[tuple[Placement | Activity, Values]]) -> None:
        """Write the columns that differ of many rows of one table, in a few statements, and remember them."""
        columns: dict[int, Values] = {}
        model: type[Model] = Placement
        for row, values in wanted:
            before = {name: _plain(getattr(row, name)) for name in values}
            changed = [name for name, value in values.items() if _plain(value) != before[name]]
            if not changed:
                continue
            for name in changed:
                setattr(row, name, values[name])
            model, columns[row.pk] = type(row), {name: _plain(values[name]) for name in changed}
            self._note(row, {name: before[name] for name in changed}, columns[row.pk])
        write_columns(model, columns)

    def set_outcomes(self, placement: Placement, before: Levels, after: Levels) -> None:
        """Write which outcomes a placement serves, and on which level."""
        self.set_all_outcomes([(placement, before, after)])

    def set_all_outcomes(self, wanted: Iterable[tuple[Placement, Levels, Levels]]) -> None:
        """The same for many placements: at most one statement for what goes, and one for what comes or changes."""
        gone: dict[int, list[int]] = {}
        written: list[Alignment] = []
        for placement, before, after in wanted:
            old, new = _pairs(before), _pairs(after)
            if old == new:
                continue
            for outcome in before.keys() - after.keys():
                gone.setdefault(outcome, []).append(placement.pk)
            written += [
                Alignment(placement=placement, outcome_id=outcome, level=level)
                for outcome, level in after.items()
                if outcome not in before or before[outcome] != level
            ]
            self._note(placement, {OUTCOMES: old}, {OUTCOMES: new})
        if gone:
            which = (Q(outcome=outcome, placement__in=pks) for outcome, pks in gone.items())
            Alignment.objects.filter(reduce(or_, which)).delete()
        Alignment.objects.bulk_create(
            written, update_conflicts=True, unique_fields=["placement", "outcome"], update_fields=["level"]
        )

    def remove(self, row: Made, *, outcomes: Levels = NO_LEVELS) -> None:
        """Remove a row, so that it can be made again as it was."""
        before = whole(row, outcomes)
        pk = row.pk
        row.delete()
        row.pk = pk
        self._note(row, before, None)

    def remove_all(self, placements: Sequence[Placement], outcomes: Mapping[int, Levels]) -> None:
        """Remove many placements with the links between them and others, so that they can be made again."""
        pks = [placement.pk for placement in placements]
        for link in Link.objects.filter(Q(source__in=pks) | Q(target__in=pks)).order_by("pk"):
            self._note(link, whole(link), None)
        for placement in placements:
            self._note(placement, whole(placement, outcomes.get(placement.pk, NO_LEVELS)), None)
        Placement.objects.filter(pk__in=pks).delete()  # and their links

    def remove_frame(self, rows: Sequence[Week | Outcome]) -> None:
        """Remove many weeks, or many outcomes, that nothing stands on any more."""
        for row in rows:
            self._note(row, whole(row), None)
        for model in {type(row) for row in rows}:
            model.objects.filter(pk__in=[row.pk for row in rows]).delete()

    def _note(self, row: Model, before: Values | None, after: Values | None) -> None:
        name = next(name for name, model in MODELS.items() if isinstance(row, model))
        known = self._changes.get((name, row.pk))
        if known is not None:
            before = None if known.before is None else {**(before or {}), **known.before}
            after = None if after is None else {**(known.after or {}), **after}
        self._changes[name, row.pk] = Change(name, row.pk, before, after)


def fold(step: Step | None, changes: list[Values], *, label: str, at: datetime) -> bool:
    """Take changes into a step that was made just before and changed the same columns of the same rows.

    So that a title that was typed with a pause is taken back as one. False: it has to be a step of its own.
    """
    if step is None or step.undone_at is not None or not timedelta(0) <= at - step.made_at <= FOLDS_FOR:
        return False
    stored = {(row["row"], row["pk"]): Change(**row) for row in step.changes}
    for row in changes:
        known = stored.get((row["row"], row["pk"]))
        if known is None or known.before is None or known.after is None or row["before"] is None:
            return False
        if known.after != row["before"]:
            return False
        stored[row["row"], row["pk"]] = Change(known.row, known.pk, known.before, row["after"])
    touched = {(row["row"], row["pk"]) for row in changes}
    # A first edit may have made the copy that the second one works on; anything else was another step.
    if any(key not in touched and set(change.after or ()) != {"activity_id"} for key, change in stored.items()):
        return False
    if all(change.before == change.after for change in stored.values()):
        step.delete()  # typed, and typed back
        return True
    merged = [asdict(change) for change in stored.values()]
    return bool(type(step).objects.filter(pk=step.pk, undone_at=None).update(changes=merged, label=label, made_at=at))


def write_columns(model: type[Model], rows: Mapping[int, Values]) -> None:
    """Set columns of many rows, each row to values of its own: one statement for rows that change the same columns."""
    alike: dict[tuple[str, ...], dict[int, Values]] = {}
    for pk, values in rows.items():
        if values:
            alike.setdefault(tuple(sorted(values)), {})[pk] = values
    for names, group in alike.items():
        model._default_manager.filter(pk__in=list(group)).update(  # noqa: SLF001 -- the documented name
            **{name: _by_row(model, name, group) for name in names}
        )


def _by_row(model: type[Model], name: str, rows: Mapping[int, Values]) -> Any:  # Any: a value, or what chooses it
    holders: dict[str, list[int]] = {}
    for pk, values in rows.items():
        holders.setdefault(json.dumps(values[name], sort_keys=True), []).append(pk)
    if len(holders) == 1:
        return next(iter(rows.values()))[name]
    field = model._meta.get_field(name)  # noqa: SLF001 -- Django's own way to ask for it
    cases = [
        When(pk__in=pks, then=Value(rows[pks[0]][name], output_field=field))  # type: ignore[arg-type]  # a column
        for pks in holders.values()
    ]
    chosen: Expression = Case(*cases, output_field=field)  # type: ignore[arg-type]  # a column
    if connections[router.db_for_write(model)].features.requires_casted_case_in_updates:
        chosen = Cast(chosen, output_field=field)  # type: ignore[arg-type]  # a column
    return chosen


def _pairs(levels: Levels) -> list[list[int | None]]:
    # As JSON gives them back.
    return [[outcome, level] for outcome, level in sorted(levels.items())]


def whole(row: Model, outcomes: Levels = NO_LEVELS) -> Values:
    """A row as a step remembers it."""
    kind = next(name for name, model in MODELS.items() if isinstance(row, model))
    values = {name: _plain(getattr(row, name)) for name in _FIELDS[kind]}
    return values | {OUTCOMES: _pairs(outcomes)} if kind == "placement" else values


def _plain(value: Any) -> Any:  # Any: from a column to JSON
    if isinstance(value, uuid.UUID):
        return str(value)
    # Through JSON and back, so that tuples and translated words compare with what was stored.
    return json.loads(json.dumps(value, default=str)) if isinstance(value, dict | list | tuple) else value
