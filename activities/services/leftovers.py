"""Stored files that nothing names any more: removed materials, and what a crash left between disk and database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage

from activities.models import AttemptFile, Material, Post

if TYPE_CHECKING:
    from django.db.models import QuerySet

KEPT = timedelta(days=2)  # an upload may be on its way, and a removed material can be put back
AT_ONCE = 500


def sweep_leftovers(*, at: datetime) -> int:
    """Delete stored files that no row has named for two days; answers how many. Safe to run twice, or at once.

    Materials are copied from version to version with their rows, and share one stored file: as long as one row of any
    version names it, it stays.
    """
    before = at - KEPT
    return (
        _sweep("material", Material.objects.all(), before=before)
        + _sweep("attempts", AttemptFile.objects.all(), before=before)
        + _sweep("posts", Post.objects.all(), before=before)
    )


def _sweep(folder: str, rows: QuerySet[Any], *, before: datetime) -> int:
    if not default_storage.exists(folder):
        return 0
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    swept = 0
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        named = set(rows.filter(file__in=some).values_list("file", flat=True))
        for name in some:
            if name not in named and default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                swept += 1
    return swept
