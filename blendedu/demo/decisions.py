"""What was decided about the rules of the review: other limits, and answers with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from courses.balance import weigh
from courses.queries.limits import courses_below
from courses.queries.plan import plan_of
from courses.services import findings, limits
from courses.sources import findings_about
from programmes.queries import courses_of

if TYPE_CHECKING:
    from blendedu.people.models import Unit, User
    from courses.models import Design
    from programmes.models import Programme

ANSWERS = {
    "C30": "Three marks in five credits, because the campaign takes half of the course: case, quiz and plan test "
    "different things. The faculty's assessment board agreed in spring.",
    "C32": "Reviewing is done by the groups of four that work on the campaign: a group reads and answers as "
    "one. Larger ones would have to be made for a single hour.",
}


def set_limits(unit: Unit, programme: Programme, *, administrator: User, director: User, at: datetime) -> None:
    """The department promises feedback in ten working days; the programme wants even weeks."""
    limits.set_limit(
        unit,
        "C26",
        kind="unit",
        courses=courses_below(unit),
        said={
            "band": {"ok": [None, "10"], "warn": [None, "15"]},
            "switched_off": False,
            "reason": "Our students were promised feedback within ten working days.",
        },
        seen=0,
        by=administrator,
        at=at,
    )
    limits.set_limit(
        programme,
        "C02",
        kind="programme",
        courses=courses_of(programme),
        said={
            "band": {"ok": [None, "1.4"], "warn": [None, "1.8"]},
            "switched_off": False,
            "reason": "Three courses run side by side: a heavy week in one is a heavy week for all.",
        },
        seen=0,
        by=director,
        at=at,
    )


def answer(design: Design, *, by: User, at: datetime) -> None:
    """Two hints on version 3 are there on purpose."""
    plan = plan_of(design)
    for number, found in enumerate(findings_about(design, plan, weigh(plan))):
        if found.rule in ANSWERS:
            findings.answer_finding(
                design, found, reason=ANSWERS[found.rule], by=by, at=at + number * timedelta(minutes=1)
            )
