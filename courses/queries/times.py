"""How the time of an activity came about, in words, and what is known for estimating it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.contract import BrokenConfig
from activities.models import MinutesBasis
from activities.registry import UnknownType
from blendedu.kit.templatetags.kit import minutes as written
from courses import workload
from courses.queries.questions import asked_in
from courses.spoken import voice
from courses.words import say

if TYPE_CHECKING:
    from activities.contract import ActivityType
    from activities.models import Activity
    from courses.facts import Plan, PlannedActivity


@dataclass(frozen=True, slots=True)
class Shown:
    """An estimate as the page shows it."""

    minutes: int
    how: str  # the formula with its numbers
    source: str
    confidence: str


def shown(estimate: workload.Estimate, method: str, inputs: Mapping[str, Any]) -> Shown:  # Any: numbers and words
    """An estimate in the reader's language, with where its formula comes from."""
    trust = {
        workload.Confidence.LOW: _("rough"),
        workload.Confidence.MEDIUM: _("fair"),
        workload.Confidence.HIGH: _("good"),
    }
    return Shown(
        estimate.minutes,
        say(estimate.explanation, estimate.params, replace(voice(), number=_grouped)),
        _(workload.source_of(method, inputs)),
        trust[estimate.confidence],
    )


def _grouped(value: Decimal) -> str:
    return number_format(value, force_grouping=True)  # words are counted in thousands


def basis_of(activity: Activity) -> str:
    """How the time of an activity came about, in a sentence or two; empty where nobody has said one."""
    if activity.minutes is None:
        return ""
    stored = activity.estimate
    if activity.minutes_basis == MinutesBasis.MEASURED:
        return _measured(stored)
    if activity.minutes_basis == MinutesBasis.ESTIMATED:
        return _("Estimated. %(how)s") % {"how": _how(stored)} if stored else _("Estimated.")
    if "minutes" in stored:
        kind = _("the reported time was") if stored.get("method") == workload.MEASURED else _("the estimate was")
        return _("Entered by a lecturer; %(kind)s %(minutes)s.") % {"kind": kind, "minutes": written(stored["minutes"])}
    return _("Entered by a lecturer.")


def _measured(stored: Mapping[str, Any]) -> str:  # Any: as JSON holds it
    inputs = stored.get("inputs", {})
    reports = inputs.get("reports")
    if not reports:
        return _("As students report.")
    said = ngettext(
        "The median of what %(count)s student reports.", "The median of what %(count)s students report.", reports
    ) % {"count": reports}
    if inputs.get("planned") is None:
        return said
    return _("%(said)s It was planned with %(minutes)s.") % {"said": said, "minutes": written(inputs["planned"])}


def _how(stored: Mapping[str, Any]) -> str:  # Any: as JSON holds it
    method, inputs = stored.get("method", ""), stored.get("inputs", {})
    try:
        made = shown(workload.reckon(method, inputs), method, inputs)
    except (workload.UnknownWay, workload.NothingToEstimate):
        return ""  # a way that this version does not know any more
    return f"{made.how} ({made.source})"


def way_for(activity: Activity) -> str:
    """The way by which it was estimated last, or else the one that suits its type."""
    stored = activity.estimate.get("method", "")
    if stored in workload.WAYS:
        return str(stored)
    try:
        return activity.type.estimated_by
    except UnknownType:
        return "expert"


def inputs_for(activity: Activity, method: str) -> dict[str, Any]:  # Any: numbers and words
    """What is known of the inputs of a way: what was said last time, or what the activity itself holds."""
    if activity.estimate.get("method") == method:
        return dict(activity.estimate.get("inputs", {}))
    try:
        kind = activity.type
        if kind.estimated_by != method:
            return {}
        known = kind.estimate_inputs(activity.config)
    except (UnknownType, BrokenConfig):
        return {}
    if kind.has_questions:
        known |= asked_in(activity)
    return known


def known_of(kind: ActivityType[Any], config: Mapping[str, Any]) -> dict[str, Any]:  # Any: any type, numbers and words
    """What the settings of an activity that is still being typed say of the inputs of its way."""
    try:
        said = kind.estimate_inputs(config)
    except BrokenConfig:
        return {}
    return {name: value for name, value in said.items() if value not in (None, "")}


# --- What students report -----------------------------------------------------------------------------------------


class Standing(StrEnum):
    """What can be done with what students report about a card."""

    FEW = "few"  # so few that it is not shown
    SOME = "some"  # shown, but not enough to plan with
    SAME = "same"  # as planned
    DIFFERS = "differs"  # enough reports, and another time than planned


@dataclass(frozen=True, slots=True)
class Reported:
    """A card beside what students of all its runs report about it."""

    pk: int
    title: str
    week: int
    minutes: int | None
    minutes_low: int | None
    minutes_high: int | None
    reported: int | None
    count: int
    standing: Standing

    @property
    def value(self) -> str:
        """What is sent to plan it: the card, and the time that was shown."""
        return f"{self.pk}:{self.reported}"

    @property
    def can_use(self) -> bool:
        return self.standing is Standing.DIFFERS


def reported_about(activity: PlannedActivity) -> Reported:
    """What students report about a planned activity."""
    return Reported(
        pk=activity.placement_id,
        title=activity.title,
        week=activity.week or 0,
        minutes=activity.minutes,
        minutes_low=activity.minutes_low,
        minutes_high=activity.minutes_high,
        reported=activity.reported_minutes,
        count=activity.reported_count,
        standing=_standing(activity),
    )


def reported_in(plan: Plan) -> tuple[Reported, ...]:
    """Every placed activity on which students have reported, in the order of the board."""
    return tuple(reported_about(activity) for activity in plan.placed if activity.reported_count)


def _standing(activity: PlannedActivity) -> Standing:
    if activity.reported_minutes is None:
        return Standing.FEW
    if activity.minutes == activity.reported_minutes and activity.minutes_low is None:
        return Standing.SAME
    return Standing.DIFFERS if activity.reported_count >= workload.ENOUGH_REPORTS else Standing.SOME
