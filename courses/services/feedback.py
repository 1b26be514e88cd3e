"""Feedback of lecturers on what was handed in: kept as a draft, shown when it is released."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from activities.models import Attempt, AttemptFile, Remark
from activities.services import grading
from blendedu.journal.services.entries import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blendedu.people.models import User


class NoSuchRemark(LookupError):
    """No comment of this author, on this submission, can be taken back."""


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
        grading.note_result(fresh, at=at)
    elif release:
        release_feedback([fresh], by=by, at=at)


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:f}"


@transaction.atomic
def release_feedback(attempts: Sequence[Attempt], *, by: User, at: datetime) -> int:
    """Show the feedback on these submissions to their students, once each. Answers how many were new."""
    released = grading.release(attempts, by=by, at=at)
    if released:
        record(
            "feedback.released",
            subject="offer",
            subject_id=attempts[0].offer_id,
            actor=by,
            at=at,
            about=attempts[0].offer.activity.title,
            details={"attempts": [attempt.pk for attempt in attempts], "count": released},
        )
    return released


@transaction.atomic
def take_back_remark(attempt: Attempt, remark_id: int, *, by: User, at: datetime) -> None:
    """Take back a comment of one's own. Raises NoSuchRemark."""
    deleted, _by_model = Remark.objects.filter(pk=remark_id, attempt=attempt, author=by).delete()
    if not deleted:
        raise NoSuchRemark
    record("feedback.remark-removed", subject="attempt", subject_id=attempt.pk, actor=by, at=at)
