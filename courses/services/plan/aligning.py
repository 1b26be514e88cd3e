"""What serves which outcome, and on which level; in which order outcomes stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from courses.models import Outcome
from courses.queries.plan import levels_in, placements_of
from courses.services.plan.changing import BadPlace, PlanRefused, StalePlan, changing
from courses.services.plan.frame import LEVELS
from courses.services.steps import PARKED

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.services.plan.changing import Changed

UNSAID = 0  # linked, on no level yet
Cell = tuple[int, int]  # placement, outcome


@dataclass(frozen=True, slots=True)
class Turn:
    """A cell of the matrix, as it was when it was drawn and as it shall be.

    None is not linked, 0 linked without a level, 1 to 6 a level.
    """

    was: int | None
    now: int | None


def set_alignments(design: Design, turns: Mapping[Cell, Turn], *, by: User, at: datetime) -> Changed:
    """Set cells of the matrix, all as one step. Raises StalePlan where a cell is not as it was drawn.

    What others do in other cells meanwhile is no conflict. Raises BadPlace for what is not in this design.
    """
    with changing(design, by=by, at=at, version=None) as change:
        placements = {
            placement.pk: placement for placement in placements_of(design).filter(pk__in={pk for pk, _outcome in turns})
        }
        outcomes = Outcome.objects.filter(design=design).in_bulk({pk for _placement, pk in turns})
        if {pk for pk, _outcome in turns} - placements.keys() or {pk for _placement, pk in turns} - outcomes.keys():
            raise BadPlace(_("This design has no such activity or outcome."))
        for pk, placement in placements.items():
            before = levels_in(placement)
            after = dict(before)
            for (where, outcome), turn in turns.items():
                if where == pk:
                    _turn(after, outcome, turn)
            change.set_outcomes(placement, before, after)
        change.verb = "outcomes-aligned"
        if len(turns) == 1:
            [(pk, outcome)] = turns
            change.placement_pk = pk
            names = {"title": placements[pk].activity.title[:60], "number": outcomes[outcome].number}
            gone = turns[pk, outcome].now is None
            words = _("taking LO%(number)s off “%(title)s”") if gone else _("linking “%(title)s” with LO%(number)s")
            change.label = words % names
        else:
            change.label = _("changing what serves the outcomes")
    return change.result


def _turn(served: dict[int, int | None], outcome: int, turn: Turn) -> None:
    stands = (served[outcome] or UNSAID) if outcome in served else None
    if stands != turn.was:
        raise StalePlan
    if turn.now is None:
        served.pop(outcome, None)
        return
    if turn.now != UNSAID and turn.now not in LEVELS:
        raise PlanRefused(_("A level is a number from 1 (remember) to 6 (create)."))
    served[outcome] = turn.now or None


def move_outcome(design: Design, pk: int, *, by_places: int, by: User, version: int, at: datetime) -> Changed:
    """Move an outcome up (negative) or down among the others; the numbers stay, and each outcome takes the next one."""
    with changing(design, by=by, at=at, version=version) as change:
        outcomes = list(Outcome.objects.filter(design=design).order_by("number"))
        moved = next((outcome for outcome in outcomes if outcome.pk == pk), None)
        if moved is None:
            raise BadPlace(_("This design has no such outcome."))
        label = _("move of LO%(number)s") % {"number": moved.number}
        numbers = [outcome.number for outcome in outcomes]
        rest = [outcome for outcome in outcomes if outcome.pk != pk]
        place = max(0, min(outcomes.index(moved) + by_places, len(rest)))
        ordered = [*rest[:place], moved, *rest[place:]]
        renumbered = [(each, number) for each, number in zip(ordered, numbers, strict=True) if each.number != number]
        # Two outcomes never have the same number, not even in between.
        for outcome, _number in renumbered:
            change.patch(outcome, number=PARKED + outcome.number)
        for outcome, number in renumbered:
            change.patch(outcome, number=number)
        change.verb = "outcome-moved"
        change.label = label
    return change.result
