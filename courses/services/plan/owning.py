"""Copy on write: an activity that others use is copied before it is edited, so an approved design never changes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from activities.models import Activity, Material, Offer, Question
from blendedu.journal.services.entries import record
from courses.models import Design, Placement
from courses.services.plan.changing import NotEditable, StalePlan

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.services.plan.changing import Changing


def shared_beyond(placement_pk: int) -> Q:
    """Of an activity in a query: whether anything but this placement uses it, another design or an offer."""
    others = Placement.objects.filter(activity=OuterRef("pk")).exclude(pk=placement_pk)
    offered = Offer.objects.filter(activity=OuterRef("pk"))
    return Q(Exists(others)) | Q(Exists(offered))


def holds_more() -> Q:
    """Of an activity in a query: whether questions or files hang on it, which a copy takes along."""
    questions = Question.objects.filter(activity=OuterRef("pk"))
    return Q(Exists(questions)) | Q(Exists(Material.objects.filter(activity=OuterRef("pk"))))


def is_shared(placement: Placement) -> bool:
    """Whether anything else uses the activity of this placement: another design, or students who were offered it."""
    return Activity.objects.filter(shared_beyond(placement.pk), pk=placement.activity_id).exists()


def copy_activity(activity: Activity, *, alone: bool = False) -> Activity:
    """A new activity just like this one, with its questions and materials; `alone` where it is known to have none.

    Files are not copied but shared between the rows: a stored file may be removed only when no row names it any more.
    """
    return copy_activities([activity], alone=alone)[activity.pk]


def copy_activities(activities: Iterable[Activity], *, alone: bool = False) -> dict[int, Activity]:
    """The same for many at once: each copy by the number of what it was copied from."""
    originals = list({activity.pk: activity for activity in activities}.values())
    copies: dict[int, Activity] = {}
    for activity in originals:
        copies[activity.pk] = twin = copy(activity)
        twin.pk = None
        twin._state = copy(activity._state)  # noqa: SLF001 -- Django's own documented way to copy a row
        twin._state.adding = True  # noqa: SLF001 -- as above
    Activity.objects.bulk_create(copies.values())
    if alone:
        return copies
    questions = list(Question.objects.filter(activity__in=list(copies)).order_by("pk"))
    materials = list(Material.objects.filter(activity__in=list(copies)).order_by("pk"))
    for question in questions:
        question.pk, question.activity = None, copies[question.activity_id]
    for material in materials:
        material.pk, material.activity = None, copies[material.activity_id]
    Question.objects.bulk_create(questions)
    Material.objects.bulk_create(materials)
    return copies


def own_all(change: Changing, placements: Sequence[Placement], shared: Container[int]) -> None:
    """Let each placement have its activity to itself; `shared` are the placements whose activity others use too."""
    wanted = [placement for placement in placements if placement.pk in shared]
    if not wanted:
        return
    copies = copy_activities(placement.activity for placement in wanted)
    given: dict[int, Activity] = {}
    for placement in wanted:
        # An activity that stands twice in this design: the second has a copy of its own.
        twin = copies.pop(placement.activity_id, None) or copy_activity(placement.activity)
        given[placement.pk] = twin
    change.patch_all((placement, {"activity_id": given[placement.pk].pk}) for placement in wanted)
    for placement in wanted:
        placement.activity = given[placement.pk]


def own(change: Changing, placement: Placement, *, shared: bool | None = None, alone: bool = False) -> Activity:
    """The activity of a placement, to be edited within a change: itself, or its copy if anything else uses it."""
    if is_shared(placement) if shared is None else shared:
        twin = copy_activity(placement.activity, alone=alone)
        change.patch(placement, activity_id=twin.pk)
        placement.activity = twin
    return placement.activity


@transaction.atomic
def own_activity(placement: Placement, *, by: User, at: datetime) -> Activity:
    """The activity of a placement, to have its questions or files edited: itself, or its copy if it is shared.

    This is no step of the plan: the board stays as it is, and its version too. Raises NotEditable in any design but a
    draft, and StalePlan when two people did this at the same moment.
    """
    if not Design.objects.filter(pk=placement.design_id, state=Design.State.DRAFT).exists():
        raise NotEditable
    if not is_shared(placement):
        return placement.activity
    shared = placement.activity_id
    twin = copy_activity(placement.activity)
    # RACE: of two people who begin to edit at once, one makes the copy.
    if not Placement.objects.filter(pk=placement.pk, activity=shared).update(activity=twin):
        raise StalePlan
    placement.activity = twin
    record(
        "activity-copied",
        subject="design",
        subject_id=placement.design_id,
        actor=by,
        at=at,
        about=twin.title,
        details={"from": shared, "to": twin.pk},
    )
    return twin
