"""Answers with a reason: a course decided otherwise than a rule asks, and the rule rests until something has changed.

An answer was given to one version of a rule's limits, and to one value. It rests the finding as long as both hold: the
question comes back when the limits are others, or when the value has become clearly worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from courses.findings.finding import Finding, State

# As far as half of the way from fine to the outer limit counts as clearly worse; so does a worse state.
CLEARLY = 0.5
_SEVERITY = {State.OK: 0, State.NOT_APPLICABLE: 0, State.NOTE: 1, State.WARN: 2, State.ALERT: 3}


class Again(StrEnum):
    """Why a finding is asked about again."""

    NO = ""
    LIMITS = "limits"  # the rule asks something else now
    WORSE = "worse"  # the value is clearly further off
    REQUIRED = "required"  # it has become a requirement, which a reason does not answer


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a course decided otherwise, and what the finding was then."""

    reason: str
    by: str
    on: str  # the day, as 2026-11-22
    state: str
    size: float
    value: str
    version: int
    design: int

    @property
    def day(self) -> date:
        """The day on which it was given."""
        return date.fromisoformat(self.on)

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the course."""
        return asdict(self)


def read_answers(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
    """The answers that are kept with a course, by rule."""
    return {rule: Answer(**said) for rule, said in stored.items()}


def again(finding: Finding, answer: Answer) -> Again:
    """Whether a finding is asked about again although it was answered, and why."""
    if not finding.answerable:
        return Again.REQUIRED
    if finding.version != answer.version:
        return Again.LIMITS
    if _SEVERITY[finding.state] > _SEVERITY[State(answer.state)] or finding.size >= answer.size + CLEARLY:
        return Again.WORSE
    return Again.NO


def is_settled(finding: Finding, answers: Mapping[str, Answer]) -> bool:
    """Whether an answer rests it."""
    answer = answers.get(finding.rule)
    return answer is not None and speaks(finding) and again(finding, answer) is Again.NO


def speaks(finding: Finding) -> bool:
    """Whether a finding says something that can be answered: a broken rule, or a note."""
    return finding.state in (State.NOTE, State.WARN, State.ALERT)


def unsettled(findings: Iterable[Finding], answers: Mapping[str, Answer]) -> tuple[Finding, ...]:
    """The findings that no answer rests."""
    return tuple(finding for finding in findings if not is_settled(finding, answers))
