"""The review of a design: each rule of the table judges a plan and says what it found.

`judge` gives one finding per rule, kept rules included; `first_three` chooses what to show first; `kept` are the green
ticks. Limits come from `RuleSettings`, so that an institution, a programme or a course may set its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from courses.balance import Balance, weigh
from courses.facts import Plan
from courses.findings import blend, learning, materials, outcomes, rhythm
from courses.findings.finding import (
    GROUNDS,
    BadBand,
    Band,
    Case,
    Evidence,
    Finding,
    Rule,
    RuleSettings,
    State,
    Strength,
    Unit,
)

RULES: tuple[Rule, ...] = (
    *rhythm.RULES,
    *blend.RULES,
    *learning.RULES,
    *outcomes.RULES,
    *blend.VARIETY_RULES,
    *materials.RULES,
)
RULE_BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
AT_ONCE = 3


def judge(plan: Plan, settings: RuleSettings | None = None, *, balance: Balance | None = None) -> tuple[Finding, ...]:
    """Judge a plan by every rule, in the order of the table; a `balance` already weighed saves weighing again."""
    settings = settings or RuleSettings()
    case = Case(plan, balance or weigh(plan), settings)
    return tuple(rule.judge(rule, case) for rule in RULES if rule.id not in settings.switched_off)


def first_three(findings: Iterable[Finding], limit: int = AT_ONCE) -> tuple[Finding, ...]:
    """What to show first: broken rules before notes, firm ground before loose, far from the limit before near."""
    speaking = (finding for finding in findings if finding.is_broken or finding.state is State.NOTE)
    return tuple(sorted(speaking, key=lambda finding: finding.rank)[:limit])


def kept(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The rules that this plan keeps, for the green ticks."""
    return tuple(finding for finding in findings if finding.state is State.OK)


def settings_from(stored: Mapping[str, Mapping[str, Any]], switched_off: Iterable[str] = ()) -> RuleSettings:
    """Read limits as an institution stores them: `{"C02": {"ok": [null, 1.4]}}`; unknown rules and nonsense refused."""
    off = frozenset(switched_off)
    for rule_id in (*stored, *off):
        if rule_id not in RULE_BY_ID:
            raise BadBand(f"there is no rule {rule_id!r}")
    bands = {rule_id: RULE_BY_ID[rule_id].band.revised(limits) for rule_id, limits in stored.items()}
    return RuleSettings(bands=bands, switched_off=off)


__all__ = [
    "AT_ONCE",
    "GROUNDS",
    "RULES",
    "RULE_BY_ID",
    "BadBand",
    "Band",
    "Evidence",
    "Finding",
    "Rule",
    "RuleSettings",
    "State",
    "Strength",
    "Unit",
    "first_three",
    "judge",
    "kept",
    "settings_from",
]
