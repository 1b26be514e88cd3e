"""Taking a step back, or making it again: what it touched is checked and written, in few statements.

COST: an undo is one response like any edit. Whatever a step holds, what it touched is read at most three times (cards,
activities without a card, frame), and each table is written once per kind of change.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from activities.models import Activity, Offer
from courses.models import Alignment, CardLock, Link, Outcome, Placement, RunOffer, Week
from courses.queries.plan import frames_of, levels_in, placements_of
from courses.services.steps import MADE, MODELS, OUTCOMES, PARKED, Change, RowsChanged, Values, whole, write_columns

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from courses.models import Design
    from courses.services.steps import Made


def apply(
    design: Design, stored: Iterable[Mapping[str, Any]], *, back: bool, spare: Callable[[Placement], None]
) -> None:
    """Take a step back, or make it again. Everything is checked before anything is written; raises RowsChanged.

    `spare` is called with each card that would be removed, and raises when it may not be.
    """
    changes = [Change(**change) for change in stored]
    ways = [
        _Way(change.row, change.pk, change.after, change.before)
        if back
        else _Way(change.row, change.pk, change.before, change.after)
        for change in changes
    ]
    found = _Found(design, ways)
    for way in ways:
        found.check(way)
    found.refuse_to_lose(spare)
    ordered = list(reversed(ways)) if back else ways
    _park([way for way in ordered if way.renumbers])
    # What stands side by side and is of one kind is written together; the order between kinds is kept.
    for (kind, act), group in groupby(ordered, key=lambda way: (way.row, way.act)):
        _ACTS[act](found, kind, list(group))


@dataclass(frozen=True, slots=True)
class _Way:
    row: str
    pk: int
    expected: Values | None
    target: Values | None

    @property
    def act(self) -> str:
        if self.expected == self.target:
            return "leave"
        return "remove" if self.target is None else "make" if self.expected is None else "patch"

    @property
    def renumbers(self) -> bool:
        return self.act == "patch" and "number" in (self.target or ())


class _Found:
    """The rows of a step as they are now, and what else stands on those that it would remove."""

    def __init__(self, design: Design, ways: Sequence[_Way]) -> None:
        self.design = design
        self.known = {(way.row, way.pk) for way in ways}
        self.removed = {kind: {way.pk for way in ways if (way.row, way.act) == (kind, "remove")} for kind in MADE}
        self.rows: dict[tuple[str, int], tuple[Any, Values]] = {}  # Any: a row of any table, or of the frame
        self.shared: set[int] = set()
        # Rows that are made are not asked for: the database refuses a key that is taken.
        there = {kind: {way.pk for way in ways if way.row == kind and way.expected is not None} for kind in MODELS}
        self.cards = self._cards(there["placement"])
        self._activities(there["activity"] - {pk for kind, pk in self.rows if kind == "activity"})
        if there["week"] or there["outcome"] or there["link"]:
            self._frame()

    def _cards(self, pks: set[int]) -> list[Any]:  # Any: a placement, annotated
        everywhere = self.removed["week"] or self.removed["outcome"]  # any card may stand on what goes
        if not (pks or everywhere):
            return []
        mine = Link.objects.filter(Q(source=OuterRef("pk")) | Q(target=OuterRef("pk")))
        rows = placements_of(self.design).select_related("lock__user")
        rows = rows.annotate(
            is_shared=Exists(Placement.objects.filter(activity=OuterRef("activity")).exclude(pk=OuterRef("pk")))
            | Exists(Offer.objects.filter(activity=OuterRef("activity"))),
            is_used=Exists(mine.exclude(pk__in=[pk for kind, pk in self.known if kind == "link"]))
            | Exists(RunOffer.objects.filter(placement=OuterRef("pk"))),
        )
        cards: list[Any] = list(rows if everywhere else rows.filter(pk__in=pks))  # Any: a placement, annotated
        for card in cards:
            self._keep("placement", card.pk, card, whole(card, levels_in(card)))
            self._keep("activity", card.activity_id, card.activity, whole(card.activity))
            if card.is_shared:
                self.shared.add(card.activity_id)
        return cards

    def _activities(self, pks: set[int]) -> None:
        """Those without a card among the rows of the step."""
        if not pks:
            return
        placed = Placement.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
        twice = Exists(placed.annotate(uses=Count("pk")).filter(uses__gt=1))
        rows = Activity.objects.filter(pk__in=pks)
        for activity in rows.annotate(is_shared=twice | Exists(Offer.objects.filter(activity=OuterRef("pk")))):
            self._keep("activity", activity.pk, activity, whole(activity))
            if activity.is_shared:
                self.shared.add(activity.pk)

    def _frame(self) -> None:
        frame = frames_of(self.design)[self.design.pk]
        for week in frame.weeks:
            said = {"key": week.key, "number": week.number, "title": week.title, "teaching": week.teaching}
            self._keep("week", week.id, week, said)
        for one in frame.outcomes:
            said = {"key": one.key, "number": one.number, "text": one.text, "level": one.level}
            self._keep("outcome", one.id, one, said)
        for link in frame.links:
            said = {"source_id": link.source, "target_id": link.target, "note": link.note}
            self._keep("link", link.id, link, said)

    def _keep(self, kind: str, pk: int, row: Any, now: Values) -> None:  # Any: as `rows`
        self.rows[kind, pk] = row, now

    def check(self, way: _Way) -> None:
        """Refuse what is not any more as the step left it."""
        if way.expected is None:
            return
        if (way.row, way.pk) not in self.rows:
            raise RowsChanged(str((way.target or way.expected).get("title", "")) or _("something that was removed"))
        row, now = self.rows[way.row, way.pk]
        # A row that is removed must be as it was made, or somebody's later work would go with it.
        if any(now[name] != value for name, value in way.expected.items()):
            raise RowsChanged(_named(way.row, row))
        if way.row == "activity" and way.pk in self.shared and way.act != "leave":
            # An approved design uses this activity now: it is never changed again, only copied.
            raise RowsChanged(_named(way.row, row))

    def refuse_to_lose(self, spare: Callable[[Placement], None]) -> None:
        """What is removed may have been used since by somebody else: a week by a card, a card by a link or a run."""
        for card in self.cards:
            if card.pk in self.removed["placement"]:
                spare(card)
                if card.is_used:
                    raise RowsChanged(card.activity.title)
            elif ("placement", card.pk) not in self.known and (
                card.week_id in self.removed["week"] or self.removed["outcome"] & set(levels_in(card))
            ):
                raise RowsChanged(card.activity.title)

    def gone(self, ways: Iterable[_Way]) -> list[Placement]:
        """The cards among the rows that these remove."""
        pks = {way.pk for way in ways}
        return [card for card in self.cards if card.pk in pks]


def _named(kind: str, row: Any) -> str:  # Any: a row of any table, or of the frame
    if kind == "placement":
        return str(row.activity.title)
    if kind == "week":
        return _("Week %(number)s") % {"number": row.number}
    return f"LO{row.number}" if kind == "outcome" else str(row.title) if kind == "activity" else _("a connection")


# --- Writing --------------------------------------------------------------------------------------------------------


def _park(ways: Sequence[_Way]) -> None:
    # Two weeks never have the same number, not even in between; nor have two outcomes. Those that change places wait.
    for kind, model in (("week", Week), ("outcome", Outcome)):
        pks = [way.pk for way in ways if way.row == kind]
        if len(pks) > 1:
            model._default_manager.filter(pk__in=pks).update(number=F("number") + PARKED)  # noqa: SLF001 -- its name


def _leave(_found: _Found, _kind: str, _ways: list[_Way]) -> None:
    """Rows that are only watched."""


def _remove(found: _Found, kind: str, ways: list[_Way]) -> None:
    pks = [way.pk for way in ways]
    if kind == "placement":
        cards = found.gone(ways)
        if any(levels_in(card) for card in cards):
            _delete(Alignment.objects.filter(placement__in=pks))
        if any(getattr(card, "lock", None) for card in cards):
            _delete(CardLock.objects.filter(placement__in=pks))
    _delete(MADE[kind].objects.filter(pk__in=pks))


def _delete(rows: QuerySet[Any]) -> None:  # Any: of any table
    # COST: `delete` reads each row and all that points at it first; what points at these was read and judged above.
    rows._raw_delete(rows.db)  # noqa: SLF001 -- the one statement that `delete` ends in


def _make(found: _Found, kind: str, ways: list[_Way]) -> None:
    MADE[kind].objects.bulk_create(_again(found.design, kind, way) for way in ways)  # type: ignore[misc]  # one kind
    if kind == "placement":
        _serve(ways)


def _patch(_found: _Found, kind: str, ways: list[_Way]) -> None:
    write_columns(MODELS[kind], {way.pk: dict(_columns(way)) for way in ways})
    serving = [way for way in ways if OUTCOMES in (way.target or ())]
    if serving:
        Alignment.objects.filter(placement__in=[way.pk for way in serving]).delete()
        _serve(serving)


_ACTS: Mapping[str, Callable[[_Found, str, list[_Way]], None]] = {
    "leave": _leave,
    "remove": _remove,
    "make": _make,
    "patch": _patch,
}


def _again(design: Design, kind: str, way: _Way) -> Made:
    columns = dict(_columns(way))
    if "key" in columns:
        columns["key"] = uuid.UUID(columns["key"])
    return MADE[kind](pk=way.pk, design_id=design.pk, **columns)


def _columns(way: _Way) -> Iterator[tuple[str, Any]]:  # Any: what columns hold
    return ((name, value) for name, value in (way.target or {}).items() if name != OUTCOMES)


def _serve(ways: Iterable[_Way]) -> None:
    Alignment.objects.bulk_create(
        Alignment(placement_id=way.pk, outcome_id=outcome, level=level)
        for way in ways
        for outcome, level in (way.target or {}).get(OUTCOMES, ())
    )
