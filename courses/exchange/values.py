"""The values of an activity as others wrote them, made into what the columns take; every change is said.

All formats share this: a type, an environment or a number of minutes is judged once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from activities import registry
from activities.contract import BrokenConfig
from activities.models import (
    MINUTES_MAX,
    Alternative,
    Assessment,
    AssessmentForm,
    Environment,
    FeedbackBy,
    Grouping,
    Guidance,
    LearningType,
    MinutesBasis,
    Place,
    Purpose,
    Timing,
)
from courses.exchange.proposal import cleaned, shown

if TYPE_CHECKING:
    from activities.contract import ActivityType
    from courses.exchange.proposal import Report

TITLE_MAX = 160
BRIEF_MAX = 60_000
TOOL_MAX = 60
ESTIMATE_MAX = 4_000  # characters of JSON
CONFIG_MAX = 100_000

CHOICES: Mapping[str, frozenset[str]] = {
    "minutes_basis": frozenset(MinutesBasis.values),
    "learning_type": frozenset(LearningType.values),
    "second_type": frozenset(["", *LearningType.values]),
    "timing": frozenset(Timing.values),
    "place": frozenset(Place.values),
    "environment": frozenset(Environment.values),
    "grouping": frozenset(Grouping.values),
    "guidance": frozenset(Guidance.values),
    "assessment": frozenset(Assessment.values),
    "feedback_by": frozenset(FeedbackBy.values),
    "assessment_form": frozenset(["", *AssessmentForm.values]),
    "alternative": frozenset(["", *Alternative.values]),
    "purpose": frozenset(["", *Purpose.values]),
}
# The least and the most, and whether nothing may stand there.
NUMBERS: Mapping[str, tuple[int, int, bool]] = {
    "minutes": (0, MINUTES_MAX, True),
    "minutes_low": (0, MINUTES_MAX, True),
    "minutes_high": (0, MINUTES_MAX, True),
    "second_share": (0, 50, False),
    "group_size": (2, 1000, True),
    "weight": (0, 100, False),
    "feedback_days": (0, 365, True),
}
TEXTS: Mapping[str, int] = {"title": TITLE_MAX, "brief": BRIEF_MAX, "tool": TOOL_MAX}
FLAGS = ("feedback_elaborated", "required", "own_choice")
KNOWN = frozenset([*CHOICES, *NUMBERS, *TEXTS, *FLAGS, "type_key", "estimate", "config"])


def type_like(learning_type: str, timing: str, title: str = "") -> ActivityType[Any]:  # Any: its own configuration
    """The type that fits best where none is said: by the words of the title, else by what students do, and when."""
    words = {word.strip(".,:;!?()").casefold() for word in title.split()}
    for kind in registry.every():
        if words & set(kind.quick_words) and (kind.timed or timing != Timing.SYNC):
            return kind
    if timing == Timing.SYNC:
        for kind in registry.every():
            if kind.timed:
                return kind
    alike = [kind for kind in registry.every() if not kind.timed]
    return next((kind for kind in alike if kind.defaults.learning_type == learning_type), alike[0])


def defaults_of(kind: ActivityType[Any]) -> dict[str, Any]:  # Any: what the columns hold
    """An activity of a type as it starts."""
    start = kind.defaults
    return {
        "type_key": kind.key,
        "title": "",
        "brief": "",
        "minutes": None,
        "minutes_low": None,
        "minutes_high": None,
        "minutes_basis": "entered",
        "estimate": {},
        "learning_type": start.learning_type,
        "second_type": "",
        "second_share": 0,
        "timing": start.timing,
        "place": start.place,
        "environment": start.environment,
        "grouping": start.grouping,
        "group_size": None,
        "guidance": start.guidance,
        "assessment": start.assessment,
        "weight": 0,
        "feedback_by": start.feedback_by,
        "feedback_days": None,
        "feedback_elaborated": False,
        "required": True,
        "assessment_form": "",
        "own_choice": False,
        "alternative": "",
        "purpose": "",
        "tool": "",
        "config": {},
    }


def values_from(
    said: Mapping[str, Any],  # Any: whatever somebody wrote
    kind: ActivityType[Any],  # Any: its own configuration
    report: Report,
    where: Callable[[str], str],
) -> dict[str, Any]:  # Any: what the columns hold
    """The columns of an activity of this type; what is not said comes from the type. Never raises."""
    values = defaults_of(kind)
    for name, value in said.items():
        if name not in KNOWN:
            report.left_out(where(name), _("“%(name)s” is not known here.") % {"name": shown(name)})
            continue
        if name == "type_key":
            continue
        read = _READERS[_kind_of(name)](name, value)
        if read is _NOTHING:
            told = {"value": shown(value), "kept": shown(values[name]) or "–"}
            report.changed(where(name), _("“%(value)s” does not fit; “%(kept)s” is taken.") % told)
            continue
        if isinstance(value, str) and isinstance(read, str) and read != value and name in TEXTS:
            _said_shorter(name, value, read, report, where)
        values[name] = read
    _settle_range(values, report, where)
    _settle_config(values, kind, report, where)
    # What the columns belong together for, as services.plan keeps it.
    if values["assessment"] == Assessment.NONE:
        values["weight"] = 0
    if values["grouping"] not in {Grouping.GROUP, Grouping.PAIR}:
        values["group_size"] = None
    if not values["second_type"] or values["second_type"] == values["learning_type"] or not values["second_share"]:
        values["second_type"], values["second_share"] = "", 0
    return values


_NOTHING = object()


def _kind_of(name: str) -> str:
    if name in CHOICES:
        return "choice"
    if name in NUMBERS:
        return "number"
    if name in TEXTS:
        return "text"
    return "flag" if name in FLAGS else "dict"


def _choice(name: str, value: Any) -> Any:  # Any: from JSON to a column
    return value if isinstance(value, str) and value in CHOICES[name] else _NOTHING


def _number(name: str, value: Any) -> Any:  # Any: from JSON to a column
    least, most, may_be_empty = NUMBERS[name]
    if value is None:
        return None if may_be_empty else _NOTHING
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _NOTHING
    if isinstance(value, float) and (not math.isfinite(value) or value != int(value)):
        return _NOTHING
    return int(value) if least <= value <= most else _NOTHING


def _text(name: str, value: Any) -> Any:  # Any: from JSON to a column
    if not isinstance(value, str):
        return _NOTHING
    text = cleaned(value)
    return text.strip()[: TEXTS[name]].strip() if name != "brief" else text[:BRIEF_MAX]


def _flag(name: str, value: Any) -> Any:  # Any: from JSON to a column
    return value if isinstance(value, bool) else _NOTHING


def _dict(name: str, value: Any) -> Any:  # Any: from JSON to a column
    if not isinstance(value, dict):
        return _NOTHING
    if len(json.dumps(value)) > (ESTIMATE_MAX if name == "estimate" else CONFIG_MAX):
        return _NOTHING
    if name == "estimate" and not isinstance(value.get("method", ""), str):
        return _NOTHING
    return value


_READERS: Mapping[str, Callable[[str, Any], Any]] = {  # Any: from JSON to a column
    "choice": _choice,
    "number": _number,
    "text": _text,
    "flag": _flag,
    "dict": _dict,
}


def _said_shorter(name: str, value: str, read: str, report: Report, where: Callable[[str], str]) -> None:
    if len(value.strip()) > TEXTS[name]:
        told = {"most": TEXTS[name]}
        report.changed(where(name), _("This is longer than %(most)s characters; the rest is left out.") % told)
    elif cleaned(value) != value:
        report.changed(where(name), _("Signs that cannot be shown are left out."))


def _settle_range(values: dict[str, Any], report: Report, where: Callable[[str], str]) -> None:  # Any: columns
    low, high = values["minutes_low"], values["minutes_high"]
    if low is None and high is None:
        return
    if low is not None and high is not None and low > high:
        low, high = high, low
        report.changed(where("minutes"), _("The range was written backwards."))
    if low is None or high is None or low == high:
        values["minutes_low"] = values["minutes_high"] = None
        if values["minutes"] is None:
            values["minutes"] = low if low is not None else high
        return
    values["minutes_low"], values["minutes_high"] = low, high
    if values["minutes"] is None:
        values["minutes"] = (low + high + 1) // 2
    elif not low <= values["minutes"] <= high:
        values["minutes"] = (low + high + 1) // 2
        report.changed(where("minutes"), _("The time lay outside of its range; the middle is taken."))


def _settle_config(
    values: dict[str, Any],  # Any: columns
    kind: ActivityType[Any],  # Any: its own configuration
    report: Report,
    where: Callable[[str], str],
) -> None:
    config: dict[str, Any] = _clean_all(values["config"])  # Any: settings of the type
    try:
        kind.parse(config)
    except BrokenConfig as broken:
        for name, why in broken.problems.items():
            told = {"name": shown(name), "why": why}
            report.left_out(where(f"config.{shown(name)}"), _("The setting “%(name)s”: %(why)s") % told)
        config = {name: value for name, value in config.items() if name not in broken.problems}
        try:
            kind.parse(config)
        except BrokenConfig:
            config = {}
    values["config"] = config


def _clean_all(value: Any) -> Any:  # Any: JSON
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [_clean_all(each) for each in value]
    if isinstance(value, dict):
        return {cleaned(str(name)): _clean_all(each) for name, each in value.items()}
    return value
