"""Which steps a person can take back and make again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.models import Step

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design

_LOOKED_AT = 200


def steps_of(design: Design, user: User) -> tuple[str, str]:
    """The names of the steps that this person can undo and redo; empty where there is none. One query."""
    rows = Step.objects.filter(design=design, user=user).order_by("-pk").values_list("label", "undone_at")
    undo, redo, latest = "", "", None
    for label, undone_at in rows[:_LOOKED_AT]:
        if undone_at is None:
            undo = label
            break
        if latest is None or undone_at >= latest:  # what was taken back last is the first to make again
            redo, latest = label, undone_at
    return undo, redo
