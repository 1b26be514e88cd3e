"""How a rule is drawn: a bar of courses that keep it, come close and break it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from blendedu.kit import charts
from institution.policy import Result

if TYPE_CHECKING:
    from institution.models import PolicyRule
    from institution.queries import Outlook

MARKS = {Result.KEPT: "", Result.CLOSE: "n", Result.BROKEN: "b", Result.UNJUDGED: "x"}


@dataclass(frozen=True, slots=True)
class DrawnRule:
    """A rule with its outlook; without one for whoever may only read."""

    rule: PolicyRule
    outlook: Outlook | None
    blend: charts.Blend | None


def draw(rule: PolicyRule, outlook: Outlook | None) -> DrawnRule:
    """A rule and its bar."""
    return DrawnRule(rule, outlook, bar_of(outlook) if outlook is not None else None)


def bar_of(outlook: Outlook) -> charts.Blend:
    """How courses divide over keeping a rule, coming close and breaking it; the numbers are courses, not minutes."""
    return charts.blend(
        [
            charts.Part("kept", outlook.kept, "c-good", _("keep it")),
            charts.Part("close", outlook.close, "c-warn", _("come close")),
            charts.Part("broken", outlook.broken, "c-bad", _("break it")),
        ]
    )


def marks_of(outlook: Outlook) -> list[str]:
    """One mark per course, in the order of their titles."""
    return [MARKS[each.verdict.result] for each in outlook]
