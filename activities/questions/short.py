"""Short answer: a few typed words, compared in a documented normal form (see `normal.py`).

JSON: `answers` (`text`, `share` 0 to 100, `feedback`), `case_sensitive`, `ignore_accents`. In an accepted answer `*`
stands for any text or none, and `\\*` for an asterisk. The first answer that fits decides, so put what is special
above what is general; an answer below one that accepts everything is refused, because it could never be reached. One
answer at least earns 100.
Answer: the text as typed.
Form: `case_sensitive`, `ignore_accents` (ticked or absent), and in each row `text`, `share` (empty: 100) and
`feedback`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Self

from activities.questions.contract import (
    MAX_ANSWER,
    MAX_CHOICES,
    NOT_AN_ANSWER,
    NOTHING,
    Description,
    Json,
    Question,
    QuestionResult,
    Response,
)
from activities.questions.editing import EditorForm, FormShape, typed_amount, written
from activities.questions.normal import Pattern, normal
from activities.questions.reading import Reader, without_unstorable
from activities.questions.registry import common, register
from activities.questions.words import Sentence, gettext_noop

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class AcceptedText:
    """A text that is accepted, the share of the points that it earns, and what to say to those who gave it."""

    text: str
    share: Decimal
    feedback: str = ""


@register
@dataclass(frozen=True, kw_only=True)
class ShortAnswer(Question):
    """Say it in a few words."""

    kind: ClassVar[str] = "short"
    description: ClassVar[Description] = Description(
        "short", 4, gettext_noop("Short answer"), "text-cursor-input", gettext_noop("type a short answer")
    )
    form: ClassVar[FormShape] = FormShape(
        plain={"case_sensitive": False, "ignore_accents": False},
        answer={"text": "", "share": "", "feedback": ""},
        answers=2,
    )

    answers: tuple[AcceptedText, ...]
    case_sensitive: bool = False
    ignore_accents: bool = False

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        key, text, points, general_feedback = common(reader)
        rows = reader.rows("answers", least=1, most=MAX_CHOICES)
        answers = []
        for row in rows:
            answers.append(
                AcceptedText(
                    text=row.text("text", required=True, limit=MAX_ANSWER),
                    share=row.amount("share", least=Decimal(0), most=_HUNDRED, places=5, default="100"),
                    feedback=row.text("feedback"),
                )
            )
            row.finish()
        if answers and not any(answer.share == _HUNDRED for answer in answers):
            reader.problem("answers", Sentence(gettext_noop("Give one answer that earns 100 % of the points.")))
        question = cls(
            key=key,
            text=text,
            points=points,
            general_feedback=general_feedback,
            answers=tuple(answers),
            case_sensitive=reader.flag("case_sensitive", default=False),
            ignore_accents=reader.flag("ignore_accents", default=False),
        )
        for row, earlier in zip(rows[1:], question.patterns, strict=False):
            if earlier.accepts_everything:
                row.problem(
                    "text", Sentence(gettext_noop("This is never reached: the answer above accepts everything."))
                )
        return question

    def to_json(self) -> dict[str, Json]:
        return {
            **self.common_json(),
            "case_sensitive": self.case_sensitive,
            "ignore_accents": self.ignore_accents,
            "answers": [
                {"text": answer.text, "share": str(answer.share), "feedback": answer.feedback}
                for answer in self.answers
            ],
        }

    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        return {**self.common_public(), "limit": MAX_ANSWER}

    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        return self.response(without_unstorable(self.one_value(raw, self.field)))

    def response(self, value: object) -> Response:
        if value is None:
            return Response()
        if not isinstance(value, str):
            raise self.bad(NOT_AN_ANSWER)
        if len(value) > MAX_ANSWER:
            raise self.bad(Sentence(gettext_noop("Use at most %(limit)d characters."), {"limit": MAX_ANSWER}))
        # An answer of invisible characters only is no answer.
        return Response(value) if self._normal(value) else Response()

    def grade(self, response: Response) -> QuestionResult:
        if not isinstance(response.value, str):
            return self.unanswered(self.correct)
        given = self._normal(response.value)
        for answer, pattern in zip(self.answers, self.patterns, strict=True):
            if pattern.matches(given):
                return self.result(
                    answer.share / _HUNDRED, feedback=(answer.feedback,), correct=self.correct, given=response.value
                )
        return self.result(NOTHING, feedback=(), correct=self.correct, given=response.value)

    def _normal(self, text: str) -> str:
        return normal(text, case_sensitive=self.case_sensitive, ignore_accents=self.ignore_accents)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(
            Pattern(answer.text, case_sensitive=self.case_sensitive, ignore_accents=self.ignore_accents)
            for answer in self.answers
        )

    @cached_property
    def correct(self) -> str:
        return " / ".join(answer.text for answer in self.answers if answer.share == _HUNDRED)

    @classmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        answers: list[Json] = []
        for row in form.rows("answer", written=("text", "share", "feedback")):
            form.place(f"answers.{len(answers)}", f"answer-{row.index}")
            answers.append(
                {
                    "text": written(row.text("text")),
                    "share": typed_amount(row.text("share"), "100"),
                    "feedback": written(row.text("feedback")),
                }
            )
        return {
            **form.common(),
            "case_sensitive": form.flag("case_sensitive"),
            "ignore_accents": form.flag("ignore_accents"),
            "answers": answers,
        }

    def to_form(self) -> dict[str, object]:
        return {
            "case_sensitive": self.case_sensitive,
            "ignore_accents": self.ignore_accents,
            "answers": [
                {"index": index, "text": answer.text, "share": str(answer.share), "feedback": answer.feedback}
                for index, answer in enumerate(self.answers)
            ],
        }
