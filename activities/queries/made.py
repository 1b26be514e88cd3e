"""What has been made for many activities at once, for lists that say what is not built yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from activities.contract import BrokenConfig, Made
from activities.models import Material, Question
from activities.registry import UnknownType

if TYPE_CHECKING:
    from activities.models import Activity

_FILES = {f"made_{kind}": str(kind) for kind in Material.Kind}


def made_columns(path: str) -> dict[str, Exists]:
    """What to annotate rows with that lead to an activity by `path`, for `made_by` to read; no query of its own."""
    columns = {"made_questions": Exists(Question.objects.filter(activity=OuterRef(path)))}
    for column, kind in _FILES.items():
        columns[column] = Exists(Material.objects.filter(activity=OuterRef(path), kind=kind))
    return columns


def made_by(row: Any) -> Made:  # Any: a row with made_columns
    """What has been made for the activity of an annotated row."""
    files = frozenset(kind for column, kind in _FILES.items() if getattr(row, column))
    return Made(questions=row.made_questions, files=files)


def missing_of(activity: Activity, made: Made) -> tuple[str, ...]:
    """What an activity still lacks, in words. Never raises: what cannot be read is what is missing."""
    try:
        return activity.type.missing(activity, made)
    except BrokenConfig as broken:
        return tuple(broken.problems.values())
    except UnknownType:
        return (_("its type is not installed"),)
