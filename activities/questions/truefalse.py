"""True or false.

JSON: `answer` (true or false), `feedback_true`, `feedback_false` (what to say to those who chose it), `true_label`,
`false_label` (the words on the two buttons: they are part of the question, because they are in the language of the
course and not of the page).
Answer: true or false.
Form: `answer` (`true` or `false`) and the four texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from activities.questions.contract import (
    ALL,
    NOT_AN_ANSWER,
    NOTHING,
    Description,
    Json,
    Question,
    QuestionResult,
    Response,
)
from activities.questions.editing import EditorForm, FormShape, written
from activities.questions.reading import Reader
from activities.questions.registry import common, register
from activities.questions.words import gettext_noop

_WORDS = {"true": True, "false": False}
_LABEL_LENGTH = 100


@register
@dataclass(frozen=True, kw_only=True)
class TrueFalse(Question):
    """Is it so?"""

    kind: ClassVar[str] = "truefalse"
    description: ClassVar[Description] = Description(
        "truefalse", 3, gettext_noop("True or false"), "toggle-left", gettext_noop("true or false")
    )
    form: ClassVar[FormShape] = FormShape(
        plain={
            "answer": "true",
            "feedback_true": "",
            "feedback_false": "",
            "true_label": gettext_noop("True"),
            "false_label": gettext_noop("False"),
        }
    )

    answer: bool
    feedback_true: str = ""
    feedback_false: str = ""
    true_label: str = "True"
    false_label: str = "False"

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        key, text, points, general_feedback = common(reader)
        return cls(
            key=key,
            text=text,
            points=points,
            general_feedback=general_feedback,
            answer=reader.flag("answer"),
            feedback_true=reader.text("feedback_true"),
            feedback_false=reader.text("feedback_false"),
            true_label=reader.text("true_label", required=True, default="True", limit=_LABEL_LENGTH),
            false_label=reader.text("false_label", required=True, default="False", limit=_LABEL_LENGTH),
        )

    def to_json(self) -> dict[str, Json]:
        return {
            **self.common_json(),
            "answer": self.answer,
            "feedback_true": self.feedback_true,
            "feedback_false": self.feedback_false,
            "true_label": self.true_label,
            "false_label": self.false_label,
        }

    def shown_order(self, seed: str | int | None) -> tuple[str, ...]:
        return ("true", "false")

    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        return {
            **self.common_public(),
            "choices": [{"key": "true", "text": self.true_label}, {"key": "false", "text": self.false_label}],
        }

    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        word = self.one_value(raw, self.field)
        if word and word not in _WORDS:
            raise self.bad(NOT_AN_ANSWER)
        return self.response(_WORDS[word] if word else None)

    def response(self, value: object) -> Response:
        if value is None or isinstance(value, bool):
            return Response(value)
        raise self.bad(NOT_AN_ANSWER)

    def grade(self, response: Response) -> QuestionResult:
        correct = self._label(self.answer)
        if not isinstance(response.value, bool):
            return self.unanswered(correct)
        return self.result(
            ALL if response.value is self.answer else NOTHING,
            feedback=(self.feedback_true if response.value else self.feedback_false,),
            correct=correct,
            given=self._label(response.value),
        )

    def _label(self, value: bool) -> str:
        return self.true_label if value else self.false_label

    @classmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        answer = form.text("answer").strip().lower()
        return {
            **form.common(),
            "answer": _WORDS.get(answer),
            "feedback_true": written(form.text("feedback_true")),
            "feedback_false": written(form.text("feedback_false")),
            "true_label": written(form.text("true_label", "True")),
            "false_label": written(form.text("false_label", "False")),
        }

    def to_form(self) -> dict[str, object]:
        return {
            "answer": "true" if self.answer else "false",
            "feedback_true": self.feedback_true,
            "feedback_false": self.feedback_false,
            "true_label": self.true_label,
            "false_label": self.false_label,
        }
