"""The versions of a course, and any two of them side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from activities import registry
from courses.balance import weigh
from courses.changes import difference
from courses.facts import MOMENTS
from courses.findings import RULE_BY_ID, State
from courses.models import Design, ReviewRequest, Run
from courses.queries.differences import lines_of, rows_of
from courses.queries.plan import plans_of
from courses.smallness import Never, Smallness, smallness
from courses.sources import findings_about
from courses.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from courses.changes import Changes
    from courses.facts import Plan, PlannedActivity
    from courses.findings import Finding
    from courses.models import Course
    from courses.queries.differences import BalanceRow, ChangedLine
    from courses.spoken import Spoken

_WORTH = {State.NOTE, State.WARN, State.ALERT}
_ORDER = {State.OK: 0, State.NOT_APPLICABLE: 0, State.NOTE: 1, State.WARN: 2, State.ALERT: 3}


# --- The list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list: how it came to be, who approved it under which policy, who follows it."""

    design: Design
    approval: ReviewRequest | None
    policies: tuple[str, ...]
    runs: tuple[Run, ...]

    @property
    def is_recorded(self) -> bool:
        """Whether it was written down which rules were in force when it was approved."""
        return self.approval is not None and "findings" in self.approval.judged

    @property
    def is_small(self) -> bool:
        """Whether its lecturers published it as a small change."""
        return self.approval is not None and self.approval.small


@dataclass(frozen=True, slots=True)
class VersionList:
    """All versions, newest first, and the two that are compared unless somebody chooses others."""

    lines: list[VersionLine]

    @property
    def working(self) -> Design | None:
        """The draft, or the version that is being reviewed: there is only one at a time."""
        states = {Design.State.DRAFT, Design.State.IN_REVIEW}
        return next((line.design for line in self.lines if line.design.state in states), None)

    @property
    def new_number(self) -> int:
        """The newest version."""
        return self.lines[0].design.number

    @property
    def old_number(self) -> int:
        """The last approved version before it, or the one before it."""
        earlier = self.lines[1:]
        approved = next((line for line in earlier if line.design.approved_at), None)
        return (approved or (earlier or self.lines)[0]).design.number


def version_lines(course: Course) -> list[VersionLine]:
    """The versions of a course, newest first; three queries whatever their number."""
    designs = Design.objects.filter(course=course).select_related("changed_by", "approved_by", "based_on")
    requests = ReviewRequest.objects.filter(design__course=course, state=ReviewRequest.State.APPROVED)
    approvals = {asked.design_id: asked for asked in requests.order_by("decided_at")}
    runs: dict[int, list[Run]] = defaultdict(list)
    for run in Run.objects.filter(course=course).select_related("cohort").order_by("-starts_on", "pk"):
        runs[run.design_id].append(run)
    return [
        VersionLine(
            design=design,
            approval=approvals.get(design.pk),
            policies=policies_of(approvals.get(design.pk)),
            runs=tuple(runs[design.pk]),
        )
        for design in designs.order_by("-number")
    ]


def policies_of(asked: ReviewRequest | None) -> tuple[str, ...]:
    """The policies, each with its version, that were in force when this was decided."""
    if asked is None:
        return ()
    judged = asked.judged.get("findings", [])
    return tuple(dict.fromkeys(each["source"] for each in judged if each.get("source")))


# --- Two versions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MarkedCard:
    """A card on the board of a comparison. `mark` is added, gone, moved, changed or empty."""

    activity: PlannedActivity
    icon: str
    type_label: str
    mark: str
    word: str


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A week on the board of a comparison."""

    name: str
    title: str
    cells: tuple[tuple[MarkedCard, ...], ...]  # before, together, after


class Comparison:
    """What differs between two versions, in words and as marks on a board."""

    def __init__(self, old: Design, new: Design) -> None:
        self.old, self.new = old, new
        self.old_plan, self.new_plan = plans_of(old, new) if old != new else plans_of(old) * 2

    @cached_property
    def changes(self) -> Changes:
        return difference(self.old_plan, self.new_plan)

    @property
    def lines(self) -> list[ChangedLine]:
        return lines_of(self.changes)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(mark, word, how many) of what happened to cards."""
        changes = self.changes
        numbers = (len(changes.added), len(changes.gone), len(changes.moved), len(changes.changed))
        return [(mark, word, number) for (mark, word), number in zip(mark_words().items(), numbers, strict=True)]

    @cached_property
    def balance(self) -> list[BalanceRow]:
        return rows_of(self.changes.balance)

    @cached_property
    def _findings(self) -> tuple[list[Finding], list[Finding]]:
        # Both under today's rules, as the newer version meets them: what differs is the design, not the rule.
        old = findings_about(self.new, self.old_plan, weigh(self.old_plan))
        return old, findings_about(self.new, self.new_plan, weigh(self.new_plan))

    @property
    def appeared(self) -> list[Spoken]:
        """What is worth a look now and was not, or is worse than it was."""
        return _worse(*self._findings)

    @property
    def went(self) -> list[Spoken]:
        """What was worth a look and is not any more, or is better than it was; as it stood."""
        old, new = self._findings
        return _worse(new, old)

    @cached_property
    def board(self) -> list[MarkedRow]:
        """The new board with its marks; what is gone stands where it stood."""
        marks, words = self.changes.marks(), mark_words()
        placed = {week.key or str(week.number): week.number for week in self.new_plan.weeks}
        cells: dict[tuple[int | None, str], list[MarkedCard]] = defaultdict(list)
        for activity in (*self.new_plan.placed, *self.new_plan.shelf):
            mark = marks.get(activity.key, "")
            cells[activity.week, activity.moment].append(_marked(activity, mark, words.get(mark, "")))
        stood = {week.number: placed.get(week.key or str(week.number)) for week in self.old_plan.weeks}
        lost: list[MarkedCard] = []
        for activity in self.changes.gone:
            card = _marked(activity, "gone", words["gone"])
            number = stood.get(activity.week) if activity.week is not None else None
            if activity.week is not None and number is None:
                lost.append(card)
            else:
                cells[number, activity.moment].append(card)
        rows = [
            MarkedRow(
                _("Week %(number)s") % {"number": week.number},
                week.title,
                tuple(tuple(cells.get((week.number, moment), ())) for moment in MOMENTS),
            )
            for week in self.new_plan.weeks
        ]
        shelf = [card for moment in MOMENTS for card in cells.get((None, moment), ())]
        if shelf:
            rows.append(MarkedRow(_("Shelf"), "", (tuple(shelf), (), ())))
        if lost:
            rows.append(MarkedRow(_("In weeks that are gone"), "", (tuple(lost), (), ())))
        return rows


def mark_words() -> dict[str, str]:
    """What the marks on a board are called."""
    return {"added": _("Added"), "gone": _("Gone"), "moved": _("Moved"), "changed": _("Changed")}


def _marked(activity: PlannedActivity, mark: str, word: str) -> MarkedCard:
    try:
        known = registry.get(activity.type_key)
        icon, label = known.icon, str(known.label)
    except registry.UnknownType:
        icon, label = "circle-question-mark", _("Unknown type")
    return MarkedCard(activity, icon, label, mark, word)


def _worse(before: Iterable[Finding], after: Iterable[Finding]) -> list[Spoken]:
    was = {finding.rule: finding.state for finding in before}
    found = [f for f in after if f.state in _WORTH and _ORDER[f.state] > _ORDER[was.get(f.rule, State.OK)]]
    return [spoken(finding) for finding in sorted(found, key=lambda finding: finding.rank)]


# --- Small changes ----------------------------------------------------------------------------------------------------


def smallness_of(design: Design, before: Plan, after: Plan, changes: Changes, findings: Iterable[Finding]) -> Smallness:
    """Whether the change from the approved version to this draft is small; `findings` are those of the draft."""
    old = findings_about(design, before, weigh(before))
    was, now = _requirements_broken(old), _requirements_broken(findings)
    return smallness(
        before,
        after,
        changes,
        allowed_percent=int(design.course.framework.get("small_change", 0) or 0),
        flipped=sorted(name for rule, name in {**was, **now}.items() if (rule in was) != (rule in now)),
    )


def _requirements_broken(findings: Iterable[Finding]) -> dict[str, str]:
    # The built-in rules are hints, however far outside of their band a design is; requirements come from elsewhere.
    return {f.rule: f.measures for f in findings if f.state is State.ALERT and f.rule not in RULE_BY_ID}


def blockers_said(small: Smallness) -> list[str]:
    """Why a change is not small, in sentences."""
    words = {
        Never.NOTHING_ALLOWED: _("Here every change is approved."),
        Never.NOTHING_APPROVED: _("No version with any time in it was approved yet."),
        Never.COURSE: _("The course itself changed."),
        Never.ASSESSMENT: _("Assessment changes: %(about)s"),
        Never.OUTCOMES: _("Outcomes change: %(about)s"),
        Never.REQUIREMENT: _("A requirement is met or broken by it: %(about)s"),
        Never.UNESTIMATED: _("Without minutes nobody knows how large it is: %(about)s"),
    }
    grouped: dict[Never, list[str]] = defaultdict(list)
    for blocker in small.blockers:
        grouped[blocker.why].append(blocker.about)
    return [words[why] % {"about": ", ".join(about)} for why, about in grouped.items()]
