"""Findings in the reader's language, ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext

from blendedu.kit.minutes import format_minutes
from courses.findings import AT_ONCE, RULE_BY_ID, Again, Answer, Finding, State, again, is_settled, kept, speaks
from courses.findings.finding import threshold_of
from courses.words import Quantity, Voice, gettext_noop, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from courses.findings import Band, Rule

TONES = {State.OK: "good", State.NOTE: "accent", State.WARN: "warn", State.ALERT: "bad"}


def _number(value: Decimal) -> str:
    return number_format(value, use_l10n=True)


def voice() -> Voice:
    """The voice of the current language; asked per request, because the language is the request's."""
    return Voice(translate=gettext, number=_number, minutes=format_minutes)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A finding in words."""

    rule: str
    state: str
    tone: str
    headline: str
    advice: str
    why: str
    threshold: str
    ground: str
    source: str
    placement_ids: tuple[int, ...]
    weeks: tuple[int, ...]
    measures: str = ""
    value: str = ""
    evidence: str = ""
    set_by: str = ""  # who set its limits, where they are not those of the table
    answerable: bool = False
    answer: Answer | None = None
    again: str = ""  # why it is asked about again although it was answered


AGAIN = {
    Again.LIMITS: gettext_noop("Answered before, and asked again: the limits of the rule are others now."),
    Again.WORSE: gettext_noop("Answered before, and asked again: it has become clearly worse."),
    Again.REQUIRED: gettext_noop("Answered before, but it is a requirement now: ask for a waiver."),
}


def _tone(finding: Finding) -> str:
    # Red is for requirements. The built-in rules are hints, however far outside of their band a design is.
    if finding.state is State.ALERT and finding.rule in RULE_BY_ID:
        return TONES[State.WARN]
    return TONES.get(finding.state, "accent")


def spoken(finding: Finding, said_by: Voice | None = None, answer: Answer | None = None) -> Spoken:
    """One finding in the reader's language, with what the course answered to it."""
    with_voice = said_by or voice()
    asked_again = again(finding, answer) if answer and speaks(finding) else Again.NO
    return Spoken(
        rule=finding.rule,
        state=finding.state.value,
        tone=_tone(finding),
        headline=finding.say(finding.headline, with_voice),
        advice=finding.say(finding.advice, with_voice) if finding.advice else "",
        why=finding.say(finding.why, with_voice) if finding.why else "",
        threshold=finding.say(finding.threshold, with_voice) if finding.threshold else "",
        ground=gettext(finding.ground),
        source=finding.source,
        placement_ids=finding.placement_ids,
        weeks=finding.weeks,
        measures=finding.say(finding.measures, with_voice) if finding.measures else "",
        value=value_said(finding, with_voice),
        evidence=finding.evidence.value,
        set_by=finding.set_by,
        answerable=finding.answerable and speaks(finding),
        answer=answer,
        again=gettext(AGAIN[asked_again]) if asked_again else "",
    )


def bounds_said(rule: Rule, band: Band, said_by: Voice) -> str:
    """What is fine, in the reader's language: at most 9 min."""
    threshold, limits = threshold_of(band, rule.unit)
    return say(threshold, limits, said_by)


def value_said(finding: Finding, said_by: Voice | None = None) -> str:
    """The value of a finding as its sentence shows it; empty where there is none."""
    value = finding.params.get("value")
    if finding.value is None or value is None:
        return ""
    return value.said(said_by or voice()) if isinstance(value, Quantity) else str(value)


class Hints:
    """What a page shows of the findings: at most three first, the rest one click away, what is kept or answered.

    COST: a sentence is only said where it is shown; every move on the board shows three of more than fifty.
    """

    def __init__(self, findings: Iterable[Finding], answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self._voice = voice()
        every = list(findings)
        speaking = sorted((finding for finding in every if speaks(finding)), key=lambda finding: finding.rank)
        self._open = [finding for finding in speaking if not is_settled(finding, answers)]
        self._answered = [finding for finding in speaking if is_settled(finding, answers)]
        self._kept = kept(every)
        self._silent = [finding for finding in every if finding.state is State.NOT_APPLICABLE]

    def _said(self, findings: Iterable[Finding]) -> tuple[Spoken, ...]:
        return tuple(spoken(finding, self._voice, self._answers.get(finding.rule)) for finding in findings)

    @cached_property
    def first(self) -> tuple[Spoken, ...]:
        """What to look at first."""
        return self._said(self._open[:AT_ONCE])

    @cached_property
    def others(self) -> tuple[Spoken, ...]:
        """What else is worth a look."""
        return self._said(self._open[AT_ONCE:])

    @cached_property
    def answered(self) -> tuple[Spoken, ...]:
        """What the course has answered with a reason."""
        return self._said(self._answered)

    @cached_property
    def kept(self) -> tuple[Spoken, ...]:
        """The rules that the design keeps."""
        return self._said(self._kept)

    @cached_property
    def agreed(self) -> tuple[Spoken, ...]:
        """What is kept of what others have agreed on: policy."""
        return self._said(finding for finding in self._kept if finding.rule not in RULE_BY_ID)

    @cached_property
    def not_agreed(self) -> tuple[Spoken, ...]:
        """What is not kept of policy and is not among the first: nobody should have to look for it."""
        return self._said(finding for finding in self._open[AT_ONCE:] if finding.rule not in RULE_BY_ID)

    @cached_property
    def silent(self) -> tuple[Spoken, ...]:
        """The rules that have nothing to judge yet."""
        return self._said(self._silent)

    @property
    def count(self) -> int:
        return len(self._open)

    @property
    def others_count(self) -> int:
        return max(0, len(self._open) - AT_ONCE)

    @property
    def answered_count(self) -> int:
        return len(self._answered)

    @property
    def kept_count(self) -> int:
        return len(self._kept)

    def about(self, rule: str) -> Spoken | None:
        """What one rule says, unless it has nothing to judge."""
        every = (*self._open, *self._kept, *self._answered)
        return next(iter(self._said(finding for finding in every if finding.rule == rule)), None)


def hints_of(findings: Iterable[Finding], answers: Mapping[str, Answer] | None = None) -> Hints:
    """Sort the findings about a design; what was answered with a reason is kept apart."""
    return Hints(findings, answers or {})
