"""Which activities a filter leaves, and what the bar of filters offers. Sums are never sifted: they are of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from activities import registry
from activities.models import Guidance
from blendedu.kit import signs
from courses.facts import ENVIRONMENTS, LEARNING_TYPES, TIMINGS
from courses.queries.studio.looking import WITHOUT

if TYPE_CHECKING:
    from courses.facts import Plan, PlannedActivity
    from courses.queries.studio.looking import Look


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a filter offers."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the bar."""

    name: str
    label: str
    every: str  # what is said while it leaves everything
    choices: tuple[Choice, ...]


def sifted(plan: Plan, look: Look, concerned: Iterable[int] | None) -> frozenset[int]:
    """The placements that a look shows. `concerned` are those of the gap that it asks for."""
    if not look.is_filtered:
        return frozenset(activity.placement_id for activity in plan.activities)
    outcomes = {outcome.id: str(outcome.number) for outcome in plan.outcomes}
    of_gap = None if concerned is None else frozenset(concerned)
    words = look.q.casefold().split()
    return frozenset(
        activity.placement_id
        for activity in plan.activities
        if _has_values(activity, look)
        and (of_gap is None or activity.placement_id in of_gap)
        and (not look.outcome or _serves(activity, look.outcome, outcomes))
        and (not words or all(word in activity.title.casefold() for word in words))
    )


def _has_values(activity: PlannedActivity, look: Look) -> bool:
    return (
        (not look.env or activity.environment == look.env)
        and look.kind in {"", activity.type_key}
        and (not look.ltype or look.ltype in {activity.learning_type, activity.second_type})
        and (not look.timing or activity.timing == look.timing)
        and (not look.guidance or activity.guidance == look.guidance)
    )


def _serves(activity: PlannedActivity, wanted: str, outcomes: Mapping[int, str]) -> bool:
    if wanted == WITHOUT:
        return not activity.outcome_ids
    return any(outcomes.get(pk) == wanted for pk in activity.outcome_ids)


def filters_of(plan: Plan, look: Look) -> tuple[Filter, ...]:
    """What can be chosen: types and outcomes as far as this plan has them, everything else always."""
    return (
        _filter("env", _("Environment"), look.env, {key: signs.word(key) for key in ENVIRONMENTS}),
        _filter("kind", _("Type"), look.kind, kinds_in(plan)),
        _filter("ltype", _("Learning type"), look.ltype, {key: signs.word(key) for key in LEARNING_TYPES}),
        _filter("timing", _("When"), look.timing, {key: signs.word(key) for key in TIMINGS}),
        _filter("guidance", _("Guidance"), look.guidance, {key: str(label) for key, label in Guidance.choices}),
        _filter("outcome", _("Outcome"), look.outcome, _outcomes_in(plan)),
    )


def kinds_in(plan: Plan) -> dict[str, str]:
    """The types that this plan uses, by their words; one that is not installed any more keeps its key."""
    known = {key: str(label) for key, label in registry.choices()}
    used = {activity.type_key for activity in plan.activities}
    return dict(sorted(((key, known.get(key, key)) for key in used), key=lambda pair: pair[1].casefold()))


def _outcomes_in(plan: Plan) -> dict[str, str]:
    offered = {str(outcome.number): f"LO{outcome.number}: {outcome.text}" for outcome in plan.outcomes}
    return offered | {WITHOUT: _("No outcome")} if offered else {}


def _filter(name: str, label: str, chosen: str, offered: Mapping[str, str]) -> Filter:
    choices = tuple(Choice(value, word, value == chosen) for value, word in offered.items())
    return Filter(name, label, _("%(filter)s: all") % {"filter": label}, choices)
