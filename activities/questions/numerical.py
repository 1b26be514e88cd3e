"""Numerical: a number with a tolerance, in exact decimal arithmetic; the edges of the tolerance are inside.

JSON: `answers` (`value`, `tolerance`, `tolerance_kind` `absolute` or `percent` of the value, `share` 0 to 100,
`feedback`), `unit` (may be empty), `decimal` (`point` or `comma`: the mark that the question expects, see
`numbers.py`). The first answer that fits decides. One answer at least earns 100. Numbers in JSON have a decimal
point.
Answer: the text as typed, so that nothing is lost by reading it; the `echo` of the response says how it was
understood.
Form: `unit`, `decimal`, and in each row `value` (typed with the question's own mark), `tolerance`, `tolerance_kind`,
`share` (empty: 100), `feedback`.
The unit is shown beside the field. A student may type it as well; any other word is refused at once, so that nobody
loses points by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Self

from activities.questions.contract import (
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
from activities.questions.numbers import (
    EXACT,
    MARKS,
    MAX_TYPED,
    POINT,
    NotANumber,
    TooLarge,
    Typed,
    is_unit,
    understand,
    written_as,
)
from activities.questions.reading import Reader
from activities.questions.registry import common, register
from activities.questions.words import Sentence, gettext_noop

ABSOLUTE = "absolute"
PERCENT = "percent"
TOLERANCES = {ABSOLUTE: gettext_noop("as a number"), PERCENT: gettext_noop("in per cent of the value")}
_HUNDRED = Decimal(100)
_UNIT_LENGTH = 30


@dataclass(frozen=True)
class AcceptedNumber:
    """A number that is accepted with its tolerance, the share that it earns, and what to say to those who gave it."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    tolerance_kind: str = ABSOLUTE
    share: Decimal = _HUNDRED
    feedback: str = ""

    @cached_property
    def margin(self) -> Decimal:
        if self.tolerance_kind == ABSOLUTE:
            return self.tolerance
        return EXACT.scaleb(EXACT.multiply(abs(self.value), self.tolerance), -2)

    def accepts(self, number: Decimal) -> bool:
        return EXACT.abs(EXACT.subtract(number, self.value)) <= self.margin


@register
@dataclass(frozen=True, kw_only=True)
class Numerical(Question):
    """How much is it?"""

    kind: ClassVar[str] = "numerical"
    description: ClassVar[Description] = Description(
        "numerical", 5, gettext_noop("Number"), "calculator", gettext_noop("type a number")
    )
    form: ClassVar[FormShape] = FormShape(
        plain={"unit": "", "decimal": POINT},
        answer={"value": "", "tolerance": "0", "tolerance_kind": ABSOLUTE, "share": "", "feedback": ""},
        answers=1,
    )

    answers: tuple[AcceptedNumber, ...]
    unit: str = ""
    decimal: str = POINT

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        key, text, points, general_feedback = common(reader)
        answers = []
        for row in reader.rows("answers", least=1, most=MAX_CHOICES):
            answers.append(
                AcceptedNumber(
                    value=row.amount("value"),
                    tolerance=row.amount("tolerance", least=Decimal(0), default="0"),
                    tolerance_kind=row.one_of("tolerance_kind", tuple(TOLERANCES), default=ABSOLUTE),
                    share=row.amount("share", least=Decimal(0), most=_HUNDRED, places=5, default="100"),
                    feedback=row.text("feedback"),
                )
            )
            row.finish()
        if answers and not any(answer.share == _HUNDRED for answer in answers):
            reader.problem("answers", Sentence(gettext_noop("Give one answer that earns 100 % of the points.")))
        unit = reader.text("unit", limit=_UNIT_LENGTH).strip()
        if unit[:1].isdigit() or unit[:1] in ("+", "-", ".", ",", "'"):
            reader.problem("unit", Sentence(gettext_noop("A unit cannot begin like a number.")))
        return cls(
            key=key,
            text=text,
            points=points,
            general_feedback=general_feedback,
            answers=tuple(answers),
            unit=unit,
            decimal=reader.one_of("decimal", tuple(MARKS), default=POINT),
        )

    def to_json(self) -> dict[str, Json]:
        return {
            **self.common_json(),
            "unit": self.unit,
            "decimal": self.decimal,
            "answers": [
                {
                    "value": str(answer.value),
                    "tolerance": str(answer.tolerance),
                    "tolerance_kind": answer.tolerance_kind,
                    "share": str(answer.share),
                    "feedback": answer.feedback,
                }
                for answer in self.answers
            ],
        }

    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        return {**self.common_public(), "unit": self.unit, "decimal": self.decimal, "limit": MAX_TYPED}

    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        return self.response(self.one_value(raw, self.field, MAX_TYPED))

    def response(self, value: object) -> Response:
        if value is None:
            return Response()
        if not isinstance(value, str):
            raise self.bad(NOT_AN_ANSWER)
        if not value.strip():
            return Response()
        return Response(value.strip(), self._echo(value.strip(), self._understand(value)))

    def _understand(self, text: str) -> Typed:
        example = written_as(Decimal("12.5"), self.decimal)
        try:
            typed = understand(text, self.decimal, unit=self.unit)
        except TooLarge:
            raise self.bad(Sentence(gettext_noop("This number is too long. Write at most 30 digits."))) from None
        except NotANumber:
            message = gettext_noop("Write a number, such as %(example)s.")
            raise self.bad(Sentence(message, {"example": example})) from None
        if typed.beside and not is_unit(typed.beside, self.unit):
            if self.unit:
                message = gettext_noop("Write the number in %(unit)s, and nothing else.")
                raise self.bad(Sentence(message, {"unit": self.unit}))
            message = gettext_noop("Write only the number, such as %(example)s.")
            raise self.bad(Sentence(message, {"example": example}))
        return typed

    def _echo(self, text: str, typed: Typed) -> Sentence | None:
        number = written_as(typed.number, self.decimal)
        if typed.other is not None:
            other = written_as(typed.other, self.decimal)
            return Sentence(
                gettext_noop("Understood as %(number)s, not as %(other)s."), {"number": number, "other": other}
            )
        if number != text:
            return Sentence(gettext_noop("Understood as %(number)s."), {"number": number})
        return None

    def grade(self, response: Response) -> QuestionResult:
        if not isinstance(response.value, str):
            return self.unanswered(self.correct)
        number = self._understand(response.value).number
        understood = self._with_unit(written_as(number, self.decimal))
        same = response.value in (understood, written_as(number, self.decimal))
        given = understood if same else f"{response.value} (= {understood})"
        for answer in self.answers:
            if answer.accepts(number):
                return self.result(
                    answer.share / _HUNDRED, feedback=(answer.feedback,), correct=self.correct, given=given
                )
        return self.result(NOTHING, feedback=(), correct=self.correct, given=given)

    def _with_unit(self, text: str) -> str:
        return f"{text} {self.unit}" if self.unit else text

    @cached_property
    def correct(self) -> str:
        said = []
        for answer in self.answers:
            if answer.share == _HUNDRED:
                text = written_as(answer.value, self.decimal)
                if answer.tolerance:
                    percent = " %" if answer.tolerance_kind == PERCENT else ""
                    text = f"{text} ± {written_as(answer.tolerance, self.decimal)}{percent}"
                    said.append(f"({text}) {self.unit}" if self.unit else text)
                else:
                    said.append(self._with_unit(text))
        return " / ".join(said)

    @classmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        decimal = form.text("decimal", POINT)
        answers: list[Json] = []
        for row in form.rows("answer", written=("value", "feedback")):
            form.place(f"answers.{len(answers)}", f"answer-{row.index}")
            answers.append(
                {
                    "value": _typed(row.text("value"), decimal),
                    "tolerance": typed_amount(row.text("tolerance"), "0"),
                    "tolerance_kind": row.text("tolerance_kind") or ABSOLUTE,
                    "share": typed_amount(row.text("share"), "100"),
                    "feedback": written(row.text("feedback")),
                }
            )
        return {**form.common(), "unit": form.text("unit").strip(), "decimal": decimal, "answers": answers}

    def to_form(self) -> dict[str, object]:
        return {
            "unit": self.unit,
            "decimal": self.decimal,
            "answers": [
                {
                    "index": index,
                    "value": written_as(answer.value, self.decimal),
                    "tolerance": written_as(answer.tolerance, self.decimal),
                    "tolerance_kind": answer.tolerance_kind,
                    "share": str(answer.share),
                    "feedback": answer.feedback,
                }
                for index, answer in enumerate(self.answers)
            ],
        }


def _typed(text: str, mark: str) -> str:
    """A lecturer's number in JSON's notation; what cannot be read goes through as typed, for `parse` to refuse."""
    try:
        typed = understand(text, mark if mark in MARKS else POINT)
    except NotANumber:
        return text
    return text if typed.beside else str(typed.number)
