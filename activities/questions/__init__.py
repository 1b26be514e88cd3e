"""Questions: six kinds, what students may see of them, what they answered, and what it is worth.

This package is pure: standard library only, no Django, no database, no clock. To add a kind, write a module like its
neighbours and import it here.

    paper = Paper.from_json(config)                 a snapshot; `paper.digest()` names it
    public(question, seed)                          all that a student may see, choices in the order of this seed
    question.read(request_form).value               what to keep; `.echo` tells how a number was understood
    fold(entries)                                   the answers that stand, from the log of all saves
    grade_paper(paper, answers).to_json()           the marks
    blank, form_of, refill, from_form, from_lines   the editor's side
"""

from collections.abc import Mapping, Sequence

from activities.questions.contract import (
    BadResponse,
    BrokenQuestion,
    Description,
    Json,
    Problem,
    Question,
    QuestionResult,
    Response,
    State,
)
from activities.questions.editing import blank, form_of, from_form, refill
from activities.questions.lines import LineProblem, Proposal, from_lines
from activities.questions.log import Entry, fold
from activities.questions.matching import Matching
from activities.questions.multiple import MultipleChoice
from activities.questions.numerical import Numerical
from activities.questions.paper import Paper, PaperResult, grade_paper
from activities.questions.registry import describe, kinds, parse
from activities.questions.short import ShortAnswer
from activities.questions.single import SingleChoice
from activities.questions.truefalse import TrueFalse
from activities.questions.words import Sentence


def public(question: Question, seed: str | int | None = None) -> dict[str, Json]:
    """What a student may see of a question before the marks are out. Give the seed of the attempt."""
    return question.public(seed)


def shown_order(question: Question, seed: str | int | None) -> tuple[str, ...]:
    """The keys of a question's choices in the order in which this seed shows them, the same after every reload."""
    return question.shown_order(seed)


def read(question: Question, raw: Mapping[str, Sequence[str]]) -> Response:
    """The answer to a question in a browser's form. Raises `BadResponse`."""
    return question.read(raw)


def grade(question: Question, response: Response) -> QuestionResult:
    """The marks for one answer."""
    return question.grade(response)


__all__ = [
    "BadResponse",
    "BrokenQuestion",
    "Description",
    "Entry",
    "Json",
    "LineProblem",
    "Matching",
    "MultipleChoice",
    "Numerical",
    "Paper",
    "PaperResult",
    "Problem",
    "Proposal",
    "Question",
    "QuestionResult",
    "Response",
    "Sentence",
    "ShortAnswer",
    "SingleChoice",
    "State",
    "TrueFalse",
    "blank",
    "describe",
    "fold",
    "form_of",
    "from_form",
    "from_lines",
    "grade",
    "grade_paper",
    "kinds",
    "parse",
    "public",
    "read",
    "refill",
    "shown_order",
]
