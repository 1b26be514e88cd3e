"""The full list of what the review found in a design, with what the course answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses.balance import weigh
from courses.findings import RULE_BY_ID, Evidence, Finding, read_answers
from courses.queries.plan import plan_of
from courses.queries.threads import threads_of
from courses.sources import findings_about
from courses.spoken import Hints, Spoken, hints_of, voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from courses.facts import Plan, PlannedActivity
    from courses.models import Design

OPEN, ANSWERED, KEPT, SILENT, OFF = "open", "answered", "kept", "silent", "off"
STATES = {
    OPEN: gettext_noop("Worth a look"),
    ANSWERED: gettext_noop("Answered"),
    KEPT: gettext_noop("Kept"),
    SILENT: gettext_noop("Nothing to judge yet"),
    OFF: gettext_noop("Switched off"),
}
CLASSES = {
    Evidence.NORM.value: gettext_noop("Norms and good practice"),
    Evidence.EVID.value: gettext_noop("Evidence"),
    Evidence.HEUR.value: gettext_noop("Rules of thumb"),
    Evidence.INF.value: gettext_noop("Our own inference"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A finding in the list."""

    hint: Spoken
    concerned: tuple[PlannedActivity, ...]
    comments: int  # open ones, pinned to it
    has_limits: bool  # whether the course may set limits for it


@dataclass(frozen=True, slots=True)
class Group:
    """Findings on the same ground."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OffRule:
    """A rule that somebody switched off."""

    rule: str
    measures: str
    by: str  # empty: the course itself
    reason: str


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """What the page shows of one design."""

    plan: Plan
    findings: tuple[Finding, ...]
    hints: Hints
    state: str
    ground: str
    groups: tuple[Group, ...]
    items: Mapping[str, Item]  # every finding by its rule, in whichever list it stands
    off: tuple[OffRule, ...]
    counts: dict[str, int]

    def finding(self, rule: str) -> Finding | None:
        """What was found by a rule."""
        return next((finding for finding in self.findings if finding.rule == rule), None)


def findings_page(design: Design, *, state: str = OPEN, ground: str = "") -> FindingsPage:
    """The list of one design, filtered; a constant number of queries. `design.course` must be loaded."""
    state = state if state in STATES else OPEN
    ground = ground if ground in CLASSES else ""
    plan = plan_of(design)
    findings = tuple(findings_about(design, plan, weigh(plan)))
    hints = hints_of(findings, read_answers(design.course.answered))
    chosen = {
        OPEN: (*hints.first, *hints.others),
        ANSWERED: hints.answered,
        KEPT: hints.kept,
        SILENT: hints.silent,
        OFF: (),
    }
    off = _off(design)
    comments = {
        key: sum(thread.is_open for thread in threads)
        for (pin, key), threads in threads_of(design).items()
        if pin == "hint"
    }
    by_placement = {activity.placement_id: activity for activity in plan.activities}
    items = {
        hint.rule: Item(
            hint,
            tuple(by_placement[pk] for pk in hint.placement_ids if pk in by_placement),
            comments.get(hint.rule, 0),
            hint.rule in RULE_BY_ID,
        )
        for listed in chosen.values()
        for hint in listed
    }
    groups = tuple(
        Group(_(name), tuple(items[hint.rule] for hint in chosen[state] if hint.evidence == evidence))
        for evidence, name in CLASSES.items()
        if ground in ("", evidence)
    )
    return FindingsPage(
        plan=plan,
        findings=findings,
        hints=hints,
        state=state,
        ground=ground,
        groups=tuple(group for group in groups if group.items),
        items=items,
        off=off,
        counts={**{name: len(found) for name, found in chosen.items()}, OFF: len(off)},
    )


def _off(design: Design) -> tuple[OffRule, ...]:
    with_voice = voice()
    return tuple(
        OffRule(rule, with_voice.translate(RULE_BY_ID[rule].measures), said.get("from", ""), said.get("reason", ""))
        for rule, said in sorted(design.course.framework.get("limits", {}).items())
        if said.get("off") and rule in RULE_BY_ID
    )
