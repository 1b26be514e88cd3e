"""Who has something to say about a design. Higher apps register here; this app knows neither their number nor names.

A source is a function of design, plan and balance that gives findings. `courses` registers its own rules; the
institution's policy registers in its AppConfig.ready.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from courses.findings import Evidence, Finding, State, Strength, Unit, judge
from courses.words import Word, gettext_noop

if TYPE_CHECKING:
    from courses.balance import Balance
    from courses.facts import Plan
    from courses.models import Design

logger = logging.getLogger(__name__)

Source = Callable[["Design", "Plan", "Balance"], Iterable[Finding]]
_sources: dict[str, tuple[Source, str]] = {}


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
    )


def rules_of_courses(design: Design, plan: Plan, balance: Balance) -> Iterable[Finding]:
    """The built-in rules for courses."""
    return judge(plan, balance=balance)


register(rules_of_courses, name=gettext_noop("Review rules"))
