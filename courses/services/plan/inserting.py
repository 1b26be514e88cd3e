"""Taking an outline into a design: a pattern, an import, another design. One step, whatever it holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Max, ProtectedError, Q
from django.utils.translation import gettext as _

from activities.models import Activity, Material, Question
from courses.models import WEEKS_MAX, Alignment, Link, Outcome, Placement, Week
from courses.services.plan.cards import checked_values
from courses.services.plan.changing import PlanRefused, changing
from courses.services.plan.frame import OUTCOMES_MAX
from courses.services.plan.places import APART
from courses.services.steps import Recorder

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.outline import Outline, OutlineActivity
    from courses.services.plan.changing import Changed

Files = Mapping[str, Sequence[Material]]
NO_FILES: Files = {}
POINTS_MAX = Decimal("9999.99")  # what the column holds


def insert_outline(
    design: Design,
    outline: Outline,
    *,
    first_week: int = 1,
    replace: bool = False,
    keep_keys: bool = False,
    label: str,
    by: User,
    version: int | None,
    at: datetime,
    files: Files = NO_FILES,
) -> Changed:
    """Add an outline to a draft from a week on, as one step; weeks that are missing are made.

    With `replace`, everything that stands in the draft is taken out in the same step. `files` are those that come
    along, stored and not written yet, by the key of their activity. Raises PlanRefused, StalePlan.
    """
    with changing(design, by=by, at=at, version=version) as change:
        if replace:
            clear(change, design)
        put_outline(change, design, outline, first_week=first_week, keep_keys=keep_keys, files=files)
        change.verb = "plan-inserted"
        change.label = label
    return change.result


def put_outline(
    recorder: Recorder,
    design: Design,
    outline: Outline,
    *,
    first_week: int = 1,
    keep_keys: bool = False,
    files: Files = NO_FILES,
) -> None:
    """Write an outline into a design, within a change. Keys are kept where nobody else has them. Raises PlanRefused."""
    keys = _Keys(design, outline) if keep_keys else None
    weeks = _weeks(recorder, design, outline, first_week, keys)
    outcomes = _outcomes(recorder, design, outline, keys)
    placements = _cards(recorder, design, outline.activities, weeks, outcomes, first_week, keys, files)
    for said in outline.links:
        link = Link(design=design, source=placements[said.source], target=placements[said.target], note=said.note)
        link.save(force_insert=True)
        recorder.made(link)


def clear(recorder: Recorder, design: Design) -> None:
    """Take everything out of a draft, within a change that puts something else in its place. Raises PlanRefused."""
    served: dict[int, dict[int, int | None]] = {}
    for aligned in Alignment.objects.filter(placement__design=design):
        served.setdefault(aligned.placement_id, {})[aligned.outcome_id] = aligned.level
    try:
        recorder.remove_all(list(Placement.objects.filter(design=design).order_by("pk")), served)
        recorder.remove_frame(list(Outcome.objects.filter(design=design).order_by("pk")))
        recorder.remove_frame(list(Week.objects.filter(design=design).order_by("pk")))
    except ProtectedError:
        raise PlanRefused(_("Students were offered some of these activities, so they cannot be removed.")) from None


@dataclass(slots=True)
class _Keys:
    """Which keys of an outline may be kept: those that stand neither in this design nor in another course."""

    taken: set[str]

    def __init__(self, design: Design, outline: Outline) -> None:
        self.taken = {
            *_taken(design, Placement, (each.key for each in outline.activities)),
            *_taken(design, Outcome, (each.key for each in outline.outcomes)),
            *_taken(design, Week, (each.key for each in outline.weeks if each.key)),
        }

    def of(self, key: str) -> uuid.UUID:
        return uuid.UUID(key) if key and key not in self.taken else uuid.uuid4()


def _taken(design: Design, model: type[Placement | Outcome | Week], keys: Iterable[str]) -> set[str]:
    there = model.objects.filter(Q(design=design) | ~Q(design__course=design.course_id), key__in=list(keys))
    return {str(key) for key in there.order_by().values_list("key", flat=True)}


def _key(keys: _Keys | None, key: str) -> uuid.UUID:
    return uuid.uuid4() if keys is None else keys.of(key)


def _weeks(
    recorder: Recorder, design: Design, outline: Outline, first_week: int, keys: _Keys | None
) -> dict[int, Week]:
    there = {week.number: week for week in Week.objects.filter(design=design)}
    said = {week.number + first_week - 1: week for week in outline.weeks}
    last = max(said, default=0)
    if last > WEEKS_MAX:
        told = {"most": WEEKS_MAX, "last": last}
        raise PlanRefused(_("A design has at most %(most)s weeks; this would reach week %(last)s.") % told)
    made = []
    for number in range(1, last + 1):
        week = said.get(number)
        if number not in there:
            made.append(
                Week(
                    design=design,
                    key=_key(keys, week.key if week else ""),
                    number=number,
                    title=week.title if week else "",
                    teaching=week.teaching if week else True,
                )
            )
        elif week and week.title and not there[number].title:
            recorder.patch(there[number], title=week.title)
    Week.objects.bulk_create(made)
    for row in made:
        recorder.made(row)
    return there | {week.number: week for week in made}


def _outcomes(recorder: Recorder, design: Design, outline: Outline, keys: _Keys | None) -> dict[str, Outcome]:
    """The outcomes by their key in the outline. One with the same key or the same words is there already."""
    there = list(Outcome.objects.filter(design=design).order_by("number"))
    by_key = {str(outcome.key): outcome for outcome in there}
    by_text = {outcome.text.casefold(): outcome for outcome in there}
    by_number = {f"lo{outcome.number}": outcome for outcome in there}
    found: dict[str, Outcome] = {}
    made: list[Outcome] = []
    taken = {outcome.number for outcome in there}
    for said in outline.outcomes:
        known = (
            (by_key.get(said.key) if keys else None)
            or by_text.get(said.text.casefold())
            or by_number.get(said.text.casefold())
        )
        if known is None:
            number = said.number if said.number not in taken else max(taken, default=0) + 1
            taken.add(number)
            known = Outcome(design=design, key=_key(keys, said.key), number=number, text=said.text, level=said.level)
            made.append(known)
            by_text[said.text.casefold()] = known
        found[said.key] = known
    if len(there) + len(made) > OUTCOMES_MAX:
        raise PlanRefused(_("A design has at most %(most)s outcomes.") % {"most": OUTCOMES_MAX})
    Outcome.objects.bulk_create(made)
    for row in made:
        recorder.made(row)
    return found


def _cards(
    recorder: Recorder,
    design: Design,
    said: Iterable[OutlineActivity],
    weeks: Mapping[int, Week],
    outcomes: Mapping[str, Outcome],
    first_week: int,
    keys: _Keys | None,
    files: Files,
) -> dict[str, Placement]:
    """The placements by their key in the outline, each at the end of its cell."""
    rows = list(said)
    ends: dict[tuple[int | None, str], int] = {
        (week, "" if week is None else moment): last
        for week, moment, last in Placement.objects.filter(design=design)
        .order_by()
        .values_list("week_id", "moment")
        .annotate(last=Max("position"))
    }
    activities = Activity.objects.bulk_create(_activity(each, files.get(each.key, ())) for each in rows)
    placements: dict[str, Placement] = {}
    served: dict[str, dict[int, int | None]] = {}
    for each, activity in zip(rows, activities, strict=True):
        week = None if each.week is None else weeks.get(each.week + first_week - 1)
        cell = (week.pk if week else None, each.moment if week else "")
        position = (ends.get(cell, -1) // APART + 1) * APART
        ends[cell] = position
        placements[each.key] = Placement(
            design=design,
            key=_key(keys, each.key),
            activity=activity,
            week=week,
            moment=each.moment,
            position=position,
        )
        served[each.key] = {outcomes[key].pk: level for key, level in each.outcomes}
    Placement.objects.bulk_create(placements.values())
    Alignment.objects.bulk_create(
        Alignment(placement=placements[key], outcome_id=outcome, level=level)
        for key, levels in served.items()
        for outcome, level in levels.items()
    )
    _questions(rows, activities)
    for each, activity in zip(rows, activities, strict=True):
        for file in files.get(each.key, ()):
            file.activity = activity
    Material.objects.bulk_create(file for each in rows for file in files.get(each.key, ()))
    for key, placement in placements.items():
        recorder.made(placement, outcomes=served[key])
        recorder.watch(placement.activity)
    return placements


def _activity(each: OutlineActivity, files: Sequence[Material]) -> Activity:
    values: dict[str, Any] = checked_values(each.values)  # Any: what the columns hold
    activity = Activity(**values)
    if each.files or files:
        # The settings must not say that a file is there that was only described.
        activity.config = activity.type.with_files(activity.config, {file.kind for file in files}, None)
    activity.points = min(sum((Decimal(str(row["points"])) for row in each.questions), Decimal(0)), POINTS_MAX)
    return activity


def _questions(rows: Iterable[OutlineActivity], activities: Iterable[Activity]) -> None:
    Question.objects.bulk_create(
        Question(activity=activity, key=content["key"], kind=content["kind"], position=place, content=content)
        for each, activity in zip(rows, activities, strict=True)
        for place, content in enumerate(each.questions)
    )
