"""What is done with several cards at once: one step, whatever the number, and one statement per kind of change.

`consider` says what a wish would do before anything is written: which cards change, and which are left and why. The
change itself is made from the same answer, so a preview cannot promise something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities import registry
from activities.contract import BrokenConfig
from activities.models import (
    MINUTES_MAX,
    Activity,
    Environment,
    Grouping,
    Guidance,
    LearningType,
    MinutesBasis,
    Offer,
    Timing,
)
from activities.queries.made import made_by
from activities.registry import UnknownType
from courses.facts import MOMENT_ORDER, half_up
from courses.models import Link, Placement
from courses.queries.plan import board_of, frames_of, levels_in
from courses.services.plan.changing import BadActivity, BadPlace, PlanRefused, changing, refuse_if_held
from courses.services.plan.owning import copy_activities, own_all
from courses.services.plan.places import APART

if TYPE_CHECKING:
    from activities.contract import ActivityType
    from blendedu.people.models import User
    from courses.models import Design
    from courses.queries.plan import Frame
    from courses.services.plan.changing import Changed, Changing
    from courses.services.steps import Levels

Values = dict[str, Any]  # Any: what the columns of an activity hold

CARDS_MAX = 500  # in one change: more than any design holds
PERCENT_MAX = 1000
# What can be set for many cards alike, and to what.
SETTABLE: Mapping[str, Collection[str]] = {
    "environment": Environment.values,
    "learning_type": LearningType.values,
    "timing": Timing.values,
    "grouping": Grouping.values,
    "guidance": Guidance.values,
}


class OutOfDesign(BadPlace):
    """Cards would leave the design; `titles` names them."""

    def __init__(self, titles: Sequence[str], weeks: int) -> None:
        named = ", ".join(f"“{title}”" for title in titles)
        said = ngettext(
            "%(titles)s would leave the design, which has weeks 1 to %(weeks)s. Shift by fewer weeks, or send it to "
            "the shelf.",
            "%(titles)s would leave the design, which has weeks 1 to %(weeks)s. Shift by fewer weeks, or send them to "
            "the shelf.",
            len(titles),
        )
        super().__init__(said % {"titles": named, "weeks": weeks})
        self.titles = tuple(titles)


class NothingSelected(PlanRefused):
    """None of the cards is there any more, or none was chosen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of the chosen cards. What is empty stays as it is."""

    values: Mapping[str, str] = field(default_factory=dict)  # of SETTABLE
    type_key: str = ""
    weeks_by: int = 0
    to_shelf_beyond: bool = False  # what would leave the design goes to the shelf; otherwise all is refused
    percent: int | None = None  # of the minutes as they are
    add: frozenset[int] = frozenset()  # outcomes
    remove: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Left:
    """A card that stays as it is in one respect, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class Outlook:
    """What a wish would do."""

    cards: tuple[Placement, ...]
    activities: Mapping[int, Values]  # by placement: columns of its activity that change
    places: Mapping[int, Values]  # by placement: where it goes
    served: Mapping[int, tuple[Levels, Levels]]  # by placement: outcomes before and after
    left: tuple[Left, ...]

    @cached_property
    def changing(self) -> frozenset[int]:
        """The placements in which anything changes."""
        return frozenset({*self.activities, *self.places, *self.served})


@dataclass(frozen=True)
class Chosen:
    """The cards of a change, read together with the board that they stand on."""

    design: Design
    placements: tuple[Placement, ...]  # the whole board
    cards: tuple[Placement, ...]  # those that were chosen, as students meet them
    frame: Frame
    shared: frozenset[int]  # placements whose activity something else uses too

    @cached_property
    def weeks(self) -> dict[int, int]:
        """The rows of the weeks by their numbers."""
        return {week.number: week.id for week in self.frame.weeks}


def choose(design: Design, pks: Iterable[int]) -> Chosen:
    """Read the board with the chosen cards; two queries. Cards that are gone are left out; raises NothingSelected."""
    wanted = set(pks)
    others = Placement.objects.filter(activity=OuterRef("activity")).exclude(pk=OuterRef("pk"))
    rows = board_of(design).annotate(
        shared=Exists(others) | Exists(Offer.objects.filter(activity=OuterRef("activity"))),
    )
    placements = tuple(rows)
    cards = sorted((row for row in placements if row.pk in wanted), key=_as_met)
    if not cards or len(wanted) > CARDS_MAX:
        raise NothingSelected(_("Choose the activities first. Those that you had chosen may have been removed."))
    return Chosen(
        design=design,
        placements=placements,
        cards=tuple(cards),
        frame=frames_of(design)[design.pk],
        shared=frozenset(row.pk for row in cards if getattr(row, "shared", False)),
    )


def consider(chosen: Chosen, wish: Wish) -> Outlook:
    """What a wish would do, without doing it. Raises BadActivity, and OutOfDesign where all is refused."""
    _check(chosen, wish)
    left: list[Left] = []
    activities: dict[int, Values] = {}
    served: dict[int, tuple[Levels, Levels]] = {}
    kind = _kind(wish.type_key) if wish.type_key else None
    for card in chosen.cards:
        values: Values = {**_set_for(card.activity, wish.values)}
        if kind is not None:
            values |= _typed(card, kind, left)
        if wish.percent is not None:
            values |= _scaled(card.activity, wish.percent, left)
        differing = {name: value for name, value in values.items() if getattr(card.activity, name) != value}
        if differing:
            activities[card.pk] = differing
        before = levels_in(card)
        after = {pk: level for pk, level in before.items() if pk not in wish.remove}
        after |= {pk: None for pk in sorted(wish.add) if pk not in after}
        if after != before:
            served[card.pk] = (before, after)
    places = _shifted(chosen, wish, left) if wish.weeks_by else {}
    return Outlook(chosen.cards, activities, places, served, tuple(left))


def edit_many(chosen: Chosen, *, wish: Wish, by: User, version: int, at: datetime) -> Changed:
    """Do to many cards what `consider` says, as one step. Raises as it does, and StalePlan.

    The cards were read after their design: whatever somebody wrote since has made another version of it.
    """
    with changing(chosen.design, by=by, at=at, version=version) as change:
        outlook = consider(chosen, wish)
        change.frame = chosen.frame
        touched = [card for card in chosen.cards if card.pk in outlook.activities]
        own_all(change, touched, chosen.shared)
        change.patch_all((card.activity, outlook.activities[card.pk]) for card in touched)
        change.patch_all((card, outlook.places[card.pk]) for card in chosen.cards if card.pk in outlook.places)
        change.set_all_outcomes((card, *outlook.served[card.pk]) for card in chosen.cards if card.pk in outlook.served)
        change.touched = outlook.changing
        _name(change, "activities-edited", _label(wish), len(outlook.changing))
    return change.result


def shelve_many(chosen: Chosen, *, by: User, version: int, at: datetime) -> Changed:
    """Move many cards to the shelf, as one step; those that are there already stay where they are."""
    with changing(chosen.design, by=by, at=at, version=version) as change:
        change.frame = chosen.frame
        places = _on_shelf(chosen, [card for card in chosen.cards if card.week_id is not None])
        change.patch_all((card, places[card.pk]) for card in chosen.cards if card.pk in places)
        said = ngettext(
            "moving %(count)s activity to the shelf", "moving %(count)s activities to the shelf", len(places)
        )
        _name(change, "placements-shelved", said, len(places))
    return change.result


def delete_many(chosen: Chosen, *, by: User, version: int, at: datetime) -> Changed:
    """Take many cards off the board, with their links, as one step."""
    with changing(chosen.design, by=by, at=at, version=version) as change:
        for card in chosen.cards:
            refuse_if_held(card, by=by, at=at)
        cards = chosen.cards
        try:
            change.remove_all(cards, {card.pk: levels_in(card) for card in cards})
        except ProtectedError:
            raise PlanRefused(_("Students were offered one of these activities; it cannot be removed.")) from None
        change.touched = frozenset(card.pk for card in cards)
        said = ngettext("removing %(count)s activity", "removing %(count)s activities", len(cards))
        _name(change, "placements-removed", said, len(cards))
    return change.result


def copy_many(chosen: Chosen, *, to: Design, by: User, at: datetime) -> Changed:
    """Copy cards into a draft of another course, as one step there, which can be undone there.

    Weeks are matched by number; what has no such week there goes to its shelf. Questions and files come along, and
    links between the copied cards; outcomes do not, because those of another course say something else.
    """
    with changing(to, by=by, at=at, version=None) as change:
        frame = frames_of(to)[to.pk]
        weeks = {week.number: week.id for week in frame.weeks}
        ends = _ends(Placement.objects.filter(design=to).values_list("week_id", "moment", "position"))
        copies: dict[int, Placement] = {}
        twins = copy_activities(card.activity for card in chosen.cards)
        for card in chosen.cards:
            week = weeks.get(card.week.number) if card.week else None
            copies[card.pk] = Placement(
                design=to,
                activity=twins[card.activity_id],
                week_id=week,
                moment=card.moment,
                position=_next(ends, week, card.moment),
            )
        Placement.objects.bulk_create(copies.values())
        for placement in copies.values():
            change.made(placement)
            change.watch(placement.activity)
        if not _copy_links(change, copies):
            change.frame = frame  # still true
        said = ngettext(
            "copying %(count)s activity from %(course)s", "copying %(count)s activities from %(course)s", len(copies)
        )
        change.touched = frozenset(placement.pk for placement in copies.values())
        change.verb = "placements-copied"
        change.label = said % {"count": len(copies), "course": chosen.design.course.title}
    return change.result


# --- What a wish means for one card -------------------------------------------------------------------------------


def _set_for(activity: Activity, values: Mapping[str, str]) -> Values:
    said: Values = dict(values)
    if said.get("learning_type") and said["learning_type"] == activity.second_type:
        said |= {"second_type": "", "second_share": 0}
    if said.get("grouping") in {Grouping.ALONE, Grouping.CLASS}:
        said["group_size"] = None
    return said


def _typed(card: Placement, kind: ActivityType[Any], left: list[Left]) -> Values:  # any type
    """Another type for a card, where nothing of the old one would be lost."""
    activity = card.activity
    if _kind(activity.type_key) is kind:
        return {}
    made = made_by(card)
    if made.questions and not kind.has_questions:
        reason = _("it has questions, which %(type)s cannot hold")
    elif made.files and not kind.takes_files:
        reason = _("it has files, which %(type)s cannot hold")
    else:
        config = _config_for(activity, kind)
        if config is not None:
            return {"type_key": kind.key, "config": config}
        reason = _("it has settings that %(type)s does not know")
    left.append(Left(activity.title, reason % {"type": kind.label}))
    return {}


def _config_for(activity: Activity, kind: ActivityType[Any]) -> Values | None:  # any type
    """Settings with which this activity can be of another type; None where what was set would be lost."""
    try:
        kind.parse(activity.config)
    except BrokenConfig:
        pass
    else:
        return dict(activity.config)
    try:
        old = activity.type
        nothing_set = old.parse(activity.config) == old.parse({})
        kind.parse({})
    except (BrokenConfig, UnknownType):
        return None
    return {} if nothing_set else None


def _scaled(activity: Activity, percent: int, left: list[Left]) -> Values:
    if activity.minutes is None:
        left.append(Left(activity.title, _("it has no minutes yet")))
        return {}
    if not activity.minutes:
        left.append(Left(activity.title, _("it takes no time")))
        return {}

    def scaled(minutes: int) -> int:
        return min(max(half_up(minutes * percent, 100), 1), MINUTES_MAX)

    values: Values = {"minutes": scaled(activity.minutes)}
    if activity.minutes_low is not None and activity.minutes_high is not None:
        low, high = scaled(activity.minutes_low), scaled(activity.minutes_high)
        # So short that both ends meet: then one number is honest.
        values |= {"minutes_low": low, "minutes_high": high} if low < high else _NO_RANGE
    if values["minutes"] != activity.minutes:
        values["minutes_basis"] = MinutesBasis.ENTERED
    return values


_NO_RANGE: Values = {"minutes_low": None, "minutes_high": None}


# --- Places -------------------------------------------------------------------------------------------------------

Ends = dict[tuple[int | None, str], int]  # the last position of each cell; on the shelf moments do not matter


def _shifted(chosen: Chosen, wish: Wish, left: list[Left]) -> dict[int, Values]:
    moving: list[tuple[Placement, int]] = []
    beyond: list[Placement] = []
    for card in chosen.cards:
        if card.week is None:
            left.append(Left(card.activity.title, _("it is on the shelf")))
            continue
        week = chosen.weeks.get(card.week.number + wish.weeks_by)
        if week is None:
            beyond.append(card)
        else:
            moving.append((card, week))
    if beyond and not wish.to_shelf_beyond:
        raise OutOfDesign([card.activity.title for card in beyond], len(chosen.weeks))
    gone = {card.pk for card, _week in moving} | {card.pk for card in beyond}
    staying = [row for row in chosen.placements if row.pk not in gone]
    ends = _ends((row.week_id, row.moment, row.position) for row in staying)
    # A cell that is empty by then takes the cards at their own positions: shifted back, they stand as they stood.
    free = {(week, card.moment) for card, week in moving if (week, card.moment) not in ends}
    places: dict[int, Values] = {}
    for card, week in moving:
        position = card.position if (week, card.moment) in free else _next(ends, week, card.moment)
        places[card.pk] = {"week_id": week, "position": position}
    return places | _on_shelf(chosen, beyond)


def _on_shelf(chosen: Chosen, cards: Iterable[Placement]) -> dict[int, Values]:
    ends = _ends((row.week_id, row.moment, row.position) for row in chosen.placements if row.week_id is None)
    return {card.pk: {"week_id": None, "position": _next(ends, None, card.moment)} for card in cards}


def _ends(stand: Iterable[tuple[int | None, str, int]]) -> Ends:
    ends: Ends = {}
    for week, moment, position in stand:
        cell = (week, moment if week is not None else "")
        ends[cell] = max(ends.get(cell, -1), position)
    return ends


def _next(ends: Ends, week: int | None, moment: str) -> int:
    cell = (week, moment if week is not None else "")
    ends[cell] = (ends.get(cell, -1) // APART + 1) * APART
    return ends[cell]


def _as_met(placement: Placement) -> tuple[int, int, int, int]:
    week = placement.week.number if placement.week else 0
    return (week, MOMENT_ORDER.get(placement.moment, len(MOMENT_ORDER)), placement.position, placement.pk)


# --- The rest -----------------------------------------------------------------------------------------------------


def _check(chosen: Chosen, wish: Wish) -> None:
    problems: dict[str, list[str]] = {}
    for name, value in wish.values.items():
        if value not in SETTABLE.get(name, ()):
            problems[name] = [_("This is not known.")]
    if wish.type_key and _kind(wish.type_key) is None:
        problems["type_key"] = [_("This type of activity is not installed.")]
    if wish.percent is not None and not 1 <= wish.percent <= PERCENT_MAX:
        problems["percent"] = [_("Give a percentage from 1 to %(most)s.") % {"most": PERCENT_MAX}]
    if not (wish.add | wish.remove) <= {outcome.id for outcome in chosen.frame.outcomes}:
        problems["outcomes"] = [_("This design has no such outcome.")]
    if problems:
        raise BadActivity(problems)


def _kind(key: str) -> ActivityType[Any] | None:  # any type
    try:
        return registry.get(key)
    except UnknownType:
        return None


def _copy_links(change: Changing, copies: Mapping[int, Placement]) -> bool:
    found = Link.objects.filter(source__in=list(copies), target__in=list(copies)).order_by("pk")
    links = [
        Link(design=change.design, source=copies[link.source_id], target=copies[link.target_id], note=link.note)
        for link in found
    ]
    for link in Link.objects.bulk_create(links):
        change.made(link)
    return bool(links)


def _label(wish: Wish) -> str:
    """What a step of this wish is called; `%(count)s` is how many cards it changed."""
    alone = [bool(wish.values), bool(wish.type_key), bool(wish.weeks_by), wish.percent is not None, bool(wish.add)]
    if sum((*alone, bool(wish.remove))) == 1:
        if wish.weeks_by:
            return _("shifting %(count)s activities by %(weeks)s weeks").replace("%(weeks)s", f"{wish.weeks_by:+d}")
        if wish.percent is not None:
            return _("scaling the time of %(count)s activities")
        if wish.type_key:
            return _("another type for %(count)s activities")
    return _("editing %(count)s activities")


def _name(change: Changing, verb: str, label: str, count: int) -> None:
    change.verb = verb
    change.label = label % {"count": count}
