"""Findings in the reader's language, ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext

from blendedu.kit.minutes import format_minutes
from courses.findings import RULE_BY_ID, Finding, State, first_three, kept
from courses.words import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def _tone(finding: Finding) -> str:
    # Red is for requirements. The built-in rules are hints, however far outside of their band a design is.
    if finding.state is State.ALERT and finding.rule in RULE_BY_ID:
        return TONES[State.WARN]
    return TONES.get(finding.state, "accent")


def spoken(finding: Finding, said_by: Voice | None = None) -> Spoken:
    """One finding in the reader's language."""
    with_voice = said_by or voice()
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
    )


@dataclass(frozen=True, slots=True)
class Hints:
    """What a page shows of the findings: at most three first, the rest one click away, and what is kept."""

    first: tuple[Spoken, ...]
    others: tuple[Spoken, ...]
    kept: tuple[Spoken, ...]

    @property
    def count(self) -> int:
        return len(self.first) + len(self.others)


def hints_of(findings: Iterable[Finding]) -> Hints:
    """Sort and say the findings about a design."""
    every = list(findings)
    with_voice = voice()
    first = first_three(every)
    worth = sorted((f for f in every if f.state in {State.NOTE, State.WARN, State.ALERT}), key=lambda f: f.rank)
    return Hints(
        first=tuple(spoken(finding, with_voice) for finding in first),
        others=tuple(spoken(finding, with_voice) for finding in worth if finding not in first),
        kept=tuple(spoken(finding, with_voice) for finding in kept(every)),
    )
