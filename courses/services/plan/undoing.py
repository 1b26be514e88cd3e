"""Taking steps back, and making them again. Each person undoes their own steps, latest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connections, router
from django.utils.translation import gettext as _

from courses.models import Design, Step
from courses.services import applying
from courses.services.plan.changing import NothingToUndo, StalePlan, changing, refuse_if_held
from courses.services.steps import RowsChanged

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Placement
    from courses.services.plan.changing import Changed


def undo(design: Design, *, by: User, at: datetime) -> Changed:
    """Take this person's latest step back. Raises NothingToUndo, and RowsChanged when others worked on it since."""
    return _take(design, back=True, by=by, at=at)


def redo(design: Design, *, by: User, at: datetime) -> Changed:
    """Make this person's last undone step again; a new step in between forgets what was undone before it."""
    return _take(design, back=False, by=by, at=at)


def _take(design: Design, *, back: bool, by: User, at: datetime) -> Changed:
    def spare(placement: Placement) -> None:
        """Cards that this would remove are not removed from under whoever edits them."""
        refuse_if_held(placement, by=by, at=at)

    try:
        with changing(design, by=by, at=at, version=None) as change:
            step, beside = _claimed(design, back=back, by=by, at=at)
            change.keeps_step = False
            change.label = step.label
            change.verb = "step-undone" if back else "step-redone"
            change.steps = (beside, step.label) if back else (step.label, beside)
            applying.apply(design, step.changes, back=back, spare=spare)
            change.applied = step.changes
            touched = [row["pk"] for row in step.changes if row["row"] == "placement"]
            if len(touched) == 1:
                change.placement_pk = touched[0]
    except IntegrityError:
        # RACE: what was made again stands on something that is gone, or where something else stands now.
        raise RowsChanged(_("something that was removed or made since")) from None
    return change.result


# --- Claiming a step ------------------------------------------------------------------------------------------------

# RACE: a double click takes back one step, not two. COST: one statement chooses the step, claims it and names the ones
# beside it, which a page offers next; to read, write and read again would be three.
_COLUMNS = "id, design_id, user_id, label, changes, made_at, undone_at"
_UNDO = f"""
UPDATE courses_step SET undone_at = %s
WHERE undone_at IS NULL AND id = (
    SELECT s.id FROM courses_step s WHERE s.design_id = %s AND s.user_id = %s AND s.undone_at IS NULL
    ORDER BY s.id DESC LIMIT 1)
RETURNING {_COLUMNS}, (
    SELECT s.label FROM courses_step s WHERE s.design_id = courses_step.design_id
    AND s.user_id = courses_step.user_id AND s.undone_at IS NULL AND s.id < courses_step.id
    ORDER BY s.id DESC LIMIT 1) AS beside"""  # noqa: S608 -- names of columns
# The one that was taken back last: another may have been taken back before the last ones were made.
_REDO = f"""
UPDATE courses_step SET undone_at = NULL
WHERE undone_at IS NOT NULL AND id = (
    SELECT s.id FROM courses_step s WHERE s.design_id = %s AND s.user_id = %s AND s.undone_at IS NOT NULL
    AND s.id > COALESCE((
        SELECT MAX(l.id) FROM courses_step l
        WHERE l.design_id = s.design_id AND l.user_id = s.user_id AND l.undone_at IS NULL), 0)
    ORDER BY s.undone_at DESC, s.id LIMIT 1)
RETURNING {_COLUMNS}, (
    SELECT s.label FROM courses_step s WHERE s.design_id = courses_step.design_id
    AND s.user_id = courses_step.user_id AND s.undone_at IS NOT NULL AND s.id > courses_step.id
    ORDER BY s.undone_at DESC, s.id LIMIT 1) AS beside"""  # noqa: S608 -- names of columns


def _claimed(design: Design, *, back: bool, by: User, at: datetime) -> tuple[Step, str]:
    """The step that is taken back or made again, claimed, and the name of the next. Raises NothingToUndo, StalePlan."""
    whose = [design.pk, by.pk]
    moment = connections[router.db_for_write(Step)].ops.adapt_datetimefield_value(at)
    found = list(Step.objects.raw(_UNDO, [moment, *whose]) if back else Step.objects.raw(_REDO, whose))
    if found:
        return found[0], found[0].beside or ""  # type: ignore[attr-defined]  # named in the statement
    if Design.objects.filter(pk=design.pk).exclude(plan_version=design.plan_version).exists():
        raise StalePlan  # the other click of two was faster
    raise NothingToUndo(_("There is nothing to undo.") if back else _("There is nothing to do again."))
