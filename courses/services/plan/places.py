"""Where cards stand: the place in a cell, and the room between two cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from courses.models import Placement, Week
from courses.services.plan.changing import BadPlace

if TYPE_CHECKING:
    from courses.models import Design
    from courses.services.plan.changing import Changing

# Cards stand apart, so that one can be put between two without touching them: what a move touches, it can undo.
APART = 1024


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the board, or the shelf, with the cards that stand in it: (pk, position), in order."""

    week_id: int | None
    moment: str
    cards: tuple[tuple[int, int], ...]

    def without(self, pk: int) -> Cell:
        """The cell before this card came."""
        return Cell(self.week_id, self.moment, tuple(card for card in self.cards if card[0] != pk))

    def index(self, pk: int) -> int | None:
        """Where a card stands in it, from 0."""
        return next((place for place, card in enumerate(self.cards) if card[0] == pk), None)


def cell_of(design: Design, week: int | None, moment: str) -> Cell:
    """Read a cell; one query. `week` None is the shelf, on which moments do not matter. Raises BadPlace."""
    if moment not in Placement.Moment.values:
        raise BadPlace(_("Choose before, together or after."))
    if week is None:
        shelved = Placement.objects.filter(design=design, week=None).order_by("position", "pk")
        return Cell(None, moment, tuple(shelved.values_list("pk", "position")))
    rows = list(
        Week.objects.filter(design=design, number=week)
        .order_by("placements__position", "placements__pk")
        .values_list("pk", "placements__pk", "placements__moment", "placements__position")
    )
    if not rows:
        raise BadPlace(_("This design has no week %(number)s.") % {"number": week})
    return Cell(rows[0][0], moment, tuple((pk, place) for _week, pk, at, place in rows if at == moment))


def room_in(change: Changing, cell: Cell, index: int | None) -> int:
    """A position for a new card at this index of the cell (None: at the end); makes room where there is none."""
    cards = cell.cards
    index = len(cards) if index is None else max(0, min(index, len(cards)))
    below = cards[index - 1][1] if index else -1
    if index == len(cards):
        return (below // APART + 1) * APART
    above = cards[index][1]
    if above - below >= 2:
        return (below + above) // 2
    rows = Placement.objects.in_bulk([pk for pk, _position in cards])
    for place, (pk, _position) in enumerate(cards):
        change.patch(rows[pk], position=(place + 1 + (place >= index)) * APART)
    return (index + 1) * APART
