"""One plan in five lenses: by moment, weeks and environments, by learning type, a timeline, a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from blendedu.kit import charts, signs
from courses.facts import ENVIRONMENTS, LEARNING_TYPES, MOMENTS, TIMINGS
from courses.queries.studio.looking import SORTS

if TYPE_CHECKING:
    from courses.balance import WeekBalance
    from courses.facts import PlannedActivity
    from courses.queries.studio.cards import Card
    from courses.queries.studio.page import StudioPage

# By what the columns of a lens divide the cards, and the name under which a form sends it.
_DIVIDES: Mapping[str, tuple[str, Callable[[PlannedActivity], str]]] = {
    "moment": ("moment", lambda activity: activity.moment),
    "environment": ("environment", lambda activity: activity.environment),
    "type": ("learning_type", lambda activity: activity.learning_type),
    "timeline": ("timing", lambda activity: activity.timing),
    "table": ("", lambda activity: ""),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board."""

    key: str
    name: str
    verb: str = ""  # what students do there: prepare, meet, follow up


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of the board."""

    column: Column
    week: int
    label: str  # "Week 3, Before"
    add_url: str
    cards: tuple[Card, ...]
    is_off: bool  # of a week without class in which nothing is planned

    @property
    def out(self) -> int:
        """How many of its cards the filter leaves out."""
        return sum(1 for card in self.cards if card.out)


@dataclass(frozen=True, slots=True)
class Row:
    """A week of the board. `heavy` says in words that it asks more than it may."""

    number: int
    name: str  # "Week 3"
    title: str
    minutes: int
    low: int
    high: int
    unestimated: int
    blend: charts.Blend
    edit_url: str
    explain_url: str
    slots: tuple[Slot, ...]
    teaching: bool
    is_off: bool  # without class, and nothing is planned in it: it is drawn narrow
    heavy: str
    key: str
    note_count: int  # open comments on the week


@dataclass(frozen=True, slots=True)
class Lane:
    """An environment of the second lens: its cell of each week, and its total."""

    key: str
    name: str
    minutes: int
    explain_url: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the table that stand together: a week, the shelf, or everything in another order."""

    key: str
    label: str
    row: Row | None
    add_url: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column of the table; `order` says how the rows stand now, in the words of aria-sort."""

    name: str
    url: str = ""
    order: str = ""
    is_number: bool = False
    inline: str = ""  # the field that its cells change in place


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """A connection in words: where something is made, and where it is used."""

    source: Card
    target: Card
    source_place: str  # "digital, week 1"
    target_place: str
    note: str
    backwards: bool


@dataclass(frozen=True, slots=True)
class Connections:
    """The connections of a plan: between environments as a drawing, between activities as a list."""

    drawing: charts.Joined
    said: str
    lines: tuple[ConnectionLine, ...]


class Boards:
    """The board of a page in any lens. Made once; each part is worked out when the page shows it."""

    def __init__(self, page: StudioPage) -> None:
        self.page = page

    @property
    def template(self) -> str:
        """The part of the page that draws this lens."""
        parts = {"environment": "environments", "timeline": "timeline", "table": "table"}
        return f"courses/studio/{parts.get(self.page.lens, 'weeks')}.html"

    @property
    def css(self) -> str:
        return {"environment": "weeksacross", "type": "six", "timeline": "lengths", "table": "lines"}.get(
            self.page.lens, ""
        )

    @property
    def is_ordered(self) -> bool:
        """Whether where a card stands in its cell can be changed by moving it there."""
        return self.page.lens == "moment" or (self.page.lens == "table" and not self.page.look.sort)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        lens = self.page.lens
        if lens == "environment":
            return tuple(Column(key, signs.word(key)) for key in ENVIRONMENTS)
        if lens == "type":
            return tuple(Column(key, signs.word(key)) for key in LEARNING_TYPES)
        if lens == "timeline":
            verbs = {"sync": _("contact"), "async": _("own study")}
            return tuple(Column(key, signs.word(key), verbs[key]) for key in TIMINGS)
        if lens == "table":
            return (Column("", _("Activities")),)
        verbs = {"before": _("prepare"), "together": _("meet"), "after": _("follow up")}
        return tuple(Column(key, str(signs.MOMENTS[key]), verbs[key]) for key in MOMENTS)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        page = self.page
        sent, of = _DIVIDES[page.lens]
        cells: dict[tuple[int | None, str], list[PlannedActivity]] = {}
        for activity in page.plan.placed:  # ordered as students meet them: week, moment, position
            cells.setdefault((activity.week, of(activity)), []).append(activity)
        # COST: what is said of every cell is translated, and its address looked up, once per page.
        week_name, cell_name = _("Week %(number)s"), _("Week %(number)s, %(column)s")
        add_url = reverse("courses:placement-add", args=[page.course.code])
        asked = f"&{sent}=" if sent else ""
        heavy = page.heavy_weeks
        planned = {week.number: week for week in page.plan.weeks}
        return tuple(
            Row(
                number=week.number,
                name=week_name % {"number": week.number},
                title=week.title,
                minutes=week.minutes,
                low=week.low,
                high=week.high,
                unestimated=week.unestimated_count,
                blend=charts.mixed_blend({(cell.environment, cell.timing): cell.minutes for cell in week.cells}),
                edit_url=f"{page.base}weeks/{week.number}/",
                explain_url=page.explain_url("week", str(week.number)),
                slots=tuple(
                    Slot(
                        column,
                        week.number,
                        cell_name % {"number": week.number, "column": column.name},
                        f"{add_url}?week={week.number}{asked}{column.key}",
                        self._cards(week, column, cells),
                        _is_off(week),
                    )
                    for column in self.columns
                ),
                teaching=week.teaching,
                is_off=_is_off(week),
                heavy=heavy.get(week.number, ""),
                key=planned[week.number].key,
                note_count=planned[week.number].note_count,
            )
            for week in page.balance.weeks
        )

    def _cards(
        self, week: WeekBalance, column: Column, cells: Mapping[tuple[int | None, str], list[PlannedActivity]]
    ) -> tuple[Card, ...]:
        return tuple(self.page.deck.card(activity) for activity in cells.get((week.number, column.key), ()))

    # --- Weeks and environments ---------------------------------------------------------------------------------

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The same cells, with the weeks from left to right."""
        environments = self.page.balance["environment"]
        return tuple(
            Lane(
                key=column.key,
                name=column.name,
                minutes=environments[column.key].minutes,
                explain_url=self.page.explain_url("environment", column.key),
                slots=tuple(row.slots[place] for row in self.rows),
            )
            for place, column in enumerate(self.columns)
        )

    @cached_property
    def connections(self) -> Connections:
        """What is made in one activity and used in another. A link whose other end is gone is left out."""
        plan = self.page.plan
        known = {activity.placement_id: activity for activity in plan.activities}
        links = [link for link in plan.links if link.source in known and link.target in known]
        order = {activity.placement_id: place for place, activity in enumerate(plan.placed)}
        pairs = [(known[link.source], known[link.target]) for link in links]
        lines = tuple(
            ConnectionLine(
                self.page.deck.card(source),
                self.page.deck.card(target),
                self._place(source),
                self._place(target),
                link.note,
                order.get(source.placement_id, -1) > order.get(target.placement_id, len(order)),
            )
            for link, (source, target) in zip(links, pairs, strict=True)
        )
        between = Counter((source.environment, target.environment) for source, target in pairs)
        arrow = _("%(source)s to %(target)s: %(count)s")
        said = "; ".join(
            arrow % {"source": signs.word(source), "target": signs.word(target), "count": count}
            for (source, target), count in between.items()
        )
        used = {activity.environment for activity in plan.placed}
        return Connections(charts.joined(ENVIRONMENTS, between, used=used), said, lines)

    def _place(self, activity: PlannedActivity) -> str:
        word = signs.word(activity.environment).lower()
        if activity.week is None:
            return _("%(environment)s, on the shelf") % {"environment": word}
        return _("%(environment)s, week %(number)s") % {"environment": word, "number": activity.week}

    # --- Timeline -----------------------------------------------------------------------------------------------

    @cached_property
    def scale(self) -> charts.Scale:
        """One scale for all weeks, so that a length means the same everywhere."""
        lengths: list[int] = [0]
        for tracks in self._tracks.values():
            lengths += [
                start + max(activity.counted_minutes, activity.minutes_range[1], activity.reported_minutes or 0)
                for activity, start in tracks
            ]
        return charts.scale(max(lengths))

    @cached_property
    def _tracks(self) -> dict[tuple[int | None, str], list[tuple[PlannedActivity, int]]]:
        """The activities of each side of each week with the minute at which they begin, one after the other."""
        tracks: dict[tuple[int | None, str], list[tuple[PlannedActivity, int]]] = {}
        reached: dict[tuple[int | None, str], int] = {}
        for activity in self.page.plan.placed:
            key = (activity.week, activity.timing)
            start = reached.get(key, 0)
            tracks.setdefault(key, []).append((activity, start))
            reached[key] = start + activity.counted_minutes
        return tracks

    @cached_property
    def stretches(self) -> dict[int, charts.Stretch]:
        """Where each activity is drawn, by placement."""
        return {
            activity.placement_id: self.scale.stretch(
                start, activity.counted_minutes, activity.minutes_range, activity.reported_minutes
            )
            for tracks in self._tracks.values()
            for activity, start in tracks
        }

    # --- Table --------------------------------------------------------------------------------------------------

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The activities as rows: by week in the order of the plan, or all together in the order that was asked for."""
        page = self.page
        sort = page.look.sort
        if not sort:
            groups = [
                Group(str(row.number), row.name, row, slot.add_url, slot.cards)
                for row in self.rows
                for slot in row.slots
            ]
            return (*groups, Group("shelf", _("Shelf"), None, "", page.shelf))
        key = SORTS[sort.removeprefix("-")]
        # Stable in both directions: what is equal stays in the order of the plan.
        every = sorted((*page.plan.placed, *page.plan.shelf), key=key, reverse=sort.startswith("-"))
        return (Group("", "", None, "", tuple(page.deck.card(activity) for activity in every)),)

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads of the columns, each with the address that sorts by it, or the other way round."""
        named = {
            "title": _("Activity"),
            "": _("Week"),
            "minutes": _("Time"),
            "kind": _("Type"),
            "ltype": _("Learning type"),
            "timing": _("When"),
            "env": _("Environment"),
            "grouping": _("Students work"),
            "guidance": _("Guidance"),
            "assessment": _("Assessment"),
            "feedback": _("Feedback"),
        }
        heads = [self._head(key, name) for key, name in named.items()]
        return (*heads, Head(_("Outcomes")), *([Head(_("Move"))] if self.page.can_edit else []))

    def _head(self, key: str, name: str) -> Head:
        sort = self.page.look.sort
        order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        other = f"-{key}" if key and sort == key else key
        return Head(name, self.page.address(sort=other), order, key == "minutes", _INLINE.get(key, ""))


# By the key of a column of the table: the field that is changed in its cells.
_INLINE = {
    "title": "title",
    "": "place",
    "minutes": "minutes",
    "kind": "type_key",
    "ltype": "learning_type",
    "timing": "timing",
    "env": "environment",
    "grouping": "grouping",
    "guidance": "guidance",
}


def _is_off(week: WeekBalance) -> bool:
    return not week.teaching and not week.activity_count
