"""What a reviewer reads: the difference to the approved version, the plan with its comments, the hints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from activities import registry
from courses.balance import weigh
from courses.changes import difference
from courses.facts import MOMENTS
from courses.findings import read_answers
from courses.models import Comment, Design, Placement, ReviewRequest, Week
from courses.queries.differences import BalanceRow, ChangedLine, lines_of, rows_of
from courses.queries.plan import plans_of
from courses.queries.threads import Thread, Threads, threads_of
from courses.queries.versions import blockers_said, smallness_of
from courses.sources import findings_about
from courses.spoken import Hints, hints_of

if TYPE_CHECKING:
    from courses.facts import Plan, PlannedActivity
    from courses.findings import Finding
    from courses.smallness import Smallness


@dataclass(frozen=True, slots=True)
class Card:
    """An activity in the reviewer's list."""

    activity: PlannedActivity
    icon: str
    type_label: str
    mark: str  # added, moved, changed or empty
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week in the reviewer's list, by moment."""

    number: int
    key: str
    title: str
    minutes: int
    low: int
    high: int
    moments: tuple[tuple[str, tuple[Card, ...]], ...]
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything on the review page of a design."""

    plan: Plan
    weeks: tuple[WeekRow, ...]
    earlier: Design | None
    lines: tuple[ChangedLine, ...]
    balance: tuple[BalanceRow, ...]
    hints: Hints
    findings: tuple[Finding, ...]
    hint_threads: Threads
    general: tuple[Thread, ...]
    shelf: tuple[Card, ...]
    lost: tuple[Thread, ...]  # open, on activities, weeks and hints that this version has not
    open_count: int
    small: Smallness | None  # of a draft after an approved version, where the institution lets small changes through

    @property
    def blockers(self) -> list[str]:
        """Why the change is not small, in sentences."""
        return blockers_said(self.small) if self.small else []


def requests_of(design: Design) -> list[ReviewRequest]:
    """The requests for review of the course, newest first, with who asked and who answered."""
    rows = ReviewRequest.objects.filter(design__course=design.course)
    return list(rows.select_related("design", "asked_by", "decided_by").order_by("-asked_at", "-pk")[:20])


def earlier_approved(design: Design) -> Design | None:
    """The approved version before this one."""
    rows = Design.objects.filter(course=design.course, number__lt=design.number, approved_at__isnull=False)
    earlier = rows.order_by("-number").first()
    if earlier is not None:
        earlier.course = design.course
    return earlier


def review_page(design: Design) -> ReviewPage:
    """The page of one design; a constant number of queries. `design.course` must be loaded."""
    earlier = earlier_approved(design)
    plan, *earlier_plan = plans_of(design, earlier) if earlier else plans_of(design)
    changes = difference(earlier_plan[0], plan) if earlier_plan else None
    threads = threads_of(design)
    balance = weigh(plan)
    findings = tuple(findings_about(design, plan, balance))
    marks = changes.marks() if changes else {}
    hints = hints_of(findings, read_answers(design.course.answered))
    shown = {("activity", activity.key) for activity in plan.activities} | {("week", week.key) for week in plan.weeks}
    shown |= {("hint", hint.rule) for hint in (*hints.first, *hints.others, *hints.answered)} | {("design", "")}
    weighed = {week.number: week for week in balance.weeks}
    return ReviewPage(
        plan=plan,
        weeks=tuple(
            WeekRow(
                number=week.number,
                key=week.key,
                title=week.title,
                minutes=weighed[week.number].minutes,
                low=weighed[week.number].low,
                high=weighed[week.number].high,
                moments=tuple(
                    (moment, tuple(_card(a, marks, threads) for a in plan.activities_in(week.number, moment)))
                    for moment in MOMENTS
                ),
                threads=threads.get(("week", week.key), ()),
            )
            for week in plan.weeks
        ),
        earlier=earlier,
        lines=tuple(lines_of(changes)) if changes else (),
        balance=tuple(rows_of(changes.balance)) if changes else (),
        hints=hints,
        findings=findings,
        hint_threads={pin: found for pin, found in threads.items() if pin[0] == "hint"},
        general=threads.get(("design", ""), ()),
        shelf=tuple(_card(activity, marks, threads) for activity in plan.shelf),
        lost=tuple(thread for pin, found in threads.items() for thread in found if pin not in shown and thread.is_open),
        open_count=sum(thread.is_open for found in threads.values() for thread in found),
        small=(
            smallness_of(design, earlier_plan[0], plan, changes, findings)
            if changes and design.is_editable and design.course.framework.get("small_change")
            else None
        ),
    )


def judged(page: ReviewPage, design: Design) -> dict[str, object]:
    """What a decision is based on, to be kept with it: loads, and each finding with its source and version."""
    return {
        "plan_version": page.plan.version,
        "loads": design.load,
        "findings": [
            {"rule": f.rule, "state": f.state.value, "headline": f.say(f.headline), "source": f.source}
            for f in page.findings
            if f.is_broken or f.source
        ],
    }


def pin_exists(design: Design, pin: str, key: str) -> bool:
    """Whether a comment can be pinned there."""
    if pin == Comment.Pin.DESIGN:
        return key == ""
    if pin == Comment.Pin.WEEK:
        return any(str(known) == key for known in Week.objects.filter(design=design).values_list("key", flat=True))
    if pin == Comment.Pin.ACTIVITY:
        return any(str(known) == key for known in Placement.objects.filter(design=design).values_list("key", flat=True))
    return pin == Comment.Pin.HINT and 0 < len(key) <= 40


def _card(activity: PlannedActivity, marks: dict[str, str], threads: Threads) -> Card:
    try:
        known = registry.get(activity.type_key)
        icon, label = known.icon, str(known.label)
    except registry.UnknownType:
        icon, label = "circle-help", gettext("Unknown type")
    return Card(
        activity=activity,
        icon=icon,
        type_label=label,
        mark=marks.get(activity.key, ""),
        threads=threads.get(("activity", activity.key), ()),
    )
