"""What a plan still lacks, in a few words each, with the cards concerned: the chips above the board.

Nothing is judged here a second time: what a rule says is taken from its finding, the rest is counted in the plan. Our
own inference is only which of it deserves a chip (a gap that somebody can close by opening the cards concerned).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from courses.alignment import align
from courses.words import Param, Series, gettext_noop

if TYPE_CHECKING:
    from courses.balance import Balance
    from courses.facts import Plan
    from courses.findings import Finding

NAMED_AT_MOST = 2  # outcomes; more are counted
# A student who hears nothing for longer than two teaching weeks has no way to know whether the work is right (a rule of
# thumb of this product, close to the review rule on the longest stretch without contact).
WEEKS_WITHOUT_FEEDBACK = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing. `key` stands in the address; `rule` is the finding that says more, if there is one."""

    key: str
    headline: str
    placement_ids: tuple[int, ...]
    params: Mapping[str, Param] = field(default_factory=dict)
    rule: str = ""


def gaps_of(
    plan: Plan, balance: Balance, findings: Iterable[Finding] = (), *, unbuilt: Collection[int] = ()
) -> tuple[Gap, ...]:
    """What is missing, easiest to mend first. `unbuilt` are the placements that students could not do yet."""
    gaps = [*_minutes(balance), *_outcomes(plan), *_feedback(plan), *_policy(findings), *_built(plan, unbuilt)]
    return tuple(gaps)


def _minutes(balance: Balance) -> Iterable[Gap]:
    if balance.unestimated:
        count: dict[str, Param] = {"count": len(balance.unestimated)}
        yield Gap("minutes", gettext_noop("{count} without minutes"), balance.unestimated, count, "C42")


def _outcomes(plan: Plan) -> Iterable[Gap]:
    if not plan.placed:
        return
    rows = align(plan).rows
    for key, missing, one, more in (
        (
            "assessed",
            [row for row in rows if not row.is_assessed],
            gettext_noop("Outcome {outcomes} never assessed"),
            gettext_noop("{count} outcomes never assessed"),
        ),
        (
            "practised",
            [row for row in rows if not row.is_practised],
            gettext_noop("Outcome {outcomes} never practised"),
            gettext_noop("{count} outcomes never practised"),
        ),
    ):
        if not missing:
            continue
        numbers = Series(tuple(row.outcome.number for row in missing))
        concerned = dict.fromkeys(pk for row in missing for pk in (*row.practised_by, *row.assessed_by))
        yield Gap(
            key,
            one if len(missing) <= NAMED_AT_MOST else more,
            tuple(concerned),
            {"outcomes": numbers, "count": len(missing)},
            "C13",
        )


def _feedback(plan: Plan) -> Iterable[Gap]:
    """Whether students wait long for the first word on their work."""
    if not plan.placed:
        return
    weeks = [week.number for week in plan.teaching_weeks]
    told = sorted(activity.week for activity in plan.placed if activity.feedback_by != "none" and activity.week)
    first = told[0] if told else None
    silent = [number for number in weeks if first is None or number < first]
    if len(silent) <= WEEKS_WITHOUT_FEEDBACK:
        return
    concerned = tuple(activity.placement_id for activity in plan.placed if activity.week in silent)
    if first is None:
        yield Gap("feedback", gettext_noop("No feedback planned"), concerned)
    else:
        yield Gap("feedback", gettext_noop("No feedback before week {week}"), concerned, {"week": first})


def _policy(findings: Iterable[Finding]) -> Iterable[Gap]:
    judged = [finding for finding in findings if finding.name == "policy" and finding.state != "not_applicable"]
    broken = [finding for finding in judged if finding.is_broken]
    if not broken:
        return
    concerned = dict.fromkeys(pk for finding in broken for pk in finding.placement_ids)
    said: dict[str, Param] = {"count": len(broken), "all": len(judged)}
    headline = gettext_noop("Policy: {count} of {all} not met")
    yield Gap("policy", headline, tuple(concerned), said, broken[0].rule)


def _built(plan: Plan, unbuilt: Collection[int]) -> Iterable[Gap]:
    missing = tuple(activity.placement_id for activity in plan.placed if activity.placement_id in unbuilt)
    if missing:
        yield Gap("built", gettext_noop("{count} planned, not built"), missing, {"count": len(missing)})
