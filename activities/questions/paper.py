"""A question paper, and the marks for a whole attempt.

A paper is a snapshot: an attempt keeps the paper that it was answered on, and its digest names that paper for ever.
Editing a question makes another paper; the marks on the old one cannot change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Self

from activities.questions.contract import (
    NOTHING,
    BadResponse,
    BrokenQuestion,
    Json,
    Problem,
    Question,
    QuestionResult,
)
from activities.questions.reading import NOT_AN_OBJECT, Reader, unique
from activities.questions.registry import parse_into
from activities.questions.words import Sentence, gettext_noop

MAX_QUESTIONS = 200
MAX_TITLE = 300


@dataclass(frozen=True)
class Paper:
    """The questions of a quiz as they stood at one moment. It may hold none yet."""

    questions: tuple[Question, ...] = ()
    title: str = ""

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Raises `BrokenQuestion` with every problem of every question."""
        if not isinstance(data, Mapping):
            raise BrokenQuestion([Problem("", NOT_AN_OBJECT)])
        problems: list[Problem] = []
        reader = Reader(data, "", problems)
        title = reader.text("title", limit=MAX_TITLE)
        read = [
            parse_into(row.as_json(), where=row.where, problems=problems)
            for row in reader.rows("questions", least=0, most=MAX_QUESTIONS, default=())
        ]
        questions = tuple(question for question in read if question is not None)
        unique([question.key for question in questions], reader, "questions")
        reader.finish()
        if problems:
            raise BrokenQuestion(problems)
        return cls(questions, title)

    def to_json(self) -> dict[str, Json]:
        return {"title": self.title, "questions": [question.to_json() for question in self.questions]}

    @cached_property
    def _digest(self) -> str:
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def digest(self) -> str:
        """The name of exactly this paper: 64 hexadecimal digits, the same on every machine."""
        return self._digest

    @cached_property
    def by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def max_points(self) -> Decimal:
        return sum((question.points for question in self.questions), NOTHING)


@dataclass(frozen=True)
class PaperResult:
    """The marks for an attempt, and for each question by its key."""

    points: Decimal
    max_points: Decimal
    results: Mapping[str, QuestionResult] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        return {
            "points": str(self.points),
            "max_points": str(self.max_points),
            "results": {key: result.to_json() for key, result in self.results.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        results = data["results"]
        if not isinstance(results, dict):
            raise TypeError("The results of a paper are kept under the keys of the questions.")
        read = {}
        for key, result in results.items():
            if not isinstance(result, dict):
                raise TypeError("The result of a question is an object.")
            read[key] = QuestionResult.from_json(result)
        return cls(Decimal(str(data["points"])), Decimal(str(data["max_points"])), read)


def grade_paper(paper: Paper, answers: Mapping[str, Json]) -> PaperResult:
    """The marks for these answers on this paper.

    Raises `BadResponse` for an answer to a question that the paper does not have, and for one that does not fit its
    question: both can only mean that the wrong paper was taken or a row was damaged, and zero points would be a lie.
    """
    results = {
        question.key: question.grade(question.response(answers.get(question.key))) for question in paper.questions
    }
    for key, value in answers.items():
        if key not in results and value is not None:
            raise BadResponse(f"q-{key[:40]}", Sentence(gettext_noop("This paper has no such question.")))
    points = sum((result.points for result in results.values()), NOTHING)
    return PaperResult(points, paper.max_points, results)
