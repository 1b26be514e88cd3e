"""The review of a design: each rule of the table judges a plan and says what it found.

`judge` gives one finding per rule, kept rules included; `first_three` chooses what to show first; `kept` are the green
ticks. Limits come from `RuleSettings`, so that an institution, a programme or a course may set its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from courses.balance import Balance, weigh
from courses.facts import Plan
from courses.findings import (
    access,
    assessing,
    blend,
    feedback,
    learning,
    materials,
    memory,
    outcomes,
    rhythm,
    running,
    sequences,
    together,
    tools,
)
from courses.findings.answering import Again, Answer, again, is_settled, read_answers, speaks, unsettled
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

_MODULES = (
    rhythm,
    blend,
    learning,
    outcomes,
    memory,
    sequences,
    tools,
    materials,
    feedback,
    assessing,
    together,
    access,
    running,
)
RULES: tuple[Rule, ...] = tuple(sorted((rule for module in _MODULES for rule in module.RULES), key=lambda r: r.id))
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


def settings_in(framework: Mapping[str, Any]) -> RuleSettings:
    """The limits that hold for a course, as `Course.framework["limits"]` keeps them.

    Limits were checked when they were set. One that cannot be read any more, because its rule is another now, counts as
    not set: a design is judged in any case.
    """
    bands: dict[str, Band] = {}
    off: set[str] = set()
    versions: dict[str, int] = {}
    set_by: dict[str, str] = {}
    for rule_id, said in framework.get("limits", {}).items():
        if rule_id not in RULE_BY_ID:
            continue
        versions[rule_id] = said.get("version", 0)
        limits = {name: said[name] for name in ("ok", "warn") if name in said}
        try:
            band = RULE_BY_ID[rule_id].band.revised(limits)
        except BadBand:
            continue
        if limits:
            bands[rule_id] = band
            set_by[rule_id] = said.get("from", "")
        if said.get("off"):
            off.add(rule_id)
    return RuleSettings(bands=bands, switched_off=frozenset(off), versions=versions, set_by=set_by)


__all__ = [
    "AT_ONCE",
    "GROUNDS",
    "RULES",
    "RULE_BY_ID",
    "Again",
    "Answer",
    "BadBand",
    "Band",
    "Evidence",
    "Finding",
    "Rule",
    "RuleSettings",
    "State",
    "Strength",
    "Unit",
    "again",
    "first_three",
    "is_settled",
    "judge",
    "kept",
    "read_answers",
    "settings_from",
    "settings_in",
    "speaks",
    "unsettled",
]
