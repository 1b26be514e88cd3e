"""What policy says elsewhere: findings about a design in the Studio and the review, a ceiling for a programme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.balance import loads_of
from courses.findings import Evidence, Finding, State, Strength
from courses.findings import Unit as Counted
from courses.words import Param, Series, gettext_noop
from institution.models import PolicyRule
from institution.policy import AT_MOST, Result, Scale, Verdict, could_change, judge, over_full_weeks, shown
from institution.queries import approved_under, rules_over
from institution.words import source_of
from programmes.ceilings import Ceiling

if TYPE_CHECKING:
    from uuid import UUID

    from courses.balance import Balance
    from courses.facts import Plan
    from courses.models import Design
    from programmes.models import Programme

NAMED_AT_MOST = 3
_COUNTED_IN = {
    Scale.PERCENT: Counted.PERCENT,
    Scale.COUNT: Counted.COUNT,
    Scale.DAYS: Counted.COUNT,
    Scale.HOURS: Counted.MINUTES,
}


def policy_findings(design: Design, plan: Plan, balance: Balance) -> Iterable[Finding]:
    """What each rule in force says of a design; one query, two for a design that was approved."""
    course = design.course
    rules = list(rules_over(course.unit.path, on=timezone.localdate(), course_credits=course.credits))
    if not rules:
        return []
    loads = loads_of(plan, balance)
    approved: dict[UUID, PolicyRule] | None = None
    if design.approved_at is not None:
        approved = approved_under(rules, on=timezone.localdate(design.approved_at))
    return [_finding(rule, judge(rule.demand, loads, course.credits), plan, approved) for rule in rules]


def policy_ceiling(programme: Programme, on: date) -> Ceiling | None:
    """The strictest rule about the hours of a week; one for courses of some size says nothing about parallel ones."""
    rules = rules_over(programme.unit.path, on=on).filter(
        metric=PolicyRule.Metric.WEEK_HOURS, bound=AT_MOST, credits_from__isnull=True, credits_to__isnull=True
    )
    rule = rules.order_by("limit", "pk").first()
    if rule is None:
        return None
    return Ceiling(
        int(rule.demand.bar),
        _("by policy: %(title)s") % {"title": rule.title},
        reverse("institution:rule", args=[rule.pk]),
    )


def _finding(rule: PolicyRule, verdict: Verdict, plan: Plan, approved: dict[UUID, PolicyRule] | None) -> Finding:
    demand = rule.demand
    threshold, limit = (
        (gettext_noop("at most {ok_to}"), "ok_to")
        if demand.bound == AT_MOST
        else (gettext_noop("at least {ok_from}"), "ok_from")
    )
    params: dict[str, Param] = {"title": rule.title, limit: shown(demand, verdict.limit)}
    if verdict.value is not None:
        params["value"] = shown(demand, verdict.value)
    placement_ids = could_change(demand, verdict, plan)
    advice = _advice(verdict, placement_ids, plan, params)
    if approved is not None and not advice:
        advice = _note_on_approval(rule, approved, params)
    gap = abs(verdict.value - verdict.limit) if verdict.value is not None and verdict.is_broken else 0
    return Finding(
        rule=f"policy-{rule.series.hex}",
        name="policy",
        measures=_plain(rule.title),
        state=_state(rule, verdict),
        value=float(verdict.value) if verdict.value is not None else None,
        unit=_COUNTED_IN[demand.scale],
        threshold=threshold,
        headline=_headline(verdict),
        advice=advice,
        why=_plain(rule.reason) or gettext_noop("The institution has agreed on this rule."),
        evidence=Evidence.NORM,
        strength=Strength.PLAIN,
        source=_plain(source_of(rule)),
        params=params,
        placement_ids=placement_ids,
        weeks=over_full_weeks(demand, verdict, plan),
        size=float(gap / (verdict.limit or 1)),
        version=rule.version,
        answerable=rule.force != PolicyRule.Force.REQUIRED,
    )


def _state(rule: PolicyRule, verdict: Verdict) -> State:
    if verdict.result is Result.UNJUDGED:
        return State.NOT_APPLICABLE
    if not verdict.is_broken:
        return State.OK
    return State.ALERT if rule.force == PolicyRule.Force.REQUIRED else State.WARN


def _headline(verdict: Verdict) -> str:
    return {
        Result.BROKEN: gettext_noop("{title}: {value} now"),
        Result.CLOSE: gettext_noop("{title}: {value} now, close to the limit"),
        Result.KEPT: gettext_noop("{title}: {value}"),
        Result.UNJUDGED: gettext_noop("{title}: nothing to judge yet"),
    }[verdict.result]


def _advice(verdict: Verdict, placement_ids: tuple[int, ...], plan: Plan, params: dict[str, Param]) -> str:
    if verdict.missing is None:
        return ""
    params["missing"] = verdict.missing
    if not placement_ids:
        return gettext_noop("It takes {missing}.")
    titles = {activity.placement_id: activity.title for activity in plan.activities}
    params["activities"] = Series(tuple(titles[pk] for pk in placement_ids[:NAMED_AT_MOST]))
    return gettext_noop("It takes {missing}. Could change: {activities}.")


def _note_on_approval(rule: PolicyRule, approved: dict[UUID, PolicyRule], params: dict[str, Param]) -> str:
    earlier = approved.get(rule.series)
    if earlier is None:
        return gettext_noop("The design was approved before this rule held.")
    if earlier.version == rule.version:
        return ""
    params["approved"] = earlier.version
    return gettext_noop("The design was approved under version {approved} of this rule.")


def _plain(text: str) -> str:
    """Text of an administrator that will stand where a template stands: braces would be taken for places to fill."""
    return text.replace("{", "(").replace("}", ")")
