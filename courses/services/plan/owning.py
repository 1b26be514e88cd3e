"""Copy on write: an activity that others use is copied before it is edited, so an approved design never changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, Q

from activities.models import Activity, Material, Offer, Question
from blendedu.journal.services.entries import record
from courses.models import Design, Placement
from courses.services.plan.changing import NotEditable, StalePlan

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.services.plan.changing import Changing


def is_shared(placement: Placement) -> bool:
    """Whether anything else uses the activity of this placement: another design, or students who were offered it."""
    others = Placement.objects.filter(activity=placement.activity_id).exclude(pk=placement.pk)
    offered = Offer.objects.filter(activity=placement.activity_id)
    return Activity.objects.filter(Q(Exists(others)) | Q(Exists(offered)), pk=placement.activity_id).exists()


def copy_activity(activity: Activity) -> Activity:
    """A new activity just like this one, with its questions and materials.

    Files are not copied but shared between the rows: a stored file may be removed only when no row names it any more.
    """
    copy = Activity.objects.get(pk=activity.pk)
    copy.pk = None
    copy._state.adding = True  # noqa: SLF001 -- Django's own documented way to copy a row
    copy.save(force_insert=True)
    questions = list(Question.objects.filter(activity=activity.pk).order_by("pk"))
    materials = list(Material.objects.filter(activity=activity.pk).order_by("pk"))
    for question in questions:
        question.pk, question.activity = None, copy
    for material in materials:
        material.pk, material.activity = None, copy
    Question.objects.bulk_create(questions)
    Material.objects.bulk_create(materials)
    return copy


def own(change: Changing, placement: Placement) -> Activity:
    """The activity of a placement, to be edited within a change: itself, or its copy if anything else uses it."""
    if is_shared(placement):
        copy = copy_activity(placement.activity)
        change.patch(placement, activity_id=copy.pk)
        placement.activity = copy
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
    copy = copy_activity(placement.activity)
    # RACE: of two people who begin to edit at once, one makes the copy.
    if not Placement.objects.filter(pk=placement.pk, activity=shared).update(activity=copy):
        raise StalePlan
    placement.activity = copy
    record(
        "activity-copied",
        subject="design",
        subject_id=placement.design_id,
        actor=by,
        at=at,
        about=copy.title,
        details={"from": shared, "to": copy.pk},
    )
    return copy
