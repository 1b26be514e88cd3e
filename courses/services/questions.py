"""The questions of an activity of a design. An activity that other versions share is copied before it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from activities.services import questions
from courses.queries.plan import fingerprint, outcome_ids_of
from courses.queries.questions import asked_in
from courses.services.plan import own_activity, use_estimate

if TYPE_CHECKING:
    from activities.models import Question
    from activities.questions import Json
    from blendedu.people.models import User
    from courses.models import Placement


@transaction.atomic
def add(
    placement: Placement,
    contents: Sequence[Mapping[str, Json]],
    *,
    by: User,
    at: datetime,
    position: int | None = None,
) -> list[Question]:
    """Add questions at the end, or at a position.

    Raises BrokenQuestion, TooManyQuestions, and NotEditable in any design but a draft.
    """
    return questions.add_questions(own_activity(placement, by=by, at=at), contents, by=by, at=at, position=position)


@transaction.atomic
def change(
    placement: Placement, key: str, content: Mapping[str, Json], *, seen: str, by: User, at: datetime
) -> Question:
    """Change a question. Raises BrokenQuestion, NoSuchQuestion, StaleQuestion, NotEditable."""
    return questions.change_question(own_activity(placement, by=by, at=at), key, content, seen=seen, by=by, at=at)


@transaction.atomic
def move(placement: Placement, key: str, *, to: int, by: User, at: datetime) -> int:
    """Put a question at another place, counted from 0. Raises NoSuchQuestion, NotEditable."""
    return questions.move_question(own_activity(placement, by=by, at=at), key, to=to)


@transaction.atomic
def remove(placement: Placement, key: str, *, by: User, at: datetime) -> tuple[int, dict[str, Json]]:
    """Take a question away; answers its place and content, which bring it back. Raises NoSuchQuestion, NotEditable."""
    return questions.remove_question(own_activity(placement, by=by, at=at), key, by=by, at=at)


def take_minutes(placement: Placement, *, by: User, at: datetime) -> None:
    """Plan the minutes that the questions are estimated to take: a step of the plan that can be undone.

    Raises NotEditable, StalePlan, BadActivity where there are no questions.
    """
    seen = fingerprint(placement.activity, outcome_ids_of(placement))
    use_estimate(placement, method="quiz", inputs=asked_in(placement.activity), seen=seen, by=by, at=at)
