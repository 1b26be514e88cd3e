"""The one pattern by which a plan is changed.

A change names the version of the plan that it was drawn from. Rows are written, remembered as a step, journalled, the
plan is read again and weighed, and one UPDATE compares the version and sets the next; if it finds another version, all
is rolled back. No lock is held, and nobody's move is lost silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from courses.balance import loads
from courses.models import Design, Step
from courses.queries.plan import placements_of, plan_from, read_board
from courses.services.steps import Recorder, fold

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.facts import Plan
    from courses.models import CardLock, Placement
    from courses.queries.plan import Frame


class PlanRefused(Exception):
    """The change cannot be made; the text says why, for people."""


class StalePlan(Exception):
    """Somebody else changed the plan since it was drawn."""


class FieldsChanged(StalePlan):
    """Somebody else changed the same fields of the same card since they were shown."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class CardHeld(PlanRefused):
    """Somebody else is editing the card; nothing was written."""


class NotEditable(PlanRefused):
    """Only a draft can be changed."""


class BadPlace(PlanRefused):
    """There is no such week, or no such moment, in this design."""


class BadActivity(PlanRefused):
    """What was entered is no activity; `problems` says per field why."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("; ".join(text for texts in problems.values() for text in texts))
        self.problems = problems


class NothingToUndo(PlanRefused):
    """There is no step of this person to take back, or to make again."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The plan after a change, as it was read again from the database."""

    design: Design
    plan: Plan
    placements: tuple[Placement, ...]
    label: str
    placement_pk: int | None = None  # the card that it was about, to give it the focus
    changed: bool = True
    touched: frozenset[int] = frozenset()  # the cards in which something changed
    steps: tuple[str, str] | None = None  # what can be undone and redone next, where it is known
    new_step: bool = True  # no: it was taken into the step before, which may have come to nothing by it


class Changing(Recorder):
    """A change that is being made."""

    label: str = ""
    verb: str = "plan-changed"
    placement_pk: int | None = None
    keeps_step: bool = True
    touched: frozenset[int] = frozenset()
    folded: bool = False
    latest: Step | None = None  # of this person; set by what may fold into it
    frame: Frame | None = None  # weeks, outcomes and links, where they were read and stay as they are
    applied: Sequence[Mapping[str, Any]] = ()  # rows of a step that was taken back or made again
    steps: tuple[str, str] | None = None
    result: Changed

    @property
    def edited(self) -> tuple[set[int], set[int]]:
        """Activities and placements that were edited; that a card only moved, or came, is no edit of it."""
        rows = [(change.row, change.pk, change.before, change.after) for change in self.changes]
        rows += [(row["row"], row["pk"], row["before"], row["after"]) for row in self.applied]
        placements = {
            pk
            for row, pk, before, after in rows
            if row == "placement" and before and after and {"activity_id", "outcomes"} & {*after}
        }
        return {pk for row, pk, before, after in rows if row == "activity" and before != after}, placements

    @property
    def did_something(self) -> bool:
        """Whether there is anything to keep: a card dropped where it was changes nothing."""
        return bool(self.changes) or not self.keeps_step


@contextmanager
def changing(design: Design, *, by: User, at: datetime, version: int | None) -> Iterator[Changing]:
    """Change the plan of a draft. `version` is the one that the person saw; None takes the one just fetched.

    Raises NotEditable and StalePlan; in both cases nothing is written.
    """
    if not design.is_editable:
        raise NotEditable
    seen = design.plan_version if version is None else version
    if seen != design.plan_version:
        raise StalePlan
    with _first_come(design, seen), transaction.atomic():
        change = Changing(design)
        yield change
        if change.did_something:
            _keep(change, by=by, at=at, seen=seen)
        placements = tuple(read_board(design))
        _leave_to_holders(change, placements, by=by, at=at)
        if change.did_something:
            design.plan_version = seen + 1
        plan = plan_from(design, placements, frame=change.frame)
        if change.did_something:
            _claim(design, plan, by=by, at=at, seen=seen)
    change.result = Changed(
        design,
        plan,
        placements,
        change.label,
        placement_pk=change.placement_pk,
        changed=change.did_something,
        touched=change.touched,
        steps=change.steps,
        new_step=not change.folded,
    )


def _leave_to_holders(change: Changing, placements: Iterable[Placement], *, by: User, at: datetime) -> None:
    # COST: locks come with the cards that are read anyway; no query as long as nobody is in the way.
    activities, cards = change.edited
    for placement in placements:
        if placement.activity_id in activities or placement.pk in cards:
            # The card as others still see it: its new title is about to be refused.
            titles = (row.before.get("title") for row in change.changes if row.row == "activity" and row.before)
            titled = next(titles, None) if len(activities) == 1 else None
            refuse_if_held(placement, by=by, at=at, title=titled)


def refuse_if_held(placement: Placement, *, by: User, at: datetime, title: str | None = None) -> None:
    """Raise CardHeld, with the name of who edits this card, if that is somebody else. `lock` should be loaded."""
    lock: CardLock | None = getattr(placement, "lock", None)
    if lock is not None and lock.keeps_out(by.pk, at=at):
        said = {"name": lock.user.name, "title": title or placement.activity.title}
        raise CardHeld(_("%(name)s is editing “%(title)s”. What you typed is kept here; nothing was changed.") % said)


@contextmanager
def _first_come(design: Design, seen: int) -> Iterator[None]:
    # RACE: two new weeks at once want the same number, and a row that is written may be gone: then the database refuses
    # the second before its version does.
    try:
        yield
    except DatabaseError:
        if Design.objects.filter(pk=design.pk, plan_version=seen).exists():
            raise
        raise StalePlan from None


def _keep(change: Changing, *, by: User, at: datetime, seen: int) -> None:
    if change.keeps_step:
        change.folded = fold(change.latest, change.to_json(), label=change.label[:200], at=at)
    if change.keeps_step and not change.folded:
        Step.objects.create(
            design=change.design, user=by, label=change.label[:200], changes=change.to_json(), made_at=at
        )
    record(
        change.verb,
        subject="design",
        subject_id=change.design.pk,
        actor=by,
        at=at,
        about=change.label,
        details={"version": seen + 1},
    )


def _claim(design: Design, plan: Plan, *, by: User, at: datetime, seen: int) -> None:
    # RACE: last on purpose. Whoever comes second finds another version here, and all of the above is rolled back.
    load = loads(plan)
    claimed = Design.objects.filter(pk=design.pk, state=Design.State.DRAFT, plan_version=seen).update(
        plan_version=F("plan_version") + 1, load=load, changed_at=at, changed_by=by
    )
    if not claimed:
        design.plan_version = seen
        raise StalePlan
    design.load, design.changed_at, design.changed_by = load, at, by


def keep_load(design: Design) -> None:
    """Weigh the plan again and store its load: after something that counts was changed outside of the plan itself."""
    placements = placements_of(design)
    Design.objects.filter(pk=design.pk).update(load=loads(plan_from(design, placements)))
