"""How far students are: one row per student and offer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from activities.models import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RANK = {Progress.State.STARTED: 0, Progress.State.SUBMITTED: 1, Progress.State.DONE: 2}


def note_progress(
    offer_id: int, user_ids: Iterable[int], *, state: str, share: int, at: datetime, **fields: object
) -> None:
    """Write how far these students are; one statement, may run twice, later wins."""
    finished = state in {Progress.State.SUBMITTED, Progress.State.DONE}
    rows = [
        Progress(
            offer_id=offer_id,
            user_id=user_id,
            state=state,
            share=share,
            updated_at=at,
            done_at=at if finished else None,
            **fields,
        )
        for user_id in user_ids
    ]
    Progress.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["offer", "user"],
        update_fields=["state", "share", "updated_at", "done_at", *fields],
    )


@transaction.atomic
def note_played(
    offer_id: int,
    user_id: int,
    *,
    played: Sequence[tuple[int, int]],
    position: int,
    length: int,
    done_from: int,
    at: datetime,
) -> Progress:
    """Add the stretches of a clip that were played; done once `done_from` per cent were seen.

    Never takes progress back.
    """
    progress, _made = Progress.objects.select_for_update().get_or_create(
        offer_id=offer_id, user_id=user_id, defaults={"updated_at": at}
    )
    seen = merge([*((int(a), int(b)) for a, b in progress.played), *played], length)
    share = min(100, round(100 * sum(b - a for a, b in seen) / length)) if length else 0
    progress.played = [list(stretch) for stretch in seen]
    progress.position = max(0, min(position, length))
    progress.share = max(progress.share, share)
    if progress.share >= done_from and not progress.is_done:
        progress.state = Progress.State.DONE
        progress.done_at = at
    progress.updated_at = at
    progress.save()
    return progress


def merge(stretches: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Overlapping stretches joined, cut to the length of the clip, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, a), min(length, b)) for a, b in stretches):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
