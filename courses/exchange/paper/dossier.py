"""The design on paper: board, weeks, outcomes, assessment, balance and what rules and policy say of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from blendedu.kit.paper import pdf
from blendedu.kit.signs import TIMINGS, word
from blendedu.kit.templatetags.kit import duration
from blendedu.kit.templatetags.kit import minutes as written
from blendedu.kit.templatetags.kit import total as summed
from courses.alignment import Counting, minutes_by_outcome
from courses.balance import weigh
from courses.exchange.paper.saying import LETTERS, Said, day, language, prose, sign, type_name
from courses.facts import MOMENTS
from courses.findings import RULE_BY_ID, State, read_answers
from courses.queries.studio.beside import contact_of, contact_said, credits_said
from courses.sources import findings_about
from courses.spoken import hints_of, spoken, voice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from courses.balance import Balance
    from courses.facts import Plan, PlannedActivity
    from courses.findings import Answer, Finding
    from courses.models import Design, Placement

PARTS = {
    "board": gettext_lazy("The board, on one page"),
    "weeks": gettext_lazy("A page per week"),
    "outcomes": gettext_lazy("Outcomes and what serves them"),
    "assessment": gettext_lazy("Assessment plan"),
    "balance": gettext_lazy("Balance"),
    "policy": gettext_lazy("Policy and review"),
}
PAPERS = {"a4": "A4", "a3": "A3"}
_SHOWN_BALANCES = {
    "environment": gettext_lazy("Environment"),
    "timing": gettext_lazy("Timing"),
    "learning_type": gettext_lazy("Learning type"),
    "grouping": gettext_lazy("Students work"),
}
_PROOF = {"none": "•", "formative": "F", "summative": "S"}


def write(
    design: Design, plan: Plan, placements: Sequence[Placement], *, parts: Collection[str], paper: str, at: datetime
) -> bytes:
    """The PDF of a design with these parts, on A4 or A3. `placements` are those that the plan was made from."""
    balance = weigh(plan)
    chosen = [part for part in PARTS if part in parts]
    course = design.course
    version = _("version %(number)s, %(state)s") % {
        "number": design.number,
        "state": design.get_state_display().lower(),
    }
    about = f"{course.code.upper()} · {course.credits.normalize():f} EC · {version}"
    printed = _("printed on %(day)s") % {"day": day(timezone.localdate(at))}
    findings = findings_about(design, plan, balance) if "policy" in chosen else []
    return pdf(
        Path(__file__).with_name("dossier.typ"),
        {
            "lang": language(),
            "title": course.title,
            "about": about,
            "foot": f"{course.title} · {about} · {printed}",
            "paper": paper if paper in PAPERS else "a4",
            "parts": chosen,
            "words": _words(),
            "legend": _legend(balance),
            "board": _board(plan, balance),
            "weeks": _weeks(plan, balance, placements) if "weeks" in chosen else [],
            "outcomes": _outcomes(plan),
            "matrix": _matrix(plan) if "outcomes" in chosen else [],
            "assessment": assessment_of(plan),
            "balance": _balances(balance),
            "load": _load(plan, balance),
            "verdicts": _verdicts(findings, read_answers(design.course.answered)),
        },
        at=timezone.localtime(at),
    )


def _words() -> Said:
    return {
        "week": _("Week"),
        "shelf": _("On the shelf, counted nowhere"),
        "sync": str(TIMINGS["sync"]),
        "async": str(TIMINGS["async"]),
        "no_weeks": _("This design has no weeks yet."),
        "nothing_planned": _("Nothing is planned in this week."),
        "outcomes": _("Outcomes and what serves them"),
        "no_outcomes": _("No outcomes are written down yet."),
        "matrix_key": _("• practises, F formative, S summative; a number is the level (1 remember to 6 create)."),
        "activity": _("Activity"),
        "minutes": _("Minutes"),
        "share_minutes": _("Study time, shared between the outcomes of an activity"),
        "assessment_plan": _("Assessment plan"),
        "no_assessment": _("Nothing is assessed yet."),
        "together": pgettext("sum", "Together"),
        "balance": _("Balance"),
        "kind": _("What"),
        "share": _("Share"),
        "state": _("State"),
        "found": _("What was found"),
        "advice": _("What can be done"),
        "ground": _("Ground"),
    }


def _legend(balance: Balance) -> list[Said]:
    return [sign(piece.value) | {"share": f"{piece.percent}%"} for piece in balance["environment"].slices]


# --- The board ----------------------------------------------------------------------------------------------------


def _board(plan: Plan, balance: Balance) -> Said:
    cells: dict[tuple[int | None, str], list[Said]] = {}
    for activity in plan.placed:
        cells.setdefault((activity.week, activity.moment), []).append(_card(activity))
    return {
        "columns": [word(moment) for moment in MOMENTS],
        "weeks": [
            {
                "name": _("Week %(number)s") % {"number": week.number},
                "title": week.title,
                "total": summed(week),
                "cells": [cells.get((week.number, moment), []) for moment in MOMENTS],
            }
            for week in balance.weeks
        ],
        "shelf": [activity.title for activity in plan.shelf],
    }


def _card(activity: PlannedActivity) -> Said:
    return sign(activity.environment) | {
        "title": activity.title,
        "type": type_name(activity.type_key),
        "minutes": _time(activity),
        "sync": activity.timing == "sync",
        "mark": {"formative": "F", "summative": "S"}.get(activity.assessment, ""),
    }


def _time(activity: PlannedActivity) -> str:
    if activity.minutes is None:
        return _("no minutes yet")
    return duration(activity)


# --- The weeks ----------------------------------------------------------------------------------------------------


def _weeks(plan: Plan, balance: Balance, placements: Sequence[Placement]) -> list[Said]:
    briefs = {placement.pk: placement.activity.brief for placement in placements}
    codes = {outcome.id: f"LO{outcome.number}" for outcome in plan.outcomes}
    header = [
        _("Moment"),
        _("Activity"),
        _("Type"),
        _("Time"),
        _("Where"),
        _("How"),
        _("Outcomes, assessment, feedback"),
    ]
    return [
        {
            "name": _("Week %(number)s") % {"number": week.number},
            "title": week.title,
            "total": summed(week),
            "note": ""
            if not week.unestimated_count
            else ngettext(
                "%(count)s activity without minutes", "%(count)s activities without minutes", week.unestimated_count
            )
            % {"count": week.unestimated_count},
            "slices": [
                {"value": cell.environment, "percent": cell.percent, "word": word(cell.environment)}
                for cell in week.cells
            ],
            "header": header,
            "rows": [
                sign(activity.environment)
                | {
                    "moment": word(activity.moment),
                    "title": activity.title,
                    "brief": prose(briefs.get(activity.placement_id, "")),
                    "type": type_name(activity.type_key),
                    "minutes": _time(activity),
                    "where": f"{word(activity.environment)}, {word(activity.timing).lower()}",
                    "how": _how(activity),
                    "proof": _proof(activity, codes),
                }
                for activity in plan.activities_in(week.number)
            ],
        }
        for week in balance.weeks
    ]


def _how(activity: PlannedActivity) -> str:
    people = word(activity.grouping)
    if activity.group_size:
        people = f"{people} ({activity.group_size})"
    parts = [word(activity.learning_type), people.lower(), word(activity.guidance).lower()]
    if activity.tool:
        parts.append(activity.tool)
    return ", ".join(parts)


def _proof(activity: PlannedActivity, codes: dict[int, str]) -> str:
    parts = [codes[pk] for pk in activity.outcome_ids if pk in codes]
    if activity.is_assessed:
        parts.append(_assessed(activity))
    if activity.feedback_by != "none":
        parts.append(_feedback(activity))
    return "; ".join(parts)


def _assessed(activity: PlannedActivity) -> str:
    name = _("Summative") if activity.assessment == "summative" else _("Formative")
    return f"{name}, {activity.weight}%" if activity.weight else name


def _feedback(activity: PlannedActivity) -> str:
    said = _("feedback: %(by)s") % {"by": _feedback_by(activity)}
    if activity.feedback_days is None:
        return said
    return f"{said}, {_within(activity)}"


def _feedback_by(activity: PlannedActivity) -> str:
    said = {"none": "", "automatic": _("automatic"), "lecturer": _("lecturer"), "peer": _("peers")}
    return said.get(activity.feedback_by, activity.feedback_by)


def _within(activity: PlannedActivity) -> str:
    if activity.feedback_days is None:
        return ""
    if activity.feedback_days == 0:
        return _("at once")
    days = ngettext("%(count)s working day", "%(count)s working days", activity.feedback_days)
    return days % {"count": activity.feedback_days}


# --- Outcomes and assessment --------------------------------------------------------------------------------------


def _outcomes(plan: Plan) -> list[Said]:
    minutes = minutes_by_outcome(plan, Counting.SHARE)
    return [
        {
            "code": f"LO{outcome.number}",
            "text": outcome.text,
            "level": _("level %(level)s") % {"level": outcome.level} if outcome.level else "",
            "minutes": written(minutes[outcome.id]),
        }
        for outcome in plan.outcomes
    ]


def _matrix(plan: Plan) -> list[Said]:
    return [
        {
            "week": str(activity.week),
            "title": activity.title,
            "minutes": _time(activity),
            "cells": [_cell(activity, outcome.id) for outcome in plan.outcomes],
        }
        for activity in plan.placed
        if activity.outcome_ids
    ]


def _cell(activity: PlannedActivity, outcome_id: int) -> str:
    if outcome_id not in activity.outcome_ids:
        return ""
    return f"{_PROOF[activity.assessment]} {activity.level_for(outcome_id) or ''}".strip()


def assessment_of(plan: Plan) -> Said:
    """Everything that is assessed, in the order in which students meet it, with the sum of the weights."""
    codes = {outcome.id: f"LO{outcome.number}" for outcome in plan.outcomes}
    assessed = [activity for activity in plan.placed if activity.is_assessed]
    total = sum(activity.weight for activity in assessed)
    return {
        "header": [
            _("Activity"),
            _("Week"),
            _("Kind"),
            _("Weight"),
            _("Feedback from"),
            _("Within"),
            _("What it says"),
            _("Outcomes"),
        ],
        "rows": [
            [
                activity.title,
                str(activity.week),
                _("Summative") if activity.assessment == "summative" else _("Formative"),
                f"{activity.weight}%" if activity.weight else "",
                _feedback_by(activity),
                _within(activity),
                _("what to do better") if activity.feedback_elaborated else "",
                ", ".join(codes[pk] for pk in activity.outcome_ids if pk in codes),
            ]
            for activity in assessed
        ],
        "total": f"{total}%",
        "note": "" if total in {0, 100} else _("The weights do not come to 100%."),
    }


# --- Balance and verdicts -----------------------------------------------------------------------------------------


def _balances(balance: Balance) -> list[Said]:
    return [
        {
            "title": str(title),
            "slices": [
                {
                    "value": piece.value,
                    "letter": LETTERS.get(piece.value, ""),
                    "word": word(piece.value),
                    "minutes": written(piece.minutes),
                    "percent": piece.percent,
                }
                for piece in balance[name].slices
            ],
        }
        for name, title in _SHOWN_BALANCES.items()
    ]


def _load(plan: Plan, balance: Balance) -> str:
    said = _("Planned: %(planned)s.") % {"planned": summed(balance)}
    credits_text = credits_said(Decimal(plan.credits), balance)
    contact = contact_of(balance, plan.teaching_hour)
    together = f" {contact_said(contact)}." if contact else ""
    return f"{said} {credits_text}.{together}" if credits_text else f"{said}{together}"


def _verdicts(findings: Sequence[Finding], answers: Mapping[str, Answer]) -> list[Said]:
    policy = [finding for finding in findings if finding.rule not in RULE_BY_ID]
    hints = hints_of((finding for finding in findings if finding.rule in RULE_BY_ID), answers)
    states = {"good": _("Kept"), "bad": _("Broken"), "warn": _("Worth a look"), "accent": _("Note")}
    rows = [
        [states.get(said.tone, ""), said.headline, said.advice, said.source]
        for said in (spoken(finding, voice()) for finding in policy if finding.state is not State.NOT_APPLICABLE)
    ]
    hinted = [
        [states.get(said.tone, ""), said.headline, said.advice, said.ground] for said in (*hints.first, *hints.others)
    ]
    hinted += [
        [_("Answered"), said.headline, said.answer.reason, f"{said.answer.by}, {day(said.answer.day)}"]
        for said in hints.answered
        if said.answer is not None
    ]
    return [
        {"title": _("Policy"), "first": True, "rows": rows, "empty": _("No policy rule holds for this course.")},
        {"title": _("Review"), "first": False, "rows": hinted, "empty": _("Nothing stands out.")},
    ]
