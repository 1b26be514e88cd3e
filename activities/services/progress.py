"""How far students are: one row per student and offer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from activities.models import Progress
from blendedu.kit.writes import change, insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def note_progress(
    offer_id: int, user_ids: Iterable[int], *, state: str, share: int, at: datetime, **fields: object
) -> None:
    """Write how far these students are; one statement, may run twice, later wins."""
    finished = state in {Progress.State.SUBMITTED, Progress.State.DONE}
    about = {"state": state, "share": share, "updated_at": at, "done_at": at if finished else None, **fields}
    _write([Progress(offer_id=offer_id, user_id=user_id, **about) for user_id in set(user_ids)], list(about))


def note_done(offer_id: int, results: Mapping[int, tuple[Decimal | None, Decimal | None]], *, at: datetime) -> None:
    """Write that these students are done, each with points of a maximum; as `note_progress`."""
    about = {"state": Progress.State.DONE, "share": 100, "updated_at": at, "done_at": at}
    rows = [
        Progress(offer_id=offer_id, user_id=user_id, points=points, max_points=max_points, **about)
        for user_id, (points, max_points) in results.items()
    ]
    _write(rows, [*about, "points", "max_points"])


def _write(rows: list[Progress], replaced: list[str]) -> None:
    # RACE: two statements about the same people take their rows in the same order, or each waits for the other.
    rows.sort(key=lambda row: row.user_id)
    unique = ["offer", "user"]
    if len(rows) == 1:
        insert(rows[0], unique=unique, replace=replaced)
    else:
        Progress.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=replaced)


def note_started(offer_id: int, user_ids: Iterable[int], *, at: datetime) -> None:
    """Write that these students began; whoever is further stays there."""
    rows = [Progress(offer_id=offer_id, user_id=user_id, updated_at=at) for user_id in sorted(set(user_ids))]
    if len(rows) == 1:
        insert(rows[0], ignore=True)
    else:
        Progress.objects.bulk_create(rows, ignore_conflicts=True)


_BEST = """
    UPDATE activities_progress
    SET state = 'done', share = 100, updated_at = %s, done_at = COALESCE(done_at, %s),
        max_points = CASE WHEN points IS NULL OR points < %s THEN %s ELSE max_points END,
        points = CASE WHEN points IS NULL OR points < %s THEN %s ELSE points END
    WHERE offer_id = %s AND user_id = %s
"""


def note_best(offer_id: int, user_id: int, *, points: Decimal, max_points: Decimal, at: datetime) -> None:
    """Write that a student's attempt is graded. The best attempt counts, in whatever order they are graded."""
    # RACE: two attempts of one student graded at once. One statement compares and sets, on the row as it is then; a
    # maximum that was read before could be written over a better one.
    if not change(_BEST, [at, at, points, max_points, points, points, offer_id, user_id]):
        note_progress(
            offer_id, [user_id], state=Progress.State.DONE, share=100, at=at, points=points, max_points=max_points
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
    progress.save(update_fields=["played", "position", "share", "state", "done_at", "updated_at"])
    return progress


def note_said_done(offer_id: int, user_id: int, *, at: datetime) -> None:
    """Write that a student says to have done it; said twice, the first time stands."""
    if not Progress.objects.filter(offer=offer_id, user=user_id, state=Progress.State.DONE).exists():
        note_progress(offer_id, [user_id], state=Progress.State.DONE, share=100, at=at)


def note_minutes(offer_id: int, user_id: int, minutes: int, *, at: datetime) -> bool:
    """Write how long it took a student, said by themselves; said again, the last word counts.

    Answers False for whoever has not done it yet.
    """
    done = {Progress.State.SUBMITTED, Progress.State.DONE}
    rows = Progress.objects.filter(offer=offer_id, user=user_id, state__in=done)
    return bool(rows.update(minutes_reported=minutes, updated_at=at))


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
