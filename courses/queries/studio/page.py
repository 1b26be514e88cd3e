"""The page of the Studio.

Everything is read from one plan, and read only when the page shows it: a fragment costs what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.queries.made import made_by, missing_of
from blendedu.kit import charts
from blendedu.kit.templatetags.kit import total as summed
from courses.balance import Balance, weigh
from courses.findings import RULE_BY_ID, read_answers
from courses.gaps import gaps_of
from courses.models import Design
from courses.queries.frame import Head, head_of
from courses.queries.plan import plan_from, read_board
from courses.queries.steps import steps_of
from courses.queries.studio.beside import (
    Mix,
    Unestimated,
    contact_of,
    contact_said,
    credits_said,
    load_said,
    mixes_of,
)
from courses.queries.studio.boards import Boards
from courses.queries.studio.cards import Card, Deck
from courses.queries.studio.looking import FILTERS, LENSES, WITHOUT, Look
from courses.queries.studio.sifting import filters_of, kinds_in, sifted
from courses.queries.times import Reported, reported_in
from courses.sources import findings_about
from courses.spoken import Hints, Spoken, hints_of, voice
from courses.words import say

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.facts import Plan
    from courses.findings import Finding
    from courses.gaps import Gap
    from courses.models import Placement
    from courses.queries.studio.boards import Column, Row
    from courses.queries.studio.sifting import Filter


_PEAK = "C02"  # the built-in rule on the fullest week


@dataclass(frozen=True, slots=True)
class Chip:
    """A gap as it stands above the board. Its address filters the board, or opens a finding; or it only says."""

    text: str
    url: str
    current: bool
    filters: bool


class StudioPage:
    """One design in the Studio, as one person sees it."""

    def __init__(
        self,
        design: Design,
        *,
        user: User,
        at: datetime,
        look: Look | None = None,
        plan: Plan | None = None,
        placements: Sequence[Placement] | None = None,
        steps: tuple[str, str] | None = None,
    ) -> None:
        self.design = design
        self.course = design.course
        self.user = user
        self.at = at
        self._asked = look or Look()
        self._kept: set[int] = set()
        # What a service has just read or made need not be read again.
        self._plan, self._placements, self._steps = plan, placements, steps

    # --- What everything is made from ---------------------------------------------------------------------------

    @cached_property
    def placements(self) -> Sequence[Placement]:
        return self._placements if self._placements is not None else read_board(self.design)

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
        return hints_of(self.findings, read_answers(self.course.answered))

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

    def address(self, **changes: Any) -> str:  # Any: the fields of a Look
        """The address of this page, with its design, lens, filter and selection; some of it changed."""
        asked = {"design": self.design.number, "lens": self.lens, **self.look.pairs(**changes)}
        return f"{self.base}?{urlencode(asked, safe=',')}"

    @cached_property
    def url(self) -> str:
        return self.address()

    @property
    def lenses(self) -> list[tuple[str, str, bool]]:
        return [(_(name), self.address(lens=key), key == self.lens) for key, name in LENSES.items()]

    # --- How it is looked at ------------------------------------------------------------------------------------

    @cached_property
    def look(self) -> Look:
        """What was asked for, without what this plan does not know."""
        look = self._asked
        if look.kind and look.kind not in kinds_in(self.plan):
            look = look.without("kind")
        if look.outcome not in {"", WITHOUT, *(str(outcome.number) for outcome in self.plan.outcomes)}:
            look = look.without("outcome")
        if look.gap and look.gap not in self._concerned:
            look = look.without("gap")
        known = {activity.placement_id for activity in self.plan.activities}
        kept = tuple(pk for pk in look.sel if pk in known)
        if kept != look.sel:
            gone = ",".join(str(pk) for pk in look.sel if pk not in known)
            look = replace(look, sel=kept, ignored=(*look.ignored, f"sel={gone}"))
        return look

    @property
    def lens(self) -> str:
        return self._asked.lens

    @property
    def view(self) -> str:
        """Lens, filter and selection in one value, for a form to carry along."""
        return self.look.view

    @property
    def ignored(self) -> str:
        """What the address asked for in vain."""
        return "" if self.look.carried else ", ".join(self.look.ignored)

    def keep(self, placement_pk: int) -> None:
        """Show this card whatever the filter says: it has just been worked on."""
        self._kept.add(placement_pk)

    @cached_property
    def shown(self) -> frozenset[int]:
        """The placements that the filter leaves."""
        return sifted(self.plan, self.look, self._concerned.get(self.look.gap)) | self._kept

    @property
    def shown_count(self) -> int:
        return len(self.shown)

    @property
    def all_count(self) -> int:
        return len(self.plan.activities)

    @property
    def filters(self) -> tuple[Filter, ...]:
        return filters_of(self.plan, self.look)

    @property
    def clear_url(self) -> str:
        return self.address(**dict.fromkeys(FILTERS, ""))

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        unbuilt = {row.pk for row in self.placements if missing_of(row.activity, made_by(row))}
        return gaps_of(self.plan, self.balance, self.findings, unbuilt=unbuilt)

    @cached_property
    def _concerned(self) -> dict[str, tuple[int, ...]]:
        """The cards of everything that a filter may ask for by name: the gaps, and whatever a rule found."""
        found = {finding.rule: finding.placement_ids for finding in self.findings if finding.placement_ids}
        return found | {gap.key: gap.placement_ids for gap in self.gaps}

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        """The gaps in words; each filters the board, or clears that filter, or opens what a rule says."""
        with_voice = voice()
        chips = [
            Chip(
                say(gap.headline, gap.params, with_voice),
                self._gap_url(gap),
                current=self.look.gap == gap.key,
                filters=bool(gap.placement_ids),
            )
            for gap in self.gaps
        ]
        hint = self.hint(self.look.gap) if self.look.gap else None
        if hint is not None:
            chips.append(Chip(hint.headline, self.address(gap=""), current=True, filters=True))
        return tuple(chips)

    def _gap_url(self, gap: Gap) -> str:
        if gap.placement_ids:
            return self.address(gap="" if self.look.gap == gap.key else gap.key)
        if gap.rule and self.hint(gap.rule) is not None:
            asked = urlencode({"design": self.design.number, "view": self.view})
            return f"{reverse('courses:finding', args=[self.course.code, gap.rule])}?{asked}"
        return ""

    @cached_property
    def heavy_weeks(self) -> dict[int, str]:
        """The weeks that ask more than they may, with the words of the rule that says so."""
        with_voice = voice()
        broken = [f for f in self.findings if f.is_broken and (f.rule == _PEAK or f.rule not in RULE_BY_ID)]
        over = _("Over the limit: %(limit)s")
        said = {
            f.rule: f.say(f.headline, with_voice)
            if f.rule == _PEAK
            else over % {"limit": f.say(f.threshold, with_voice)}
            for f in broken
        }
        return {week: said[f.rule] for f in reversed(broken) for week in f.weeks}

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
        return steps_of(self.design, self.user)

    @property
    def undo_label(self) -> str:
        return self.steps[0]

    @property
    def redo_label(self) -> str:
        return self.steps[1]

    # --- The board ----------------------------------------------------------------------------------------------

    @cached_property
    def boards(self) -> Boards:
        return Boards(self)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.boards.columns

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.boards.rows

    @cached_property
    def shelf(self) -> tuple[Card, ...]:
        return tuple(self.deck.card(activity) for activity in self.plan.shelf)

    @cached_property
    def is_empty(self) -> bool:
        return not self.plan.activities

    @cached_property
    def deck(self) -> Deck:
        noted = {pk for hint in self.hints.first for pk in hint.placement_ids if hint.tone in {"warn", "bad"}}
        return Deck(
            self.plan,
            self.placements,
            noted=noted,
            lens=self.lens,
            shown=self.shown,
            selected=frozenset(self.look.sel),
            held=self._held,
        )

    @property
    def _held(self) -> dict[int, str]:
        """The cards that somebody else edits, with the name of who does."""
        locks = ((row, getattr(row, "lock", None)) for row in self.placements)
        return {
            row.pk: getattr(row, "holder", "")
            for row, lock in locks
            if lock is not None and lock.keeps_out(self.user.pk, at=self.at)
        }

    def card(self, placement_pk: int) -> Card | None:
        """The card of a placement of this design."""
        found = next((a for a in self.plan.activities if a.placement_id == placement_pk), None)
        return self.deck.card(found) if found else None

    # --- Beside the board ---------------------------------------------------------------------------------------

    @cached_property
    def rhythm(self) -> charts.Rhythm:
        return charts.rhythm(
            [
                charts.WeekLoad(
                    week.number,
                    {(cell.environment, cell.timing): cell.minutes for cell in week.cells},
                    href=f"#week-{week.number}",
                    ranges=week.ranges,
                )
                for week in self.balance.weeks
            ]
        )

    # Templates ask for these by name: a balance itself answers `balance["environment"]` and nothing else that way.
    @property
    def minutes(self) -> int:
        return self.balance.minutes

    @property
    def low(self) -> int:
        return self.balance.low

    @property
    def high(self) -> int:
        return self.balance.high

    @property
    def contact(self) -> str:
        """The time together, also in hours of the timetable; empty where nobody meets."""
        contact = contact_of(self.balance, self.plan.teaching_hour)
        return contact_said(contact) if contact else ""

    @cached_property
    def unestimated(self) -> tuple[Unestimated, ...]:
        """The activities that count for nothing because nobody has said how long they take."""
        missing = set(self.balance.unestimated)
        return tuple(Unestimated(a.placement_id, a.title) for a in self.plan.placed if a.placement_id in missing)

    @cached_property
    def reported(self) -> tuple[Reported, ...]:
        """What students of earlier runs report about the cards of this board."""
        return reported_in(self.plan)

    @property
    def reported_otherwise(self) -> int:
        """On how many cards enough students report another time than is planned."""
        return sum(1 for row in self.reported if row.can_use)

    @property
    def reported_url(self) -> str:
        return f"{self.base}reported/?{urlencode({'design': self.design.number, 'view': self.view})}"

    @cached_property
    def gauge(self) -> charts.Gauge:
        load = self.balance.load
        return charts.gauge(
            load.planned, low=load.low or None, high=load.high or None, spread=(self.balance.low, self.balance.high)
        )

    @property
    def gauge_text(self) -> str:
        said = {"planned": summed(self.balance), "credits": self.credits_text}
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
        asked = {"dimension": dimension, "value": value, "design": self.design.number, "view": self.view}
        return f"{self._explain_base}?{urlencode(asked)}"

    @cached_property
    def _explain_base(self) -> str:
        return reverse("courses:balance-explain", args=[self.course.code])

    @property
    def total_url(self) -> str:
        return self.explain_url("total", "all")

    def hint(self, rule: str) -> Spoken | None:
        """One finding in words, by its rule."""
        return self.hints.about(rule)

    def concerned(self, hint: Spoken) -> list[Card]:
        """The cards that a finding is about."""
        cards = (self.card(pk) for pk in hint.placement_ids)
        return [card for card in cards if card is not None]
