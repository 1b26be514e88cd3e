"""Starting, answering, submitting and closing an attempt.

Every function may be called twice, by two tabs or after a lost response, and answers the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from activities import events, jobs
from activities.contract import Grading
from activities.models import Answer, Attempt, Progress
from activities.queries import attempts as attempt_queries
from activities.questions import BadResponse, Sentence, fold
from activities.questions import Entry as AnswerEntry
from activities.questions.words import gettext_noop
from activities.services.progress import note_progress, note_started
from blendedu.journal.services.jobs import enqueue
from blendedu.kit.prepared import Prepared, prepared
from blendedu.kit.writes import change, insert, update
from blendedu.people.models import Group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from activities.models import Offer, Paper
    from activities.questions import Json, Question
    from blendedu.people.models import User

# A save that left the browser in time but came in a moment late still counts; the clock shown ends before it.
GRACE = timedelta(seconds=5)
# SECURITY: a log that grows without end is an attack on the disk; the longest examination stays far below.
LINES_MAX = 20_000
_RACES_MAX = 3


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


class TooManySaves(AttemptRefused):
    """The log of the attempt is full."""


class StaleAnswers(Exception):
    """The answers were changed in another tab since this page was drawn; `answers` is what is saved."""

    def __init__(self, revision: int, answers: Mapping[str, Json]) -> None:
        self.revision = revision
        self.answers = dict(answers)
        super().__init__(f"Revision {revision} is newer.")


@dataclass(frozen=True, slots=True)
class Saved:
    """The receipt for an answer: its revision, and how it was understood when that is not plain."""

    revision: int
    echo: Sentence | None = None


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
    for turn in range(1, _RACES_MAX + 1):
        if group is None:
            earlier = attempt_queries.own_attempts(offer, user)
        else:
            earlier = list(attempt_queries.attempts_of(offer, group=group))
        current = next((attempt for attempt in earlier if attempt.state == Attempt.State.OPEN), None)
        if current is not None and (current.ends_at is None or at <= current.ends_at + GRACE):
            return current
        if current is not None:
            close_attempt(current.pk, at=at)
        if not offer.is_open(at):
            raise NotOpen(_("This is not open now."))
        used = max((attempt.number for attempt in earlier), default=0)
        if attempts_allowed is not None and used >= attempts_allowed:
            raise NoAttemptsLeft(_("You have used all your attempts."))
        ends_at = end_of(offer, started_at=at, limit_minutes=limit_minutes)
        try:
            with transaction.atomic():
                begun = Attempt(
                    offer=offer,
                    user=None if group is not None else user,
                    group=group,
                    number=used + 1,
                    started_at=at,
                    ends_at=ends_at,
                    paper=paper,
                    max_points=paper.max_points if paper else max_points,
                    config_seen=dict(config_seen or {}),
                )
                insert(begun)
                if ends_at is not None:
                    enqueue(jobs.CLOSE, begun.pk, at=at, due_at=ends_at + GRACE)
                note_started(offer.pk, [user.pk], at=at)
        except IntegrityError:
            # RACE: another click of the same person was first; look again and give back that one. Or a lecturer took
            # the group away at this moment.
            if group is not None and not Group.objects.filter(pk=group.pk).exists():
                raise NotOpen(_("Your group was changed meanwhile. Look at this page again.")) from None
            if turn == _RACES_MAX:
                raise
        else:
            return begun
    raise AssertionError("The last turn returns or raises.")


def save_answer(
    attempt_id: int,
    *,
    user: User,
    offer_id: int,
    question: str,
    given: Mapping[str, Sequence[str]],
    based_on: int,
    at: datetime,
) -> Saved:
    """Add one line to the log of answers; `given` holds the fields of the question as a form sends them.

    A line is never added after the submission, and its revision must be the next one, so that a tab that has not seen
    the last answer cannot write. Raises AttemptRefused, StaleAnswers, BadResponse (nothing is kept then) and
    Attempt.DoesNotExist when it is not this user's.
    """
    # COST: the hot path of an examination: one look and one small write, which is a transaction by itself. The answer
    # is read here and not in the view, because only the attempt says which paper it belongs to.
    attempt = _found(_answered, attempt_id, user=user, offer_id=offer_id)
    refuse_unless_open(attempt, at)
    response = _asked(attempt, question).read(given)
    if based_on == attempt.last_revision:
        _refuse_when_full(based_on + 1)
        if _add_line(attempt.pk, based_on + 1, question, response.value, at=at):
            return Saved(based_on + 1, response.echo)
        # RACE: between the look and the write it was handed in, or another tab was first; look again.
        refuse_unless_open(_found(_answered, attempt_id, user=user, offer_id=offer_id), at)
    revision = _said_before(attempt_id, question=question, value=response.value, based_on=based_on)
    return Saved(revision, response.echo)


def _add_line(attempt_id: int, revision: int, question: str, value: Json, *, at: datetime) -> bool:
    """Add a line as long as the attempt is open and nobody has this revision. Answers whether it was added."""
    # RACE: one statement looks, locks and writes. Whoever hands in holds the row of the attempt: this waits for them
    # and then finds it closed. Of two tabs with one revision, the constraint lets one through.
    is_postgres = connection.vendor == "postgresql"
    sql = f"""
        INSERT INTO activities_answer (attempt_id, revision, question, value, saved_at)
        SELECT id, %s, %s, %s{"::jsonb" if is_postgres else ""}, %s FROM activities_attempt
        WHERE id = %s AND state = 'open' AND (ends_at IS NULL OR ends_at >= %s)
        {"FOR NO KEY UPDATE" if is_postgres else ""}
        ON CONFLICT DO NOTHING
    """  # noqa: S608 -- the two pieces that differ are written here
    kept = None if value is None else connection.ops.adapt_json_value(value, None)
    return change(sql, [revision, question, kept, at, attempt_id, at - GRACE]) == 1


def _found(
    query: Prepared[Attempt], attempt_id: int, *, user: User, offer_id: int
) -> Any:  # Any: an Attempt with last_revision
    attempt: Any = query.first(attempt_id, user.pk, offer_id)
    if attempt is None:
        raise Attempt.DoesNotExist
    attempt.last_revision = attempt.last_revision or 0
    return attempt


@prepared
def _answered(pk: int, user: int, offer: int) -> QuerySet[Attempt]:
    last = Answer.objects.filter(attempt=OuterRef("pk")).order_by("-revision").values("revision")[:1]
    return (
        Attempt.objects.select_related("paper")
        .only("state", "ends_at", "paper__digest")
        .annotate(last_revision=Subquery(last))
        .filter(pk=pk, user=user, offer=offer)
    )


@prepared
def _answered_and_locked(pk: int, user: int, offer: int) -> QuerySet[Attempt]:
    return _answered.build(pk, user, offer).select_for_update(no_key=True, of=("self",))


def _asked(attempt: Attempt, key: str) -> Question:
    if attempt.paper is not None:
        paper = attempt_queries.paper(attempt.paper.pk, attempt.paper.digest)
        if key in paper.by_key:
            return paper.by_key[key]
    raise BadResponse("question", Sentence(gettext_noop("This paper has no such question.")))


def _said_before(attempt_id: int, *, question: str, value: Json, based_on: int) -> int:
    # A retry after a lost response says the same thing about the same revision: that is no conflict.
    lines = _log(attempt_id)
    for line in lines:
        if line.revision == based_on + 1 and line.key == question and line.value == value:
            return line.revision
    raise StaleAnswers(max((line.revision for line in lines), default=0), fold(lines))


def _log(attempt_id: int) -> list[AnswerEntry]:
    lines = Answer.objects.filter(attempt_id=attempt_id).order_by("revision")
    return [AnswerEntry(*line) for line in lines.values_list("revision", "question", "value")]


def refuse_unless_open(attempt: Attempt, at: datetime) -> None:
    """Raises AlreadySubmitted or TimeIsUp when nothing can be answered any more."""
    if attempt.state != Attempt.State.OPEN:
        raise AlreadySubmitted(_("This attempt is submitted. Nothing can be changed any more."))
    if attempt.ends_at is not None and at > attempt.ends_at + GRACE:
        raise TimeIsUp(_("The time is up. What you had saved before is handed in for you."))


def save_answers(
    attempt_id: int, *, user: User, offer_id: int, answers: Mapping[str, object], based_on: int, at: datetime
) -> int:
    """Add the answers that differ from what is saved; answers the last revision. For a page without scripts.

    Raises AttemptRefused, StaleAnswers, BadResponse, Attempt.DoesNotExist.
    """
    with transaction.atomic():
        attempt = _found(_answered_and_locked, attempt_id, user=user, offer_id=offer_id)
        refuse_unless_open(attempt, at)
        return _add_all(attempt, answers, based_on, at)


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
    The attempt, the grading job and the progress are one transaction. Never raises TimeIsUp: an attempt whose time is
    up is handed in as it was saved. Raises StaleAnswers, BadResponse, Attempt.DoesNotExist.
    """
    with transaction.atomic():
        attempt = _held.first(attempt_id, user.pk, offer.pk)
        if attempt is None:
            raise Attempt.DoesNotExist
        if attempt.state != Attempt.State.OPEN:
            return attempt
        in_time = attempt.ends_at is None or at <= attempt.ends_at + GRACE
        if last_answers and based_on is not None and in_time:
            _add_all(attempt, last_answers, based_on, at)
        # Within the grace the receipt says the end of the time, not a moment after it.
        _hand_in(attempt, by=user, at=min(at, attempt.ends_at or at))
    return attempt


@prepared
def _held(pk: int, user: int, offer: int) -> QuerySet[Attempt]:
    rows = Attempt.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk, user=user, offer=offer)
    return rows.select_related("offer__activity", "paper").defer("paper__content")


def _add_all(attempt: Attempt, answers: Mapping[str, object], based_on: int, at: datetime) -> int:
    """Write the answers that say something new. The caller holds the row, so nobody writes in between."""
    lines = _log(attempt.pk)
    saved = fold(lines)
    revision = max((line.revision for line in lines), default=0)
    read = {key: _asked(attempt, key).response(value).value for key, value in answers.items()}
    fresh = {key: value for key, value in read.items() if saved.get(key) != value}
    if not fresh:
        return revision
    if revision != based_on:
        raise StaleAnswers(revision, saved)
    _refuse_when_full(revision + len(fresh))
    Answer.objects.bulk_create(
        Answer(attempt=attempt, revision=revision + step, question=key, value=value, saved_at=at)
        for step, (key, value) in enumerate(fresh.items(), start=1)
    )
    return revision + len(fresh)


def _refuse_when_full(revision: int) -> None:
    if revision > LINES_MAX:
        raise TooManySaves(_("This attempt was saved too often. Hand it in as it is."))


def _hand_in(attempt: Attempt, *, by: User | None, at: datetime) -> None:
    """The one place where an attempt becomes submitted; the caller holds the row."""
    attempt.state = Attempt.State.SUBMITTED
    attempt.submitted_at = at
    attempt.submitted_by = by
    attempt.late = _is_late(attempt, by=by, at=at)
    update(attempt, "state", "submitted_at", "submitted_by", "late")
    if attempt.offer.activity.type.grading == Grading.AUTOMATIC:
        enqueue(jobs.GRADE, attempt.pk, at=at)
    owners = attempt_queries.makers_of(attempt)
    if attempt.group_id is not None:
        # Whoever presses the button is one of them, also if somebody moves them to another group at this moment.
        owners = sorted({*owners, *([by.pk] if by is not None else [])})
        attempt.makers.add(*owners)
    note_progress(attempt.offer_id, owners, state=Progress.State.SUBMITTED, share=100, at=at)
    events.attempt_submitted.send(sender=Attempt, attempt=attempt, at=at)


def _is_late(attempt: Attempt, *, by: User | None, at: datetime) -> bool:
    """Late is what a student did after the due date. That the server closed it later is not the student's doing."""
    due = attempt.offer.due_at
    if at <= due:
        return False
    # Work that nobody handed in by the due date is late too, or waiting for the closing would be the way around it.
    if by is not None or attempt.paper_id is None:
        return True
    last = Answer.objects.filter(attempt=attempt).aggregate(last=Max("saved_at"))["last"]
    return last is not None and last > due


def hand_in_work(attempt_id: int, *, by: User, text: str, at: datetime, revision: int) -> Attempt:
    """Hand in an upload, alone or for one's group; the files are there already. Once, as submit_attempt.

    Raises NotOpen after the offer has closed and StaleAnswers when a group member changed the text meanwhile.
    """
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("offer__activity")
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
    return attempt


def close_attempt(attempt_id: int, *, at: datetime) -> bool:
    """Hand in an attempt whose time is up, with what was saved. Answers whether it was still open.

    Too early (the closing time was moved) does nothing but write the job again for the new time. Work without a word
    or a file stays as it is: nobody hands in nothing.
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
        if _is_empty_work(attempt):
            return False
        _hand_in(attempt, by=None, at=attempt.ends_at)
    return True


def _is_empty_work(attempt: Attempt) -> bool:
    if attempt.paper_id is not None or attempt.text.strip():
        return False
    return not attempt.files.filter(removed_at__isnull=True).exists()
