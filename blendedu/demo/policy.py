"""The policy of the institution: rules in force, one that only advises, one that is announced."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from institution.models import PolicyRule
from institution.policy import Demand
from institution.services import announce_rule

if TYPE_CHECKING:
    from blendedu.demo.people import People

Metric, Bound, Force = PolicyRule.Metric, PolicyRule.Bound, PolicyRule.Force


@dataclass(frozen=True, slots=True)
class Told:
    """A rule as it is told; `days` counts from the first day of the semester, and below zero before it."""

    key: str
    title: str
    metric: str
    bound: str
    limit: str
    force: str
    reason: str
    days: int
    of: str = ""
    credits_from: str = ""
    credits_to: str = ""
    before: str = ""  # the limit of an earlier version of this rule


RULES = (
    Told(
        "week",
        "At most 24 study hours in any week of a course",
        Metric.WEEK_HOURS,
        Bound.AT_MOST,
        "24",
        Force.REQUIRED,
        "Students take other courses beside this one. Work that piles up is postponed until it cannot be done.",
        -7,
        credits_to="10",
        before="26",
    ),
    Told(
        "captions",
        "Every clip has captions",
        Metric.CAPTIONED_CLIPS,
        Bound.AT_LEAST,
        "100",
        Force.REQUIRED,
        "The law asks for it (WCAG 2.2, 1.2.2), and half of our students watch without sound.",
        -70,
    ),
    Told(
        "feedback",
        "Feedback within 10 working days",
        Metric.FEEDBACK_DAYS,
        Bound.AT_MOST,
        "10",
        Force.REQUIRED,
        "Feedback that comes after the next assignment helps nobody.",
        -70,
    ),
    Told(
        "together",
        "At least 20% of the time together",
        Metric.SYNC_SHARE,
        Bound.AT_LEAST,
        "20",
        Force.ADVISED,
        "Students asked for it in the survey of last spring: they stay for each other.",
        -70,
    ),
    Told(
        "workplace",
        "At least one activity in professional practice",
        Metric.ACTIVITIES_IN_ENVIRONMENT,
        Bound.AT_LEAST,
        "1",
        Force.REQUIRED,
        "Our vision for 2026 to 2030: every course from five credits meets practice.",
        22 * 7,
        of="workplace",
        credits_from="5",
    ),
)


Earlier = Mapping[str, PolicyRule]  # by key, the versions that are to be superseded


def build(people: People, *, now: datetime) -> Earlier:
    """Announce the rules a month before they hold, as an administrator does; of some only the first version."""
    earlier = {}
    for told in RULES:
        if told.before:
            valid_from = _valid_from(told, people) - timedelta(days=63)
            earlier[told.key] = _announce(told, people, told.before, valid_from, now, None)
        else:
            _announce(told, people, told.limit, _valid_from(told, people), now, None)
    return earlier


def renew(people: People, earlier: Earlier, *, now: datetime) -> None:
    """Announce what superseded the first versions, after the designs that were approved under those."""
    for told in RULES:
        if told.before:
            _announce(told, people, told.limit, _valid_from(told, people), now, earlier[told.key])


def _valid_from(told: Told, people: People) -> date:
    return people.terms[0].starts_on + timedelta(days=told.days)


def _announce(
    told: Told, people: People, limit: str, valid_from: date, now: datetime, earlier: PolicyRule | None
) -> PolicyRule:
    demand = Demand(
        told.metric,
        told.bound,
        Decimal(limit),
        told.of,
        Decimal(told.credits_from) if told.credits_from else None,
        Decimal(told.credits_to) if told.credits_to else None,
    )
    a_month_before = datetime.combine(valid_from - timedelta(days=30), time(9), tzinfo=UTC)
    return announce_rule(
        people.units["meridian"],
        title=told.title.replace(told.limit, limit),
        demand=demand,
        force=told.force,
        valid_from=valid_from,
        actor=people["administrator"],
        at=min(now - timedelta(days=2), a_month_before),
        reason=told.reason,
        supersedes=earlier,
        # The same from one build to the next, so that nothing about the world depends on chance.
        series=uuid.uuid5(uuid.NAMESPACE_URL, f"demo-rule:{told.key}"),
    )
