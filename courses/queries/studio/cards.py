"""A card of the board: what it says in two lines, and in words for whoever does not see its colours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from activities.registry import UnknownType
from blendedu.kit import signs

if TYPE_CHECKING:
    from activities.models import Activity
    from courses.facts import Plan, PlannedActivity
    from courses.models import Placement


@dataclass(frozen=True, slots=True)
class Card:
    """An activity as the board shows it."""

    pk: int
    title: str
    icon: str
    type_label: str
    minutes: int | None
    css: str
    learning_type: str
    facts: str
    moment: str
    menu_label: str
    sign: str  # environment and timing in words, for whoever does not see the edge of the card


class Deck:
    """Makes the cards of one plan. `noted` are the placements that a hint is about."""

    def __init__(self, plan: Plan, placements: Sequence[Placement], *, noted: Collection[int], lens: str) -> None:
        self._placements = {placement.pk: placement for placement in placements}
        self._outcomes = {outcome.id: outcome.number for outcome in plan.outcomes}
        self._noted = noted
        self._lens = lens
        # COST: looked up and translated once per page, not once per card.
        self._words = _Words()
        self._menu_words = _("Move, copy or remove %(title)s")

    def card(self, planned: PlannedActivity) -> Card:
        """The card of a planned activity."""
        activity = self._placements[planned.placement_id].activity
        icon, label, facts = _type_facts(activity)
        css = f"env-{activity.environment}"
        if activity.timing == "async":
            css += " async"
        if planned.placement_id in self._noted:
            css += " note"
        return Card(
            pk=planned.placement_id,
            title=activity.title,
            icon=icon,
            type_label=label,
            minutes=activity.minutes,
            css=css,
            learning_type=self._words[activity.learning_type],
            facts=" · ".join(self._facts(planned, activity, facts)),
            moment=planned.moment,
            menu_label=self._menu_words % {"title": activity.title},
            sign=f"{self._words[activity.environment]}, {self._words[activity.timing].lower()}",
        )

    def _facts(self, planned: PlannedActivity, activity: Activity, of_its_type: Iterable[str]) -> list[str]:
        words = [*_grouping_facts(activity), *of_its_type, *_plan_facts(activity)]
        if not words and activity.guidance == "none" and activity.timing == "async":
            words.append(_("autonomous"))
        if activity.environment != "digital" and self._lens != "environment":
            # Colour is never the only sign: what is not digital says where it is.
            words.insert(0, self._words[activity.environment].lower())
        return [*words, *(f"LO{self._outcomes[pk]}" for pk in planned.outcome_ids)]


class _Words(dict[str, str]):
    """The word for each value, as it is first asked for."""

    def __missing__(self, key: str) -> str:
        self[key] = said = signs.word(key)
        return said


def _type_facts(activity: Activity) -> tuple[str, str, tuple[str, ...]]:
    try:
        kind = activity.type
    except UnknownType:
        return "circle-question-mark", _("Unknown type"), (_("this type is not installed"),)
    return kind.icon, str(kind.label), kind.card_facts(activity.config)


def _grouping_facts(activity: Activity) -> Iterable[str]:
    if activity.grouping == "pair":
        yield _("pairs")
    elif activity.grouping == "group":
        yield _("groups of %(size)s") % {"size": activity.group_size} if activity.group_size else _("groups")
    elif activity.grouping == "class":
        yield _("whole class")


def _plan_facts(activity: Activity) -> Iterable[str]:
    if activity.assessment == "summative":
        yield _("counts %(weight)s%%") % {"weight": activity.weight} if activity.weight else _("counts for the result")
    if activity.feedback_by == "lecturer":
        yield _("feedback from lecturer")
    elif activity.feedback_by == "peer":
        yield _("feedback from peers")
    if not activity.required:
        yield _("optional")
