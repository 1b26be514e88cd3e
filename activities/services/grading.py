"""Grading by machine, and feedback by people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation

from activities import events
from activities.models import Attempt, Progress, Remark
from activities.queries import attempts as attempt_queries
from activities.questions import grade_paper
from activities.services.progress import note_best, note_done
from blendedu.kit.prepared import prepared
from blendedu.kit.writes import update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from blendedu.people.models import User


class StaleFeedback(Exception):
    """Somebody else changed the feedback on this attempt since the page was drawn."""


@prepared
def _submitted(pk: int) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(pk=pk, state=Attempt.State.SUBMITTED)
    return rows.select_related("offer__activity", "paper", "user").defer(
        "paper__content"
    )  # COST: parsed in the process


@transaction.atomic(savepoint=False)  # a job is a transaction of its own already
def grade_attempt(attempt_id: int, *, at: datetime) -> None:
    """Grade a submitted attempt by its own paper. Done before, or by another worker, it changes nothing."""
    attempt = _submitted.first(attempt_id)
    if attempt is None or attempt.paper is None:
        return
    paper = attempt_queries.paper(attempt.paper_id, attempt.paper.digest)
    result = grade_paper(paper, attempt_queries.answers_of(attempt))
    # RACE: only one of two workers finds the attempt submitted; a lecturer's own grade is never written over.
    attempt.state = Attempt.State.GRADED
    attempt.points, attempt.max_points, attempt.result = result.points, result.max_points, result.to_json()
    attempt.graded_at = attempt.released_at = at
    marks = ("state", "points", "max_points", "result", "graded_at", "released_at")
    if not update(attempt, *marks, where={"state": Attempt.State.SUBMITTED}):
        return
    if attempt.user_id is not None:
        note_best(attempt.offer_id, attempt.user_id, points=result.points, max_points=result.max_points, at=at)
    # The worker has no language of its own; whoever hears of it writes to the student.
    language = attempt.user.language if attempt.user is not None else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        events.attempt_graded.send(sender=Attempt, attempt=attempt, at=at)


@transaction.atomic
def save_feedback(
    attempt: Attempt, *, by: User, points: Decimal | None, feedback: str, revision: int, at: datetime
) -> None:
    """Keep a lecturer's points and words on an attempt; students see them when they are released.

    Raises StaleFeedback when another grader saved meanwhile: nothing is written over.
    """
    saved = (
        Attempt.objects.filter(pk=attempt.pk, revision=revision)
        .exclude(state=Attempt.State.OPEN)
        .update(
            points=points,
            feedback=feedback,
            graded_by=by,
            graded_at=at,
            state=Attempt.State.GRADED,
            revision=F("revision") + 1,
        )
    )
    if not saved:
        raise StaleFeedback


@transaction.atomic
def add_remark(attempt: Attempt, *, author: User, text: str, file_id: int | None, at: datetime) -> Remark:
    """Add a comment to a submission, or to one of its files."""
    return Remark.objects.create(attempt=attempt, author=author, text=text, file_id=file_id, created_at=at)


@transaction.atomic
def release(offer_id: int, attempt_ids: Sequence[int], *, at: datetime) -> int:
    """Show the feedback on these attempts at an offer to their students and tell them, once each. Answers how many.

    The number of queries does not depend on how many there are; whoever has thousands does it piece by piece.
    """
    # RACE: another lecturer may have corrected points since the list was read: what is released is what stands.
    ready = list(
        Attempt.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=attempt_ids, offer=offer_id, state=Attempt.State.GRADED, released_at__isnull=True)
        .select_related("offer__activity")
        .defer("config_seen", "text", "result", "feedback", "offer__activity__config", "offer__activity__brief")
        .order_by("pk")
    )
    if not ready:
        return 0
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in ready]).update(released_at=at)
    for attempt in ready:
        attempt.released_at = at
    note_results(ready, at=at)
    events.attempt_released.send(sender=Attempt, attempts=ready, at=at)
    return len(ready)


def note_results(attempts: Sequence[Attempt], *, at: datetime) -> None:
    """Write the released results of whoever made these attempts, which are at one offer.

    Of several attempts the best counts, as in note_best.
    """
    makers = attempt_queries.makers_of_each(attempts)
    offer_id, owners = attempts[0].offer_id, {owner for each in makers.values() for owner in each}
    # RACE: two attempts of one owner answered at once; each sees the other one once it holds these rows.
    theirs = Progress.objects.filter(offer=offer_id, user__in=owners).order_by("user")
    list(theirs.select_for_update(no_key=True).values_list("pk"))
    note_done(offer_id, attempt_queries.best_results(attempts, makers), at=at)
