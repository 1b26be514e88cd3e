"""Taking steps back, and making them again. Each person undoes their own steps, latest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from courses.models import Placement, Step
from courses.services import steps
from courses.services.plan.changing import NothingToUndo, StalePlan, changing, refuse_if_held

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.services.plan.changing import Changed


def undo(design: Design, *, by: User, at: datetime) -> Changed:
    """Take this person's latest step back. Raises NothingToUndo, and RowsChanged when others worked on it since."""
    step = Step.objects.filter(design=design, user=by, undone_at=None).order_by("-pk").first()
    if step is None:
        raise NothingToUndo(_("There is nothing to undo."))
    return _apply(design, step, back=True, by=by, at=at)


def redo(design: Design, *, by: User, at: datetime) -> Changed:
    """Make this person's last undone step again; a new step in between forgets what was undone before it."""
    mine = Step.objects.filter(design=design, user=by)
    last = mine.filter(undone_at=None).order_by("-pk").values_list("pk", flat=True).first() or 0
    # The one that was taken back last: another may have been taken back before the last ones were made.
    step = mine.filter(undone_at__isnull=False, pk__gt=last).order_by("-undone_at", "pk").first()
    if step is None:
        raise NothingToUndo(_("There is nothing to do again."))
    return _apply(design, step, back=False, by=by, at=at)


def _apply(design: Design, step: Step, *, back: bool, by: User, at: datetime) -> Changed:
    with changing(design, by=by, at=at, version=None) as change:
        change.keeps_step = False
        change.label = step.label
        change.verb = "step-undone" if back else "step-redone"
        # RACE: a double click takes back one step, not two.
        claimed = Step.objects.filter(pk=step.pk, undone_at__isnull=back)
        if not claimed.update(undone_at=at if back else None):
            raise StalePlan
        _leave_held(step, back=back, by=by, at=at)
        steps.apply(design, step.changes, back=back)
        change.applied = step.changes
        touched = [row["pk"] for row in step.changes if row["row"] == "placement"]
        if len(touched) == 1:
            change.placement_pk = touched[0]
    return change.result


def _leave_held(step: Step, *, back: bool, by: User, at: datetime) -> None:
    """Cards that this would remove are not removed from under whoever edits them."""
    goes = "before" if back else "after"
    removed = [row["pk"] for row in step.changes if row["row"] == "placement" and row[goes] is None]
    if removed:
        for placement in Placement.objects.filter(pk__in=removed).select_related("activity", "lock__user"):
            refuse_if_held(placement, by=by, at=at)
