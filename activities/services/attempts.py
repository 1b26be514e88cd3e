"""Starting, answering, submitting and closing an attempt.

Every function may be called twice, by two tabs or after a lost response, and answers the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from activities import events, jobs
from activities.contract import Grading
from activities.models import Answer, Attempt, Paper, Progress
from activities.questions import Entry as AnswerEntry
from activities.questions import fold
from activities.services.progress import note_progress
from blendedu.journal.services.jobs import enqueue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities.models import Offer
    from blendedu.people.models import Group, User

# A save that left the browser in time but came in a moment late still counts; the clock shown ends before it.
GRACE = timedelta(seconds=5)


class AttemptRefused(Exception):
    """This cannot be done with the attempt; the text says why, in words for the student."""


class NotOpen(AttemptRefused):
    """The offer is not open, or is closed by now."""


class NoAttemptsLeft(AttemptRefused):
    """All attempts are used."""


class TimeIsUp(AttemptRefused):
    """The time limit of the attempt has passed."""


class AlreadySubmitted(AttemptRefused):
    """The attempt is handed in; nothing can be changed."""


class StaleAnswers(Exception):
    """The answers were changed in another tab since this page was drawn; `answers` is what is saved."""

    def __init__(self, revision: int, answers: Mapping[str, object]) -> None:
        self.revision = revision
        self.answers = dict(answers)
        super().__init__(f"Revision {revision} is newer.")


def end_of(offer: Offer, *, started_at: datetime, limit_minutes: int | None) -> datetime | None:
    """When an attempt must be in: the time limit or the closing of the offer, whichever comes first."""
    ends = [offer.closes_at] if offer.closes_at else []
    if limit_minutes:
        ends.append(started_at + timedelta(minutes=limit_minutes))
    return min(ends, default=None)


def start_attempt(
    offer: Offer,
    *,
    user: User,
    group: Group | None = None,
    at: datetime,
    attempts_allowed: int | None = 1,
    limit_minutes: int | None = None,
    paper: Paper | None = None,
    config_seen: Mapping[str, object] | None = None,
    max_points: Decimal | None = None,
) -> Attempt:
    """The open attempt of this student or group; begins one when there is none.

    Raises NotOpen, NoAttemptsLeft. Fifty clicks at once begin one attempt: the database holds one open attempt per
    owner, and whoever loses the race gets the winner's.
    """
    owner = {"group": group, "user": None} if group is not None else {"user": user, "group": None}
    mine = Attempt.objects.filter(offer=offer, **owner)
    existing = mine.filter(state=Attempt.State.OPEN).select_related("paper").first()
    if existing is not None and (existing.ends_at is None or at <= existing.ends_at + GRACE):
        return existing
    if existing is not None:
        close_attempt(existing.pk, at=at)
    if not offer.is_open(at):
        raise NotOpen(_("This is not open now."))
    used = mine.aggregate(last=Max("number"))["last"] or 0
    if attempts_allowed is not None and used >= attempts_allowed:
        raise NoAttemptsLeft(_("You have used all your attempts."))
    ends_at = end_of(offer, started_at=at, limit_minutes=limit_minutes)
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                offer=offer,
                number=used + 1,
                started_at=at,
                ends_at=ends_at,
                paper=paper,
                max_points=paper.max_points if paper else max_points,
                config_seen=dict(config_seen or {}),
                **owner,
            )
            if ends_at is not None:
                enqueue(jobs.CLOSE, attempt.pk, at=at, due_at=ends_at + GRACE)
    except IntegrityError:
        # RACE: another click of the same person was first.
        return mine.filter(state=Attempt.State.OPEN).select_related("paper").get()
    return attempt


def save_answer(
    attempt_id: int, *, user: User, offer_id: int, question: str, value: object, based_on: int, at: datetime
) -> int:
    """Add one line to the log of answers; answers its revision.

    Two queries in one short transaction: the attempt is read with a lock, so that a line is never added after the
    submission; the line's revision must be the next one, so that a tab that has not seen the last answer cannot write.
    Raises AttemptRefused, StaleAnswers; Attempt.DoesNotExist when it is not this user's.
    """
    try:
        with transaction.atomic():
            attempt = (
                Attempt.objects.select_for_update(no_key=True)
                .only("state", "ends_at")
                .get(pk=attempt_id, user=user, offer_id=offer_id)
            )
            _refuse_unless_open(attempt, at)
            Answer.objects.create(
                attempt_id=attempt.pk, revision=based_on + 1, question=question, value=value, saved_at=at
            )
    except IntegrityError:
        return _accept_if_said_before(attempt_id, question=question, value=value, based_on=based_on)
    return based_on + 1


def _accept_if_said_before(attempt_id: int, *, question: str, value: object, based_on: int) -> int:
    # A retry after a lost response says the same thing about the same revision: that is no conflict.
    lines = [AnswerEntry(*line) for line in _log(attempt_id)]
    for line in lines:
        if line.revision == based_on + 1 and line.key == question and line.value == value:
            return line.revision
    raise StaleAnswers(max((line.revision for line in lines), default=0), fold(lines))


def _log(attempt_id: int) -> list[tuple[int, str, object]]:
    lines = Answer.objects.filter(attempt_id=attempt_id).order_by("revision")
    return list(lines.values_list("revision", "question", "value"))


def _refuse_unless_open(attempt: Attempt, at: datetime) -> None:
    if attempt.state != Attempt.State.OPEN:
        raise AlreadySubmitted(_("This attempt is submitted. Nothing can be changed any more."))
    if attempt.ends_at is not None and at > attempt.ends_at + GRACE:
        raise TimeIsUp(_("The time is up. What you had saved before is handed in for you."))


def submit_attempt(
    attempt_id: int,
    *,
    user: User,
    offer: Offer,
    at: datetime,
    last_answers: Mapping[str, object] | None = None,
    based_on: int | None = None,
) -> Attempt:
    """Hand in, once. A second click, however close behind, gets the same receipt.

    `last_answers` are those that the page had not saved yet; they count when the page has seen the latest revision.
    The attempt, the grading job and the progress are one transaction. Raises TimeIsUp never: an attempt whose time is up
    is handed in as it was saved. Raises StaleAnswers, Attempt.DoesNotExist.
    """
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("offer__activity")
            .get(pk=attempt_id, user=user, offer=offer)
        )
        if attempt.state != Attempt.State.OPEN:
            return attempt
        in_time = attempt.ends_at is None or at <= attempt.ends_at + GRACE
        if last_answers and based_on is not None and in_time:
            _add_last(attempt, last_answers, based_on, at)
        _hand_in(attempt, by=user, at=at if in_time else (attempt.ends_at or at))
    return attempt


def _add_last(attempt: Attempt, last: Mapping[str, object], based_on: int, at: datetime) -> None:
    lines = [AnswerEntry(*line) for line in _log(attempt.pk)]
    saved = fold(lines)
    revision = max((line.revision for line in lines), default=0)
    fresh = {key: value for key, value in last.items() if saved.get(key) != value}
    if not fresh:
        return
    if revision > based_on:
        raise StaleAnswers(revision, saved)
    Answer.objects.bulk_create(
        Answer(attempt=attempt, revision=revision + step, question=key, value=value, saved_at=at)
        for step, (key, value) in enumerate(fresh.items(), start=1)
    )


def _hand_in(attempt: Attempt, *, by: User | None, at: datetime) -> None:
    """The one place where an attempt becomes submitted; the caller holds the row."""
    attempt.state = Attempt.State.SUBMITTED
    attempt.submitted_at = at
    attempt.submitted_by = by
    # Handing in at the limit is not late: the limit is the student's own, the due date is everybody's.
    attempt.late = at > attempt.offer.due_at
    attempt.save(update_fields=["state", "submitted_at", "submitted_by", "late"])
    if attempt.offer.activity.type.grading == Grading.AUTOMATIC:
        enqueue(jobs.GRADE, attempt.pk, at=at)
    if attempt.user_id is not None:
        note_progress(attempt.offer_id, [attempt.user_id], state=Progress.State.SUBMITTED, share=100, at=at)
    events.attempt_submitted.send(sender=Attempt, attempt=attempt, at=at)


def hand_in_work(attempt_id: int, *, by: User, text: str, at: datetime, revision: int) -> Attempt:
    """Hand in an upload, alone or for one's group; the files are there already. Once, as submit_attempt.

    Raises NotOpen after the offer has closed and StaleAnswers when a group member changed the text meanwhile.
    """
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("offer__activity", "group")
            .get(pk=attempt_id)
        )
        if attempt.state != Attempt.State.OPEN:
            return attempt
        if not attempt.offer.is_open(at):
            raise NotOpen(_("This is closed; it took work until the closing time."))
        if attempt.revision != revision:
            raise StaleAnswers(attempt.revision, {"text": attempt.text})
        attempt.text = text
        attempt.revision = revision + 1
        attempt.save(update_fields=["text", "revision"])
        _hand_in(attempt, by=by, at=at)
        if attempt.group is not None:
            members = list(attempt.group.memberships.values_list("user_id", flat=True))
            note_progress(attempt.offer_id, members, state=Progress.State.SUBMITTED, share=100, at=at)
    return attempt


def close_attempt(attempt_id: int, *, at: datetime) -> bool:
    """Hand in an attempt whose time is up, with what was saved. Answers whether it was still open.

    Too early (the closing time was moved) does nothing but write the job again for the new time.
    """
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("offer__activity")
            .filter(pk=attempt_id, state=Attempt.State.OPEN)
            .first()
        )
        if attempt is None or attempt.ends_at is None:
            return False
        if at < attempt.ends_at:
            enqueue(jobs.CLOSE, attempt.pk, at=at, due_at=attempt.ends_at + GRACE)
            return False
        _hand_in(attempt, by=None, at=attempt.ends_at)
    return True
