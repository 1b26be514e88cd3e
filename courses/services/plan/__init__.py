"""Verbs of the Studio. Every one is one transaction, one step that can be undone, and one entry in the journal."""

from courses.services.plan.cards import (
    add_activity,
    delete_placement,
    duplicate_placement,
    move_placement,
    update_activity,
)
from courses.services.plan.changing import (
    BadActivity,
    BadPlace,
    Changed,
    NotEditable,
    NothingToUndo,
    PlanRefused,
    StalePlan,
    keep_load,
)
from courses.services.plan.frame import (
    add_outcome,
    add_week,
    edit_outcome,
    remove_outcome,
    remove_week,
    rename_week,
)
from courses.services.plan.owning import copy_activity, is_shared, own_activity
from courses.services.plan.undoing import redo, undo
from courses.services.steps import RowsChanged

__all__ = [
    "BadActivity",
    "BadPlace",
    "Changed",
    "NotEditable",
    "NothingToUndo",
    "PlanRefused",
    "RowsChanged",
    "StalePlan",
    "add_activity",
    "add_outcome",
    "add_week",
    "copy_activity",
    "delete_placement",
    "duplicate_placement",
    "edit_outcome",
    "is_shared",
    "keep_load",
    "move_placement",
    "own_activity",
    "redo",
    "remove_outcome",
    "remove_week",
    "rename_week",
    "undo",
    "update_activity",
]
