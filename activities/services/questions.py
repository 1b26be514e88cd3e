"""The questions of an activity: writing them, and the papers that students answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, Paper, Question
from activities.queries.papers import content_of, digest_of, rows_of
from activities.questions import BrokenQuestion, Json, parse
from activities.questions import Paper as ParsedPaper
from activities.questions.paper import MAX_QUESTIONS
from blendedu.journal.services.entries import record
from blendedu.kit.prepared import prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blendedu.people.models import User

_POINTS_MAX = Decimal("9999.99")  # what the column holds


class NotReady(Exception):
    """Students cannot begin; the text says why, in words for them."""


class StaleQuestion(Exception):
    """Somebody else changed this question since the page was drawn; nothing is written over."""


class TooManyQuestions(Exception):
    """An activity holds a bounded number of questions."""


class NoSuchQuestion(LookupError):
    """The activity has no question with this key."""


def paper_for(activity: Activity, *, at: datetime) -> Paper:
    """The questions as they stand now, as the paper that attempts keep (trust.md F36). Raises NotReady.

    Two queries while the questions stay the same. Parallel first starts make one row: the database holds one paper per
    content, and whoever loses the race gets the winner's.
    """
    content = content_of(activity)
    if not content["questions"]:
        raise NotReady(_("This has no questions yet. Your lecturer is still working on it."))
    digest = digest_of(content)
    known = _papers.first(activity.pk, digest)
    if known is not None:
        return known
    try:
        # A question that cannot be read would only be found while grading: it is refused before anybody answers it.
        parsed = ParsedPaper.from_json(content)
    except BrokenQuestion:
        raise NotReady(_("A question of this is broken. Your lecturer has to mend it first.")) from None
    Paper.objects.bulk_create(
        [Paper(activity=activity, digest=digest, content=content, max_points=parsed.max_points, created_at=at)],
        ignore_conflicts=True,
    )
    return Paper.objects.defer("content").get(activity=activity, digest=digest)


@prepared
def _papers(activity: int, digest: str) -> QuerySet[Paper]:
    return Paper.objects.defer("content").filter(activity=activity, digest=digest)


def fingerprint(question: Question) -> str:
    """What a form says it was drawn from, so that a second lecturer's change is noticed."""
    return digest_of({"kind": question.kind, "content": question.content})[:16]


@transaction.atomic
def add_questions(
    activity: Activity, contents: Sequence[Mapping[str, Json]], *, by: User, at: datetime, position: int | None = None
) -> list[Question]:
    """Add questions at the end, or at a position. Raises BrokenQuestion, TooManyQuestions; all or none.

    A key that is taken (a question pasted twice, or brought back while its copy is there) is not added again.
    """
    rows = _held(activity)
    taken = {row.key for row in rows}
    made = []
    for given in contents:
        question = parse(given)
        if question.key not in taken:
            taken.add(question.key)
            content = question.to_json()
            made.append(Question(activity=activity, key=question.key, kind=question.kind, position=0, content=content))
    if len(rows) + len(made) > MAX_QUESTIONS:
        raise TooManyQuestions
    place = len(rows) if position is None else max(0, min(position, len(rows)))
    ordered = [*rows[:place], *made, *rows[place:]]
    for number, row in enumerate(ordered):
        row.position = number
    Question.objects.bulk_create(made)
    Question.objects.bulk_update(rows, ["position"])
    _settle(activity, ordered)
    for row in made:
        _note("question-added", activity, row, by, at)
    return made


@transaction.atomic
def change_question(
    activity: Activity, key: str, content: Mapping[str, Json], *, seen: str, by: User, at: datetime
) -> Question:
    """Change a question; attempts that began keep what they were asked.

    Raises BrokenQuestion, NoSuchQuestion, StaleQuestion when it is not the one that `seen` was drawn from.
    """
    rows = _held(activity)
    row = _find(rows, key)
    question = parse({**content, "key": key})
    if fingerprint(row) != seen and row.content != question.to_json():
        raise StaleQuestion
    row.kind = question.kind
    row.content = question.to_json()
    row.save(update_fields=["kind", "content"])
    _settle(activity, rows)
    _note("question-changed", activity, row, by, at)
    return row


@transaction.atomic
def move_question(activity: Activity, key: str, *, to: int) -> int:
    """Put a question at another place, counted from 0; answers where it stands then. Raises NoSuchQuestion."""
    rows = _held(activity)
    row = _find(rows, key)
    rows.remove(row)
    place = max(0, min(to, len(rows)))
    rows.insert(place, row)
    for number, each in enumerate(rows):
        each.position = number
    Question.objects.bulk_update(rows, ["position"])
    return place


@transaction.atomic
def remove_question(activity: Activity, key: str, *, by: User, at: datetime) -> tuple[int, dict[str, Json]]:
    """Take a question away; answers its place and content, which bring it back. Raises NoSuchQuestion."""
    rows = _held(activity)
    row = _find(rows, key)
    place = rows.index(row)
    content: dict[str, Json] = row.content
    _note("question-removed", activity, row, by, at)
    row.delete()
    rows.remove(row)
    for number, each in enumerate(rows):
        each.position = number
    Question.objects.bulk_update(rows, ["position"])
    _settle(activity, rows)
    return place, content


def _held(activity: Activity) -> list[Question]:
    # RACE: two lecturers add at once; the row of the activity orders them, and positions stay without gaps.
    Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    return rows_of(activity)


def _find(rows: Sequence[Question], key: str) -> Question:
    for row in rows:
        if row.key == key:
            return row
    raise NoSuchQuestion(key)


def _settle(activity: Activity, rows: Sequence[Question]) -> None:
    """The points of an activity with questions are theirs."""
    total = sum((Decimal(str(row.content["points"])) for row in rows), Decimal(0))
    activity.points = min(total, _POINTS_MAX)
    activity.save(update_fields=["points"])


def _note(verb: str, activity: Activity, row: Question, by: User, at: datetime) -> None:
    record(
        verb,
        subject="activity",
        subject_id=activity.pk,
        actor=by,
        at=at,
        about=activity.title,
        details={"question": row.key, "kind": row.kind},
    )
