"""A card of the board: what it says in two lines, and in words for whoever does not see its colours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from activities.registry import UnknownType
from blendedu.kit import signs
from blendedu.kit.templatetags.kit import duration
from blendedu.kit.templatetags.kit import minutes as written

if TYPE_CHECKING:
    from activities.models import Activity
    from courses.facts import Plan, PlannedActivity
    from courses.models import Placement


EMPTY: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actual:
    """How long an activity took beside how long it was planned, in words and as the class of what is drawn."""

    said: str
    css: str = ""  # empty where too few have reported: what they say is not shown as a length either


@dataclass(frozen=True, slots=True)
class Card:
    """An activity as the board shows it."""

    pk: int
    title: str
    icon: str
    type_label: str
    minutes: int | None
    minutes_low: int | None
    minutes_high: int | None
    css: str
    learning_type: str
    facts: str
    moment: str
    menu_label: str
    sign: str  # environment and timing in words, for whoever does not see the edge of the card
    weighed: str  # what the sums take of it, for what is worked out before the server answers: see _weighed
    planned: PlannedActivity
    out: bool  # left out by the filter
    holder: str  # "Eva edits this", to everybody else
    actual: Actual | None  # of what students have done in a run, and said how long it took


class Deck:
    """Makes the cards of one plan. `noted` are the placements that a hint is about, `held` says who edits one."""

    def __init__(
        self,
        plan: Plan,
        placements: Sequence[Placement],
        *,
        noted: Collection[int],
        lens: str,
        shown: Collection[int],
        selected: Collection[int] = (),
        held: Mapping[int, str] = EMPTY,
    ) -> None:
        self._placements = {placement.pk: placement for placement in placements}
        self._outcomes = {outcome.id: outcome.number for outcome in plan.outcomes}
        self._noted = noted
        self._lens = lens
        self._shown, self._selected, self._held = shown, selected, held
        # COST: looked up and translated once per page, not once per card.
        self._words = _Words()
        self._actual_words = _("planned %(planned)s, students report %(time)s, n = %(count)s")
        self._same_words = _("as planned, n = %(count)s")
        self._few_words = _("planned %(planned)s, too few reports")
        self._holder = _("{name} edits this")  # as the script says it
        self._basis = {"estimated": _("time estimated"), "measured": _("time as students report")}
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
        if planned.placement_id in self._selected:
            css += " selected"
        out = planned.placement_id not in self._shown
        if out:
            css += " out"
        holder = self._held.get(planned.placement_id, "")
        if holder:
            css += " locked"
        return Card(
            pk=planned.placement_id,
            title=activity.title,
            icon=icon,
            type_label=label,
            minutes=activity.minutes,
            minutes_low=activity.minutes_low,
            minutes_high=activity.minutes_high,
            css=css,
            learning_type=self._words[activity.learning_type],
            facts=" · ".join(self._facts(planned, activity, facts)),
            moment=planned.moment,
            menu_label=self._menu_words % {"title": activity.title},
            sign=f"{self._words[activity.environment]}, {self._words[activity.timing].lower()}",
            weighed=_weighed(planned),
            planned=planned,
            out=out,
            holder=self._holder.replace("{name}", holder) if holder else "",
            actual=self._actual(planned),
        )

    def _actual(self, planned: PlannedActivity) -> Actual | None:
        if not planned.reported_count:
            return None
        said = {"planned": duration(planned), "count": planned.reported_count}
        if planned.reported_minutes is None:
            return Actual(self._few_words % said)
        shorter, longer = sorted((planned.counted_minutes, planned.reported_minutes))
        is_same = planned.minutes == planned.reported_minutes and planned.minutes_low is None
        words = self._same_words if is_same else self._actual_words
        return Actual(
            words % (said | {"time": written(planned.reported_minutes)}),
            # COST: a class of twenty instead of a drawing of its own on each of two hundred cards.
            f"b-{max(1, round(20 * shorter / max(1, longer)))}"
            + (" over" if planned.reported_minutes > planned.counted_minutes else ""),
        )

    def _facts(self, planned: PlannedActivity, activity: Activity, of_its_type: Iterable[str]) -> list[str]:
        words = [*_grouping_facts(activity), *of_its_type, *_plan_facts(activity)]
        if not words and activity.guidance == "none" and activity.timing == "async":
            words.append(_("autonomous"))
        if activity.environment != "digital" and self._lens != "environment":
            # Colour is never the only sign: what is not digital says where it is.
            words.insert(0, self._words[activity.environment].lower())
        if activity.minutes_basis != "entered" and activity.minutes is not None:
            # How its time came about; a lecturer's own word needs none.
            words.append(self._basis[activity.minutes_basis])
        return [*words, *(f"LO{self._outcomes[pk]}" for pk in planned.outcome_ids)]


def _weighed(planned: PlannedActivity) -> str:
    """`45 digital async acquisition practice 20 alone`: minutes, environment, timing, types, second share, grouping."""
    second = planned.second_type or "-"
    minutes = "" if planned.minutes is None else str(planned.minutes)
    return (
        f"{minutes} {planned.environment} {planned.timing} {planned.learning_type} {second} "
        f"{planned.second_share} {planned.grouping}"
    )


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
