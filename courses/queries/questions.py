"""The questions of an activity, as the lecturer who writes them sees them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from activities.models import Question as Row
from activities.queries.attempts import begun_on_earlier
from activities.queries.papers import rows_of
from activities.questions import BrokenQuestion, Matching, Numerical, ShortAnswer, TrueFalse, describe, parse
from activities.words import say
from courses import workload
from courses.models import Placement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from activities.models import Activity
    from activities.questions import Question


@dataclass(frozen=True, slots=True)
class Listed:
    """A question in the list: what it asks, what is right, and what is wrong with it when it cannot be read."""

    row: Row
    number: int
    label: str
    icon: str
    text: str
    points: Decimal
    correct: str
    earlier: int  # attempts that keep an earlier version of it
    problem: str = ""


@dataclass(frozen=True, slots=True)
class QuestionList:
    """All questions of an activity, with what they come to."""

    listed: tuple[Listed, ...]
    points: Decimal
    estimate: workload.Estimate | None

    @property
    def last(self) -> int:
        return len(self.listed) - 1


def question_list(placement: Placement) -> QuestionList:
    """The questions of a placement's activity; two queries, whatever there is."""
    rows = rows_of(placement.activity)
    same_card = Placement.objects.filter(key=placement.key, design__course=placement.design.course_id)
    earlier = begun_on_earlier(same_card.values_list("activity", flat=True), {row.key: row.content for row in rows})
    listed = tuple(_listed(row, number, earlier) for number, row in enumerate(rows, start=1))
    return QuestionList(
        listed, points=sum((each.points for each in listed), Decimal(0)), estimate=_estimate([row.kind for row in rows])
    )


def _listed(row: Row, number: int, earlier: Counter[str]) -> Listed:
    try:
        question = parse(row.content)
    except BrokenQuestion as broken:
        problem = " ".join(say(each.message) for each in broken.problems)
        text = str(row.content.get("text", "")) if isinstance(row.content, dict) else ""
        return Listed(row, number, row.kind, "triangle-alert", text, Decimal(0), "", earlier[row.key], problem)
    about = describe(question.kind)
    return Listed(
        row,
        number,
        label=about.label,
        icon=about.icon,
        text=question.text,
        points=question.points,
        correct=correct_of(question),
        earlier=earlier[row.key],
    )


def correct_of(question: Question) -> str:
    """The right answer in words, as the engine says it after grading."""
    return question.grade(question.response(None)).correct


_ASKS = {
    TrueFalse.kind: workload.Question.RECALL,
    ShortAnswer.kind: workload.Question.SHORT_ANSWER,
    Numerical.kind: workload.Question.SHORT_ANSWER,
    Matching.kind: workload.Question.SHORT_ANSWER,
}


def asked_in(activity: Activity) -> dict[str, int]:
    """How many questions of each kind the estimator knows an activity has; one query."""
    return asked_by(Row.objects.filter(activity=activity).values_list("kind", flat=True))


def asked_by(kinds: Iterable[str]) -> dict[str, int]:
    """The same from their kinds: choosing counts as applied knowledge, typing and matching as a short answer."""
    return dict(Counter(_ASKS.get(kind, workload.Question.APPLIED).value for kind in kinds))


def _estimate(kinds: Sequence[str]) -> workload.Estimate | None:
    return workload.reckon("quiz", asked_by(kinds)) if kinds else None
