"""The page of the Studio.

Everything is read from one plan, and read only when the page shows it: a fragment costs what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from blendedu.kit import charts, signs
from blendedu.kit.templatetags.kit import minutes as written
from courses.balance import Balance, weigh
from courses.facts import ENVIRONMENTS, LEARNING_TYPES, MOMENTS
from courses.models import Design, Step
from courses.queries.frame import Head, head_of
from courses.queries.plan import placements_of, plan_from
from courses.queries.studio.beside import Mix, credits_said, load_said, mixes_of
from courses.queries.studio.cards import Card, Deck
from courses.sources import findings_about
from courses.spoken import Hints, Spoken, hints_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from blendedu.people.models import User
    from courses.facts import Plan, PlannedActivity
    from courses.findings import Finding
    from courses.models import Placement

LENSES = {
    "moment": gettext_noop("By moment"),
    "environment": gettext_noop("By environment"),
    "type": gettext_noop("By learning type"),
}
_MOMENT_ORDER = {moment: order for order, moment in enumerate(MOMENTS)}
_STEPS_LOOKED_AT = 200


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
    label: str  # "Week 3, Before"
    add_url: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A week of the board."""

    number: int
    name: str  # "Week 3"
    title: str
    minutes: int
    unestimated: int
    blend: charts.Blend
    edit_url: str
    explain_url: str
    slots: tuple[Slot, ...]


class StudioPage:
    """One design in the Studio, as one person sees it."""

    def __init__(
        self,
        design: Design,
        *,
        user: User,
        at: datetime,
        lens: str = "moment",
        plan: Plan | None = None,
        placements: Sequence[Placement] | None = None,
        steps: tuple[str, str] | None = None,
    ) -> None:
        self.design = design
        self.course = design.course
        self.user = user
        self.at = at
        self.lens = lens if lens in LENSES else "moment"
        # What a service has just read or made need not be read again.
        self._plan, self._placements, self._steps = plan, placements, steps

    # --- What everything is made from ---------------------------------------------------------------------------

    @cached_property
    def placements(self) -> Sequence[Placement]:
        return self._placements if self._placements is not None else list(placements_of(self.design))

    @cached_property
    def plan(self) -> Plan:
        return self._plan or plan_from(self.design, self.placements)

    @cached_property
    def balance(self) -> Balance:
        return weigh(self.plan)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings_about(self.design, self.plan, self.balance)

    @cached_property
    def hints(self) -> Hints:
        return hints_of(self.findings)

    @cached_property
    def head(self) -> Head:
        return head_of(self.course, on=timezone.localdate(self.at), design=self.design, weeks=len(self.plan.weeks))

    # --- Rights and versions ------------------------------------------------------------------------------------

    @property
    def can_edit(self) -> bool:
        return "design" in self.design.rights and self.design.is_editable

    @property
    def can_begin_next(self) -> bool:
        """Whether this version is closed and no other is in the works."""
        return (
            "design" in self.design.rights
            and self.design.state in {Design.State.APPROVED, Design.State.ARCHIVED}
            and self.in_the_works is None
        )

    @cached_property
    def versions(self) -> list[Design]:
        return list(Design.objects.filter(course=self.course).only("number", "state", "course_id").order_by("number"))

    @property
    def in_the_works(self) -> Design | None:
        """The draft of the course, or the version that is being reviewed."""
        working = {Design.State.DRAFT, Design.State.IN_REVIEW}
        return next((version for version in self.versions if version.state in working), None)

    @property
    def next_number(self) -> int:
        return max(version.number for version in self.versions) + 1

    # --- Addresses ----------------------------------------------------------------------------------------------

    @cached_property
    def base(self) -> str:
        return reverse("courses:studio", args=[self.course.code])

    def address(self, *, lens: str | None = None) -> str:
        """The address of this page, with its design and lens."""
        asked = {"design": self.design.number, "lens": lens or self.lens}
        return f"{self.base}?{urlencode(asked)}"

    @cached_property
    def url(self) -> str:
        return self.address()

    @property
    def lenses(self) -> list[tuple[str, str, bool]]:
        return [(_(name), self.address(lens=key), key == self.lens) for key, name in LENSES.items()]

    # --- Saved, undo, redo --------------------------------------------------------------------------------------

    @property
    def saved(self) -> str:
        """`Saved 10:32`, with the day if it was not today and the name if it was somebody else."""
        changed = timezone.localtime(self.design.changed_at)
        today = changed.date() == timezone.localdate(self.at)
        form = (
            pgettext("date format: 10:32", "H:i") if today else pgettext("date format: Wed 18 Nov, 10:32", "D j M, H:i")
        )
        said = {"time": date_format(changed, form), "name": self.design.changed_by}
        if self.design.changed_by_id in {None, self.user.pk}:
            return _("Saved %(time)s") % said
        return _("Saved %(time)s by %(name)s") % said

    @cached_property
    def steps(self) -> tuple[str, str]:
        """The names of the steps that this person can undo and redo; empty where there is none."""
        if self._steps is not None:
            return self._steps
        if not self.can_edit:
            return "", ""
        rows = Step.objects.filter(design=self.design, user=self.user).order_by("-pk").values_list("label", "undone_at")
        undo, redo = "", ""
        for label, undone_at in rows[:_STEPS_LOOKED_AT]:
            if undone_at is None:
                undo = label
                break
            redo = label  # the last one seen before a step that stands is the first to make again
        return undo, redo

    @property
    def undo_label(self) -> str:
        return self.steps[0]

    @property
    def redo_label(self) -> str:
        return self.steps[1]

    # --- The board ----------------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        if self.lens == "environment":
            return tuple(Column(key, signs.word(key)) for key in ENVIRONMENTS)
        if self.lens == "type":
            return tuple(Column(key, signs.word(key)) for key in LEARNING_TYPES)
        verbs = {"before": _("prepare"), "together": _("meet"), "after": _("follow up")}
        return tuple(Column(key, str(signs.MOMENTS[key]), verbs[key]) for key in MOMENTS)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        of: Callable[[PlannedActivity], str] = {
            "moment": lambda activity: activity.moment,
            "environment": lambda activity: activity.environment,
            "type": lambda activity: activity.learning_type,
        }[self.lens]
        cells: dict[tuple[int | None, str], list[PlannedActivity]] = {}
        for activity in self.plan.placed:  # ordered as students meet them: week, moment, position
            cells.setdefault((activity.week, of(activity)), []).append(activity)
        # COST: what is said of every cell is translated, and its address looked up, once per page.
        week_name, cell_name = _("Week %(number)s"), _("Week %(number)s, %(column)s")
        add_url = reverse("courses:placement-add", args=[self.course.code])
        asked = "learning_type" if self.lens == "type" else self.lens
        return tuple(
            Row(
                number=week.number,
                name=week_name % {"number": week.number},
                title=week.title,
                minutes=week.minutes,
                unestimated=week.unestimated_count,
                blend=charts.mixed_blend({(cell.environment, cell.timing): cell.minutes for cell in week.cells}),
                edit_url=f"{self.base}weeks/{week.number}/",
                explain_url=self.explain_url("week", str(week.number)),
                slots=tuple(
                    Slot(
                        column,
                        cell_name % {"number": week.number, "column": column.name},
                        f"{add_url}?week={week.number}&{asked}={column.key}",
                        tuple(self._deck.card(a) for a in cells.get((week.number, column.key), ())),
                    )
                    for column in self.columns
                ),
            )
            for week in self.balance.weeks
        )

    @cached_property
    def shelf(self) -> tuple[Card, ...]:
        return tuple(self._deck.card(activity) for activity in self.plan.shelf)

    @cached_property
    def is_empty(self) -> bool:
        return not self.plan.activities

    @cached_property
    def _deck(self) -> Deck:
        noted = {pk for hint in self.hints.first for pk in hint.placement_ids if hint.tone in {"warn", "bad"}}
        return Deck(self.plan, self.placements, noted=noted, lens=self.lens)

    def card(self, placement_pk: int) -> Card | None:
        """The card of a placement of this design."""
        found = next((a for a in self.plan.activities if a.placement_id == placement_pk), None)
        return self._deck.card(found) if found else None

    # --- Beside the board ---------------------------------------------------------------------------------------

    @cached_property
    def rhythm(self) -> charts.Rhythm:
        return charts.rhythm(
            [
                charts.WeekLoad(
                    week.number,
                    {(cell.environment, cell.timing): cell.minutes for cell in week.cells},
                    href=f"#week-{week.number}",
                )
                for week in self.balance.weeks
            ]
        )

    # Templates ask for these by name: a balance itself answers `balance["environment"]` and nothing else that way.
    @property
    def minutes(self) -> int:
        return self.balance.minutes

    @property
    def unestimated(self) -> int:
        return len(self.balance.unestimated)

    @cached_property
    def gauge(self) -> charts.Gauge:
        load = self.balance.load
        return charts.gauge(load.planned, low=load.low or None, high=load.high or None)

    @property
    def gauge_text(self) -> str:
        said = {"planned": written(self.balance.load.planned), "credits": self.credits_text}
        return _("Planned %(planned)s; %(credits)s") % said if said["credits"] else _("Planned %(planned)s") % said

    @property
    def credits_text(self) -> str:
        return credits_said(self.course.credits, self.balance)

    @property
    def load_word(self) -> str:
        return load_said(self.balance)

    @cached_property
    def mixes(self) -> tuple[Mix, ...]:
        return mixes_of(self.balance, self.explain_url)

    def explain_url(self, dimension: str, value: str) -> str:
        """Where a number opens to what makes it."""
        asked = {"dimension": dimension, "value": value, "design": self.design.number, "lens": self.lens}
        return f"{self._explain_base}?{urlencode(asked)}"

    @cached_property
    def _explain_base(self) -> str:
        return reverse("courses:balance-explain", args=[self.course.code])

    @property
    def total_url(self) -> str:
        return self.explain_url("total", "all")

    def hint(self, rule: str) -> Spoken | None:
        """One finding in words, by its rule."""
        return next((h for h in (*self.hints.first, *self.hints.others, *self.hints.kept) if h.rule == rule), None)

    def concerned(self, hint: Spoken) -> list[Card]:
        """The cards that a finding is about."""
        cards = (self.card(pk) for pk in hint.placement_ids)
        return [card for card in cards if card is not None]
