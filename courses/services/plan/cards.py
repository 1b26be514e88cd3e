"""What is done with cards: add, edit, move, duplicate, remove."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, Q, Subquery
from django.utils.translation import gettext as _

from activities.contract import BrokenConfig
from activities.models import (
    MINUTES_MAX,
    Activity,
    Assessment,
    Environment,
    Grouping,
    LearningType,
    MinutesBasis,
    Timing,
)
from activities.registry import UnknownType
from courses.changes import Spot
from courses.models import Alignment, Link, Outcome, Placement, Step
from courses.queries.plan import ACTIVITY_FIELDS, fingerprint, levels_of, seen_of
from courses.services.plan.changing import (
    BadActivity,
    BadPlace,
    FieldsChanged,
    PlanRefused,
    StalePlan,
    changing,
    refuse_if_held,
)
from courses.services.plan.owning import copy_activity, holds_more, own, shared_beyond
from courses.services.plan.places import cell_of, room_in
from courses.services.plan.times import reckoned

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.services.plan.changing import Changed, Changing
    from courses.services.plan.times import Inputs
    from courses.services.steps import Levels

Values = Mapping[str, Any]  # Any: what the columns of an activity hold
TITLE_MAX = 160
_TIME = ("minutes", "minutes_low", "minutes_high")


def add_activity(
    design: Design,
    *,
    values: Values,
    week: int | None,
    moment: str,
    outcomes: Iterable[int] = (),
    by: User,
    version: int,
    at: datetime,
    estimate: tuple[str, Inputs] | None = None,
) -> Changed:
    """Put a new activity at the end of a cell, or on the shelf. Raises BadActivity, BadPlace, StalePlan.

    `estimate` is the way and the inputs of an estimate that was taken over; it is kept also beside a time that was then
    typed over it.
    """
    if estimate is not None:
        kept = reckoned(*estimate)
        is_it = values.get("minutes") == kept["minutes"] and values.get("minutes_low") is None
        values = {
            **values,
            "estimate": kept,
            "minutes_basis": MinutesBasis.ESTIMATED if is_it else MinutesBasis.ENTERED,
        }
    with changing(design, by=by, at=at, version=version) as change:
        served = _outcomes_in(design, outcomes)
        cell = cell_of(design, week, moment)
        activity = Activity(**checked_values(values))
        activity.save(force_insert=True)
        placement = Placement.objects.create(
            design=design,
            activity=activity,
            week_id=cell.week_id,
            moment=moment,
            position=room_in(change, cell, None),
        )
        align(placement, served)
        change.made(placement, outcomes=served)
        change.watch(activity)
        _name(change, placement, "placement-added", _("adding “%(title)s”"), activity.title)
    return change.result


def update_activity(
    placement: Placement,
    *,
    values: Values,
    outcomes: Iterable[int],
    seen: str,
    move: tuple[Spot, Spot] | None = None,
    by: User,
    at: datetime,
) -> Changed:
    """Edit an activity; if anything else uses it, a copy is edited and the other stays as it is.

    `seen` is the fingerprint of what the editor was opened on, and `move` says where the card stood then and where it
    shall stand, at the end of that cell. Raises StalePlan when somebody changed or moved it since; what others did
    elsewhere on the board is no conflict. Raises BadActivity, BadPlace.
    """
    design = placement.design
    with changing(design, by=by, at=at, version=None) as change:
        fresh = Placement.objects.select_related("activity", "week").filter(pk=placement.pk).first()
        if fresh is None:
            raise StalePlan
        before = levels_of(fresh)
        if fingerprint(fresh.activity, before) != seen:
            raise StalePlan
        served = {pk: before.get(pk) for pk in _outcomes_in(design, outcomes)}
        checked = checked_values({**_values_of(fresh.activity), **with_basis(fresh.activity, values)})
        if any(getattr(fresh.activity, name) != value for name, value in checked.items()):
            change.patch(own(change, fresh), **checked)
        change.set_outcomes(fresh, before, served)
        if move is not None and move[0] != move[1]:
            _move(change, fresh, *move)
        _name(change, fresh, "activity-edited", _("editing “%(title)s”"), checked["title"])
    return change.result


def _move(change: Changing, placement: Placement, was: Spot, now: Spot) -> None:
    stands = Spot(placement.week.number if placement.week else None, placement.moment)
    if stands != was:
        raise StalePlan
    cell = cell_of(placement.design, now.week, now.moment)
    position = room_in(change, cell.without(placement.pk), None)
    change.patch(placement, week_id=cell.week_id, moment=now.moment, position=position)


def edit_fields(
    placement: Placement,
    *,
    values: Values,
    outcomes: Iterable[int] | None = None,
    seen: Mapping[str, str],
    label: str = "",
    by: User,
    at: datetime,
) -> Changed:
    """Change some fields of an activity and leave the rest to others; edits that follow each other soon are one step.

    `seen` says per field what it held when it was shown (`queries.plan.seen_of`): FieldsChanged names those that hold
    something else now. `outcomes` None leaves them. `placement` must have been read together with its design, which
    proves that nothing was written in between. Raises BadActivity, StalePlan.
    """
    design = placement.design
    with changing(design, by=by, at=at, version=None) as change:
        before = levels_of(placement) if outcomes is not None or "outcomes" in seen else {}
        taken = tuple(field for field, held in seen.items() if seen_of(placement.activity, field, before) != held)
        if taken:
            raise FieldsChanged(taken)
        checked = checked_values({**_values_of(placement.activity), **with_basis(placement.activity, values)})
        change.latest, shared, alone = _latest_step(design, placement, by)
        if any(getattr(placement.activity, name) != value for name, value in checked.items()):
            change.patch(own(change, placement, shared=shared, alone=alone), **checked)
        if outcomes is not None:
            served = {pk: before.get(pk) for pk in _outcomes_in(design, outcomes)}
            change.set_outcomes(placement, before, served)
        _name(change, placement, "activity-edited", label or _("editing “%(title)s”"), checked["title"])
    return change.result


def _latest_step(design: Design, placement: Placement, by: User) -> tuple[Step | None, bool, bool]:
    """The latest step of this person, undone or not; of the activity, whether others use it, and if it stands alone."""
    # COST: one query for all; an edit has ten.
    latest = Step.objects.filter(design=design, user=by).order_by("-pk")
    asked = Activity.objects.filter(pk=placement.activity_id).annotate(
        shared=shared_beyond(placement.pk),
        more=holds_more(),
        step_pk=Subquery(latest.values("pk")[:1]),
        step_changes=Subquery(latest.values("changes")[:1]),
        made_at=Subquery(latest.values("made_at")[:1]),
        undone_at=Subquery(latest.values("undone_at")[:1]),
    )
    row = asked.values("shared", "more", "step_pk", "step_changes", "made_at", "undone_at").get()
    if row["step_pk"] is None:
        return None, row["shared"], not row["more"]
    step = Step(pk=row["step_pk"], changes=row["step_changes"], made_at=row["made_at"], undone_at=row["undone_at"])
    return step, row["shared"], not row["more"]


def move_placement(
    placement: Placement,
    *,
    week: int | None,
    moment: str,
    index: int | None = None,
    environment: str = "",
    learning_type: str = "",
    timing: str = "",
    by: User,
    version: int,
    at: datetime,
) -> Changed:
    """Move a card to a week (None: the shelf) and moment, at an index of the cell from 0 (None: at the end).

    What divides the cells of a lens (environment, learning type, timing) is taken on too. Raises BadPlace, StalePlan.
    """
    with changing(placement.design, by=by, at=at, version=version) as change:
        cell = cell_of(placement.design, week, moment)
        stands = cell.index(placement.pk)
        rest = cell.without(placement.pk)
        if stands is None or (index is not None and stands != max(0, min(index, len(rest.cards)))):
            position = room_in(change, rest, index)
            change.patch(placement, week_id=cell.week_id, moment=moment, position=position)
        elif week is None and placement.moment != moment:
            change.patch(placement, moment=moment)
        _take_on(change, placement, environment, learning_type, timing)
        _name(change, placement, "placement-moved", _("move of “%(title)s”"), placement.activity.title)
    return change.result


def duplicate_placement(placement: Placement, *, by: User, version: int, at: datetime) -> Changed:
    """Put a copy of a card right below it, with its questions and files; each is edited for itself from then on."""
    design = placement.design
    with changing(design, by=by, at=at, version=version) as change:
        cell = cell_of(design, placement.week.number if placement.week else None, placement.moment)
        activity = copy_activity(placement.activity)
        title = _("%(title)s (copy)") % {"title": activity.title}
        activity.title = title if len(title) <= TITLE_MAX else activity.title
        activity.save(update_fields=["title"])
        served = levels_of(placement)
        stands = cell.index(placement.pk)
        twin = Placement.objects.create(
            design=design,
            activity=activity,
            week_id=cell.week_id,
            moment=placement.moment,
            position=room_in(change, cell, None if stands is None else stands + 1),
        )
        align(twin, served)
        change.made(twin, outcomes=served)
        change.watch(activity)
        _name(change, twin, "placement-added", _("copying “%(title)s”"), placement.activity.title)
    return change.result


def delete_placement(placement: Placement, *, by: User, version: int, at: datetime) -> Changed:
    """Take a card off the board. The activity itself is kept, so that the step can be undone."""
    with changing(placement.design, by=by, at=at, version=version) as change:
        refuse_if_held(placement, by=by, at=at)
        title = placement.activity.title
        served = levels_of(placement)
        try:
            for link in Link.objects.filter(Q(source=placement) | Q(target=placement)).order_by("pk"):
                change.remove(link)
            change.remove(placement, outcomes=served)
        except ProtectedError:
            raise PlanRefused(
                _("Students were offered “%(title)s”; it cannot be removed.") % {"title": title}
            ) from None
        _name(change, None, "placement-removed", _("removing “%(title)s”"), title)
    return change.result


def with_basis(activity: Activity, values: Values) -> dict[str, Any]:  # Any: what the columns hold
    """The values with how their minutes came about: a time that somebody types over counts as entered.

    The estimate that it replaces is kept, to be seen beside it. One number in the place of a range ends the range.
    """
    if "minutes" not in values:
        return dict(values)
    said = {"minutes_low": None, "minutes_high": None, **values}
    now = {name: getattr(activity, name) for name in _TIME}
    if "minutes_basis" not in said and any(said[name] != now[name] for name in _TIME):
        said["minutes_basis"] = MinutesBasis.ENTERED
    return said


def _take_on(change: Changing, placement: Placement, environment: str, learning_type: str, timing: str) -> None:
    taken: dict[str, str | int] = {}
    if environment:
        if environment not in Environment.values:
            raise BadPlace(_("There is no such environment."))
        taken["environment"] = environment
    if learning_type:
        if learning_type not in LearningType.values:
            raise BadPlace(_("There is no such learning type."))
        taken["learning_type"] = learning_type
        if placement.activity.second_type == learning_type:
            taken |= {"second_type": "", "second_share": 0}
    if timing:
        if timing not in Timing.values:
            raise BadPlace(_("Choose together or own time."))
        taken["timing"] = timing
    if any(getattr(placement.activity, name) != value for name, value in taken.items()):
        change.patch(own(change, placement), **taken)


def _name(change: Changing, placement: Placement | None, verb: str, label: str, title: str) -> None:
    change.verb = verb
    change.label = label % {"title": title if len(title) <= 60 else title[:59] + "…"}
    change.placement_pk = placement.pk if placement else None


def _values_of(activity: Activity) -> dict[str, Any]:  # Any: what the columns hold
    return {name: getattr(activity, name) for name in ACTIVITY_FIELDS}


def align(placement: Placement, served: Levels) -> None:
    """Write the outcomes of a placement that was just made."""
    Alignment.objects.bulk_create(
        Alignment(placement=placement, outcome_id=outcome, level=level) for outcome, level in served.items()
    )


def _outcomes_in(design: Design, outcomes: Iterable[int]) -> dict[int, int | None]:
    wanted = sorted(set(outcomes))
    if not wanted:
        return {}
    known = Outcome.objects.filter(design=design, pk__in=wanted).values_list("pk", flat=True)
    if len(known) != len(wanted):
        raise BadActivity({"outcomes": [_("This design has no such outcome.")]})
    return dict.fromkeys(wanted)


def checked_values(values: Values) -> dict[str, Any]:  # Any: what the columns hold
    """The values as they are stored, or BadActivity: the last word on what an activity may be."""
    unknown = set(values) - set(ACTIVITY_FIELDS)
    if unknown:
        raise BadActivity({name: [_("This is not known.")] for name in sorted(unknown)})
    kept = dict(values)
    kept["title"] = str(kept.get("title", "")).strip()
    if kept.get("assessment", Assessment.NONE) == Assessment.NONE:
        kept["weight"] = 0
    if kept.get("grouping", Grouping.ALONE) not in {Grouping.GROUP, Grouping.PAIR}:
        kept["group_size"] = None
    if not kept.get("second_type"):
        kept["second_type"], kept["second_share"] = "", 0
    # As JSON gives it back, so that what is compared later is what was stored.
    kept["config"] = json.loads(json.dumps(kept.get("config") or {}, default=str))
    problems: dict[str, list[str]] = {}
    try:
        Activity(**kept).clean_fields()
        Activity(**kept).type.parse(kept["config"])
    except ValidationError as error:
        problems.update(error.message_dict)
    except UnknownType:
        problems["type_key"] = [_("This type of activity is not installed.")]
    except BrokenConfig as error:
        problems["config"] = [str(error)]
    if kept.get("minutes_low") is None or kept.get("minutes_high") is None:
        kept["minutes_low"] = kept["minutes_high"] = None
    elif not kept["minutes_low"] < kept["minutes_high"]:
        problems["minutes"] = [_("A range goes from the shorter time to the longer one.")]
    elif not kept["minutes_low"] <= (kept.get("minutes") or 0) <= kept["minutes_high"]:
        problems["minutes"] = [_("The planned time lies outside of its range.")]
    minutes = kept.get("minutes")
    if isinstance(minutes, int) and not 0 <= minutes <= MINUTES_MAX:
        problems["minutes"] = [_("Give a number of minutes from 0 to %(most)s.") % {"most": MINUTES_MAX}]
    if kept["second_type"] and kept["second_type"] == kept.get("learning_type"):
        problems["second_type"] = [_("Choose a second type that differs from the first.")]
    if kept["second_share"] and not 0 < kept["second_share"] <= 50:
        problems["second_share"] = [_("The second type has at most half of the minutes.")]
    if not 0 <= (kept.get("weight") or 0) <= 100:
        problems["weight"] = [_("Give a percentage from 0 to 100.")]
    if problems:
        raise BadActivity(problems)
    return kept
