"""Who has something to say about a design. Higher apps register here; this app knows neither their number nor names.

A source is a function of design, plan and balance that gives findings. `courses` registers its own rules; the
institution's policy registers in its AppConfig.ready.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from courses.findings import Evidence, Finding, State, Strength, Unit, judge, settings_in
from courses.words import Word, gettext_noop

if TYPE_CHECKING:
    from courses.balance import Balance
    from courses.facts import Plan
    from courses.models import Course, Design

logger = logging.getLogger(__name__)

Source = Callable[["Design", "Plan", "Balance"], Iterable[Finding]]
_sources: dict[str, tuple[Source, str]] = {}


@dataclass(frozen=True, slots=True)
class Layer:
    """Limits of a review rule as somebody has set them. The higher `rank`, the nearer to the course: nearer wins."""

    kind: str  # unit, programme or course
    owner: int
    name: str
    rank: int
    rule: str
    band: Mapping[str, Any]  # Any: as courses.findings reads it
    off: bool = False
    reason: str = ""


# Ranks: a unit has the depth of its place, which is less; a programme is nearer than any unit, a course nearest.
PROGRAMME_RANK, COURSE_RANK = 1000, 2000

LimitSource = Callable[[Collection["Course"]], Iterable[tuple[int, Layer]]]
_limit_sources: dict[str, LimitSource] = {}


def register_limits(source: LimitSource) -> LimitSource:
    """Ask this source for the limits that it sets for courses, as pairs of a course's key and a layer."""
    _limit_sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def layers_elsewhere(courses: Collection[Course]) -> Iterable[tuple[int, Layer]]:
    """The limits that other apps set for these courses."""
    for source in _limit_sources.values():
        yield from source(courses)


def register(source: Source, *, name: str = "") -> Source:
    """Ask this source about every design from now on; registering it again changes nothing.

    `name` (marked for translation) is shown when the source fails: "Policy could not be checked just now".
    """
    _sources[f"{source.__module__}.{source.__qualname__}"] = (source, name or source.__name__)
    return source


def findings_about(design: Design, plan: Plan, balance: Balance) -> list[Finding]:
    """What every source finds. One that fails is logged and named among the findings; the others still speak."""
    findings: list[Finding] = []
    for key, (source, name) in _sources.items():
        try:
            findings.extend(source(design, plan, balance))
        except Exception:
            # A source of another app never takes the Studio with it, whatever it does.
            logger.exception("The source %s failed for design %s.", key, design.pk)
            findings.append(_failed(key, name))
    return findings


def _failed(key: str, name: str) -> Finding:
    return Finding(
        rule=f"source-{key.replace('.', '-')}"[:80],
        name=name,
        measures="",
        state=State.NOTE,
        value=None,
        unit=Unit.COUNT,
        threshold="",
        headline=gettext_noop("{source} could not be checked just now"),
        advice=gettext_noop("Everything else on this page is complete. Reload it to try again."),
        why=gettext_noop("The check itself failed, and this was written to the log; your design is not the cause."),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source="",
        params={"source": Word(name)},
        answerable=False,
    )


def rules_of_courses(design: Design, plan: Plan, balance: Balance) -> Iterable[Finding]:
    """The built-in rules for courses."""
    return judge(plan, settings_in(design.course.framework), balance=balance)


register(rules_of_courses, name=gettext_noop("Review rules"))
