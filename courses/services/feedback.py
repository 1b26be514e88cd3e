"""Feedback of lecturers on what was handed in: kept as a draft, shown when it is released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from activities.models import Attempt, AttemptFile, Remark
from activities.services import grading
from blendedu.journal.models import Entry
from blendedu.journal.queries import carried_out
from blendedu.journal.services.entries import record
from blendedu.journal.services.jobs import enqueue
from courses.queries.feedback import RELEASE, draft_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities.models import Offer
    from blendedu.people.models import User

# COST: one transaction, and a lecturer waits for it. More is a worker's.
RELEASED_AT_ONCE = 100


class NoSuchRemark(LookupError):
    """No comment of this author, on this submission, can be taken back."""


class GoneAlready(NoSuchRemark):
    """There is no such comment at all: taken back before, by the first of two clicks."""


@transaction.atomic
def give(
    attempt: Attempt,
    *,
    points: Decimal | None,
    feedback: str,
    remark: str,
    file: AttemptFile | None,
    revision: int,
    release: bool,
    by: User,
    at: datetime,
) -> None:
    """Keep points, words and perhaps one more comment, and show them at once if asked to: all of it, or nothing.

    Raises grading.StaleFeedback when another lecturer saved since the page was drawn. The same form sent twice, by a
    double click or after a lost answer, is one.
    """
    try:
        grading.save_feedback(attempt, by=by, points=points, feedback=feedback, revision=revision, at=at)
    except grading.StaleFeedback:
        same = {"points": points, "feedback": feedback, "graded_by": by, "revision": revision + 1}
        said = Attempt.objects.filter(pk=attempt.pk, **same)
        if release:
            said = said.filter(released_at__isnull=False)
        if remark:
            said = said.filter(remarks__author=by, remarks__text=remark)
        if not said.exists():
            raise
        return
    if remark:
        grading.add_remark(attempt, author=by, text=remark, file_id=file.pk if file else None, at=at)
    fresh = Attempt.objects.select_related("offer__activity", "user", "group").get(pk=attempt.pk)
    record(
        "feedback.saved",
        subject="attempt",
        subject_id=attempt.pk,
        actor=by,
        at=at,
        about=fresh.offer.activity.title,
        details={"points": _text(points), "before": _text(attempt.points)},
    )
    if fresh.is_released:
        # Students see a correction at once; the week and the gradebook read the points from their progress.
        grading.note_results([fresh], at=at)
    elif release:
        release_feedback(fresh.offer, [fresh.pk], by=by, at=at)


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:f}"


@dataclass(frozen=True, slots=True)
class Released:
    """How many submissions have their feedback shown now, and how many a worker is showing."""

    now: int = 0
    soon: int = 0


@transaction.atomic
def release_feedback(offer: Offer, attempt_ids: Sequence[int], *, by: User, at: datetime) -> Released:
    """Show the feedback on these submissions to their students and tell them, once each.

    Of more than a page can wait for, the decision is written down, and a worker carries it out (`release_more`).
    """
    if len(attempt_ids) <= RELEASED_AT_ONCE:
        released = grading.release(offer.pk, attempt_ids, at=at)
        if released:
            _note_release(offer, attempt_ids, count=released, by=by, at=at)
        return Released(released)
    # Two clicks are one decision. Two at the very same moment are two, of which the second finds everything done.
    decided = carried_out(RELEASE, "offer", offer.pk)
    wanted = set(attempt_ids).difference(*[details["attempts"] for details, going_on in decided if going_on])
    if wanted:
        entry = _note_release(offer, sorted(wanted), count=len(wanted), by=by, at=at)
        enqueue(RELEASE, entry.pk, at=at)
    return Released(soon=len(attempt_ids))


def _note_release(offer: Offer, attempt_ids: Sequence[int], *, count: int, by: User, at: datetime) -> Entry:
    return record(
        "feedback.released",
        subject="offer",
        subject_id=offer.pk,
        actor=by,
        at=at,
        about=offer.activity.title,
        details={"attempts": list(attempt_ids), "count": count},
    )


@transaction.atomic
def release_more(entry_id: int, *, at: datetime) -> None:
    """Show the next of the submissions that a lecturer decided to release, and write a job for those after them.

    May run twice: what is released already is left alone. The piece, and the job for the next one, are one transaction,
    so that a worker that dies in between leaves the decision as it found it.
    """
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        return
    left = sorted(set(entry.details["attempts"]).intersection(draft_ids(entry.subject_id)))
    grading.release(entry.subject_id, left[:RELEASED_AT_ONCE], at=at)
    if len(left) > RELEASED_AT_ONCE:
        enqueue(RELEASE, entry.pk, at=at)


@transaction.atomic
def take_back_remark(attempt: Attempt, remark_id: int, *, by: User, at: datetime) -> None:
    """Take back a comment of one's own. Raises NoSuchRemark, GoneAlready."""
    deleted, _by_model = Remark.objects.filter(pk=remark_id, attempt=attempt, author=by).delete()
    if not deleted:
        raise NoSuchRemark if Remark.objects.filter(pk=remark_id).exists() else GoneAlready
    record("feedback.remark-removed", subject="attempt", subject_id=attempt.pk, actor=by, at=at)
