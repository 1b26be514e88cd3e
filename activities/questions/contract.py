"""What every kind of question promises: one frozen class each, no database, no clock, no chance.

A question is a value. Its marks depend on nothing but itself and the answer, so the same attempt gives the same marks
today and in five years, in the web process and in the worker.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias

from activities.questions.words import Sentence, gettext_noop

if TYPE_CHECKING:
    from activities.questions.editing import EditorForm, FormShape
    from activities.questions.reading import Reader

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_CHOICES = 50
MAX_POINTS = Decimal(100)
MAX_TEXT = 10_000
MAX_ANSWER = 2_000
"""The longest short answer that a student can give, in characters."""

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
ALL = Decimal(1)

# No hyphen: the field of a pair is `q-<question>-<pair>`, and it must be readable in one way only.
KEY = re.compile(r"[a-z0-9_]{1,40}\Z")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: a path such as `choices.2.text`, or the name of a form field."""

    where: str
    message: Sentence

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else str(self.message)


class BrokenQuestion(ValueError):
    """A question or a paper that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))

    @property
    def where(self) -> str:
        return self.problems[0].where

    @property
    def message(self) -> Sentence:
        return self.problems[0].message

    def by_field(self) -> dict[str, list[Sentence]]:
        """The messages under the field that they belong to, for showing them in place."""
        fields: dict[str, list[Sentence]] = {}
        for problem in self.problems:
            fields.setdefault(problem.where, []).append(problem.message)
        return fields


class BadResponse(ValueError):
    """An answer that does not fit its question; nothing of it is kept."""

    def __init__(self, where: str, message: Sentence) -> None:
        self.where = where
        self.message = message
        super().__init__(f"{where}: {message}")


@dataclass(frozen=True)
class Response:
    """What a student answered, as it is kept (`value`), and how it was understood if that is not plain (`echo`)."""

    value: Json = None
    echo: Sentence | None = None

    @property
    def is_answered(self) -> bool:
        return self.value is not None


class State(StrEnum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class QuestionResult:
    """The marks for one question, with the words that explain them."""

    points: Decimal
    max_points: Decimal
    state: State
    feedback: tuple[str, ...]
    correct: str
    given: str

    def to_json(self) -> dict[str, Json]:
        return {
            "points": str(self.points),
            "max_points": str(self.max_points),
            "state": self.state.value,
            "feedback": list(self.feedback),
            "correct": self.correct,
            "given": self.given,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        feedback = data["feedback"]
        if not isinstance(feedback, list):
            raise TypeError("The feedback of a result is a list of texts.")
        return cls(
            points=Decimal(str(data["points"])),
            max_points=Decimal(str(data["max_points"])),
            state=State(str(data["state"])),
            feedback=tuple(map(str, feedback)),
            correct=str(data["correct"]),
            given=str(data["given"]),
        )


@dataclass(frozen=True)
class Description:
    """How a kind of question is called, drawn and introduced. The texts are marked for translation."""

    kind: str
    position: int  # where an editor offers it: from the most used to the least
    label: str
    icon: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """A question of some kind. Add a kind in a module of its own, under `@register`."""

    kind: ClassVar[str]
    description: ClassVar[Description]
    form: ClassVar[FormShape]

    key: str
    text: str
    points: Decimal
    general_feedback: str = ""

    @property
    def field(self) -> str:
        """The name of the form field that carries the answer."""
        return f"q-{self.key}"

    # -- as JSON ----------------------------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def parse(cls, reader: Reader) -> Self:
        """Read what is this kind's own. Problems are noted in the reader, never raised here."""

    @abstractmethod
    def to_json(self) -> dict[str, Json]:
        """The question as it is stored; `parse` gives the same question back."""

    def common_json(self) -> dict[str, Json]:
        return {
            "kind": self.kind,
            "key": self.key,
            "text": self.text,
            "points": str(self.points),
            "general_feedback": self.general_feedback,
        }

    # -- for the student --------------------------------------------------------------------------------------

    @abstractmethod
    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        """What a student may see before the marks are out. SECURITY: no answer, no feedback, no share of points."""

    def common_public(self) -> dict[str, Json]:
        return {
            "kind": self.kind,
            "key": self.key,
            "field": self.field,
            "text": self.text,
            "points": str(self.points),
            "hint": self.description.hint,
        }

    def shown_order(self, seed: str | int | None) -> tuple[str, ...]:
        """The keys of the choices in the order in which this seed shows them."""
        return ()

    # -- answering --------------------------------------------------------------------------------------------

    @abstractmethod
    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        """The answer in a browser's form. Raises `BadResponse`."""

    @abstractmethod
    def response(self, value: object) -> Response:
        """The answer as it was kept. Raises `BadResponse`."""

    def bad(self, message: Sentence, where: str = "") -> BadResponse:
        return BadResponse(where or self.field, message)

    def one_value(self, raw: Mapping[str, Sequence[str]], name: str, limit: int = MAX_ANSWER) -> str:
        """The single text of a field, or nothing."""
        values = raw.get(name, ())
        if isinstance(values, str):
            values = (values,)
        if len(values) > 1:
            raise self.bad(Sentence(gettext_noop("Give one answer only.")), name)
        value = values[0] if values else ""
        if not isinstance(value, str):
            raise self.bad(NOT_AN_ANSWER, name)
        if len(value) > limit:
            raise self.bad(Sentence(gettext_noop("Use at most %(limit)d characters."), {"limit": limit}), name)
        return value

    # -- grading ----------------------------------------------------------------------------------------------

    @abstractmethod
    def grade(self, response: Response) -> QuestionResult:
        """The marks for an answer: a pure function of this question and that answer."""

    def result(self, share: Decimal, *, feedback: Iterable[str], correct: str, given: str) -> QuestionResult:
        """The marks for an answer that earned this share (0 to 1) of the points."""
        if share >= ALL:
            points, state = self.points.quantize(CENT), State.RIGHT
        elif share <= 0:
            points, state = NOTHING, State.WRONG
        else:
            points, state = (self.points * share).quantize(CENT, ROUND_HALF_UP), State.PARTLY
        said = tuple(text for text in (*feedback, self.general_feedback) if text)
        return QuestionResult(points, self.points.quantize(CENT), state, said, correct, given)

    def unanswered(self, correct: str) -> QuestionResult:
        said = (self.general_feedback,) if self.general_feedback else ()
        return QuestionResult(NOTHING, self.points.quantize(CENT), State.UNANSWERED, said, correct, "")

    # -- for the editor ---------------------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        """The JSON that the editor's fields stand for; not yet checked."""

    @abstractmethod
    def to_form(self) -> dict[str, object]:
        """The editor's fields filled with this question."""


NOT_AN_ANSWER = Sentence(gettext_noop("This is not an answer to this question."))


def shuffled(keys: Iterable[str], *, seed: str | int | None, question: str) -> tuple[str, ...]:
    """The keys in an order that looks random, the same for the same seed on every machine and after every reload."""

    def place(key: str) -> bytes:
        return hashlib.blake2b(f"{seed}\0{question}\0{key}".encode(), digest_size=8).digest()

    return tuple(sorted(keys, key=place))
