"""Single choice: one of several, each with its share of the points.

JSON: `choices` (2 or more of `key`, `text`, `share` 0 to 100, `feedback`), `shuffle`. One choice at least earns 100.
Answer: the key of a choice.
Form: `shuffle` (ticked or absent), `right` (a radio button whose value is the number of the row), and in each row
`key` (hidden), `text`, `feedback` and `share` (may stay empty: then 100 for the right one and 0 for the others).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Self

from activities.questions.choices import Choice, order_of, shown
from activities.questions.contract import (
    MAX_CHOICES,
    NOT_AN_ANSWER,
    Description,
    Json,
    Question,
    QuestionResult,
    Response,
)
from activities.questions.editing import EditorForm, FormShape, typed_amount, written
from activities.questions.reading import Reader, unique
from activities.questions.registry import common, register
from activities.questions.words import Sentence, gettext_noop

_HUNDRED = Decimal(100)


@register
@dataclass(frozen=True, kw_only=True)
class SingleChoice(Question):
    """Choose one."""

    kind: ClassVar[str] = "single"
    description: ClassVar[Description] = Description(
        "single", 1, gettext_noop("Single choice"), "circle-dot", gettext_noop("choose one")
    )
    form: ClassVar[FormShape] = FormShape(
        plain={"shuffle": True, "right": "0"},
        answer={"key": "", "text": "", "share": "", "feedback": ""},
        answers=4,
    )

    choices: tuple[Choice, ...]
    shuffle: bool = True

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        key, text, points, general_feedback = common(reader)
        choices = []
        for row in reader.rows("choices", least=2, most=MAX_CHOICES):
            choices.append(
                Choice(
                    key=row.key("key"),
                    text=row.text("text", required=True),
                    share=row.amount("share", least=Decimal(0), most=_HUNDRED, places=5, default="0"),
                    feedback=row.text("feedback"),
                )
            )
            row.finish()
        unique([choice.key for choice in choices], reader, "choices")
        if choices and not any(choice.is_right for choice in choices):
            reader.problem("choices", Sentence(gettext_noop("Say which choice is right.")))
        return cls(
            key=key,
            text=text,
            points=points,
            general_feedback=general_feedback,
            choices=tuple(choices),
            shuffle=reader.flag("shuffle", default=True),
        )

    def to_json(self) -> dict[str, Json]:
        return {
            **self.common_json(),
            "shuffle": self.shuffle,
            "choices": [
                {"key": choice.key, "text": choice.text, "share": str(choice.share), "feedback": choice.feedback}
                for choice in self.choices
            ],
        }

    def shown_order(self, seed: str | int | None) -> tuple[str, ...]:
        return order_of(self.choices, shuffle=self.shuffle, seed=seed, question=self.key)

    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        texts = {choice.key: choice.text for choice in self.choices}
        return {**self.common_public(), "choices": shown(texts, self.shown_order(seed))}

    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        return self.response(self.one_value(raw, self.field) or None)

    def response(self, value: object) -> Response:
        if value is None:
            return Response()
        if not isinstance(value, str) or value not in self.by_key:
            raise self.bad(NOT_AN_ANSWER)
        return Response(value)

    def grade(self, response: Response) -> QuestionResult:
        if not isinstance(response.value, str):
            return self.unanswered(self.correct)
        choice = self.by_key[response.value]
        return self.result(
            choice.share / _HUNDRED, feedback=(choice.feedback,), correct=self.correct, given=choice.text
        )

    @cached_property
    def by_key(self) -> dict[str, Choice]:
        return {choice.key: choice for choice in self.choices}

    @cached_property
    def correct(self) -> str:
        return " / ".join(choice.text for choice in self.choices if choice.is_right)

    @classmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        right = form.text("right").strip()
        choices: list[Json] = []
        for row in form.rows("answer", written=("text", "feedback", "share")):
            form.place(f"choices.{len(choices)}", f"answer-{row.index}")
            choices.append(
                {
                    "key": row.text("key") or form.mint(),
                    "text": written(row.text("text")),
                    "share": typed_amount(row.text("share"), "100" if right == str(row.index) else "0"),
                    "feedback": written(row.text("feedback")),
                }
            )
        return {**form.common(), "shuffle": form.flag("shuffle"), "choices": choices}

    def to_form(self) -> dict[str, object]:
        right = next((index for index, choice in enumerate(self.choices) if choice.is_right), 0)
        # The shares are said by `right` alone unless the author used others than 0 and 100 or several right ones.
        plain = sum(choice.is_right for choice in self.choices) == 1 and all(
            choice.share in (0, _HUNDRED) for choice in self.choices
        )
        return {
            "shuffle": self.shuffle,
            "right": str(right),
            "answers": [
                {
                    "index": index,
                    "key": choice.key,
                    "text": choice.text,
                    "share": "" if plain else str(choice.share),
                    "feedback": choice.feedback,
                }
                for index, choice in enumerate(self.choices)
            ],
        }
