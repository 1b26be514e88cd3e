"""What a reviewer reads: the difference to the approved version, the plan with its comments, the hints."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext

from activities import registry
from activities.models import (
    Assessment,
    Environment,
    FeedbackBy,
    Grouping,
    Guidance,
    LearningType,
    Place,
    Timing,
)
from blendedu.kit.minutes import format_minutes
from blendedu.kit.numbers import number_in
from courses.balance import weigh
from courses.changes import FIELDS, difference
from courses.facts import MOMENTS
from courses.models import Comment, Design, Placement, ReviewRequest
from courses.queries.plan import plans_of
from courses.sources import findings_about
from courses.spoken import Hints, hints_of

if TYPE_CHECKING:
    from courses.changes import Changes, Spot, Value
    from courses.facts import Plan, PlannedActivity
    from courses.findings import Finding


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with what was answered."""

    first: Comment
    replies: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None


Threads = dict[tuple[str, str], tuple[Thread, ...]]


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
    title: str
    minutes: int
    moments: tuple[tuple[str, tuple[Card, ...]], ...]
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One difference in words."""

    what: str  # added, gone, moved, changed
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A value before and after, for the table."""

    dimension: str
    value: str
    before: str
    after: str
    before_percent: int
    after_percent: int
    differs: bool


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
    lost: tuple[Thread, ...]  # pinned to activities that are not in this version any more
    open_count: int


def threads_of(design: Design) -> Threads:
    """The threads of a course by pin; comments follow their activity from version to version. One query."""
    rows = Comment.objects.filter(course=design.course).select_related("author", "resolved_by", "design")
    replies: dict[int, list[Comment]] = defaultdict(list)
    firsts: list[Comment] = []
    for comment in rows.order_by("created_at", "pk"):
        if comment.parent_id is None:
            firsts.append(comment)
        else:
            replies[comment.parent_id].append(comment)
    threads: dict[tuple[str, str], list[Thread]] = defaultdict(list)
    for first in firsts:
        threads[first.pin, first.pin_key].append(Thread(first, tuple(replies[first.pk])))
    return {pin: tuple(found) for pin, found in threads.items()}


def open_comments(design: Design) -> int:
    """How many threads of the course are not settled."""
    return Comment.objects.filter(course=design.course, parent__isnull=True, resolved_at__isnull=True).count()


def requests_of(design: Design) -> list[ReviewRequest]:
    """The requests for review of the course, newest first, with who asked and who answered."""
    rows = ReviewRequest.objects.filter(design__course=design.course)
    return list(rows.select_related("design", "asked_by", "decided_by").order_by("-asked_at")[:20])


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
    keys = {activity.key for activity in plan.activities}
    totals = {week.number: week.minutes for week in balance.weeks}
    return ReviewPage(
        plan=plan,
        weeks=tuple(
            WeekRow(
                number=week.number,
                title=week.title,
                minutes=totals.get(week.number, 0),
                moments=tuple(
                    (moment, tuple(_card(a, marks, threads) for a in plan.activities_in(week.number, moment)))
                    for moment in MOMENTS
                ),
                threads=threads.get(("week", str(week.number)), ()),
            )
            for week in plan.weeks
        ),
        earlier=earlier,
        lines=tuple(_lines(changes)) if changes else (),
        balance=tuple(_rows(changes)) if changes else (),
        hints=hints_of(findings),
        findings=findings,
        hint_threads={pin: found for pin, found in threads.items() if pin[0] == "hint"},
        general=threads.get(("design", ""), ()),
        lost=tuple(
            thread
            for (pin, key), found in threads.items()
            for thread in found
            if pin == "activity" and key not in keys and thread.is_open
        ),
        open_count=sum(thread.is_open for found in threads.values() for thread in found),
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
        number = number_in(key)
        return number is not None and str(number) == key and design.weeks.filter(number=number).exists()
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


_CHOICES: dict[str, dict[str, object]] = {
    "learning_type": dict(LearningType.choices),
    "second_type": dict(LearningType.choices),
    "timing": dict(Timing.choices),
    "place": dict(Place.choices),
    "environment": dict(Environment.choices),
    "grouping": dict(Grouping.choices),
    "guidance": dict(Guidance.choices),
    "assessment": dict(Assessment.choices),
    "feedback_by": dict(FeedbackBy.choices),
}
COMPARED = ("total", "environment", "timing", "learning_type", "grouping", "week")


def _lines(changes: Changes) -> list[ChangedLine]:
    lines = [ChangedLine("added", a.title, _spot(a.week, a.moment)) for a in changes.added]
    lines += [ChangedLine("gone", a.title, _spot(a.week, a.moment)) for a in changes.gone]
    lines += [
        ChangedLine("moved", moved.activity.title, f"{_at(moved.old)} → {_at(moved.new)}") for moved in changes.moved
    ]
    lines += [
        ChangedLine(
            "changed",
            changed.activity.title,
            "; ".join(
                f"{gettext(FIELDS[field.field])}: {_shown(field.field, field.old)} → {_shown(field.field, field.new)}"
                if field.field != "content"
                else gettext(FIELDS["content"])
                for field in changed.fields
            ),
        )
        for changed in changes.changed
    ]
    lines += [
        ChangedLine(
            "changed",
            gettext("Week %d") % week.number,
            f"{week.old or gettext('none')} → {week.new or gettext('none')}",
        )
        for week in changes.weeks
    ]
    lines += [
        ChangedLine("changed", f"LO{one.number}", f"{one.old or gettext('none')} → {one.new or gettext('none')}")
        for one in changes.outcomes
    ]
    return lines


def _at(spot: Spot) -> str:
    return _spot(spot.week, spot.moment)


def _spot(week: int | None, moment: str) -> str:
    if week is None:
        return gettext("on the shelf")
    word = str(Placement.Moment(moment).label).lower()
    return gettext("week %(week)s, %(moment)s") % {"week": week, "moment": word}


def _shown(field: str, value: Value) -> str:
    if value in (None, ""):
        return gettext("none")
    if field == "minutes" and isinstance(value, int):
        return format_minutes(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, tuple):
        return ", ".join(f"LO{number}" for number in value) or gettext("none")
    return str(_CHOICES.get(field, {}).get(str(value), value))


def _rows(changes: Changes) -> list[BalanceRow]:
    rows = []
    for row in changes.balance:
        if row.dimension not in COMPARED:
            continue
        words = _CHOICES.get(row.dimension, {})
        value = str(words.get(row.value, row.value))
        if row.dimension == "week":
            value = gettext("Week %s") % row.value
        if row.dimension == "total":
            value = pgettext("sum of all activities", "Total")
        rows.append(
            BalanceRow(
                dimension=row.dimension,
                value=value,
                before=format_minutes(row.before_minutes),
                after=format_minutes(row.after_minutes),
                before_percent=row.before_percent,
                after_percent=row.after_percent,
                differs=row.difference != 0,
            )
        )
    return rows
