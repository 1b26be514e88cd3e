"""Multiple choice: choose all that apply.

JSON: `choices` (`key`, `text`, `right` true or false, `feedback`), `shuffle`, `scoring`. One choice at least is
right. `scoring` is `all_or_nothing` (exactly the right ones, or no points) or `partial`: the right ones chosen, minus
the wrong ones chosen, never below zero, as a share of all right ones.
Answer: a list of keys, kept in the order of the choices.
Form: `shuffle` (ticked or absent), `scoring`, and in each row `key` (hidden), `text`, `feedback` and `right` (ticked
or absent).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Self

from activities.questions.choices import Choice, order_of, shown
from activities.questions.contract import (
    ALL,
    MAX_CHOICES,
    NOT_AN_ANSWER,
    NOTHING,
    Description,
    Json,
    Question,
    QuestionResult,
    Response,
)
from activities.questions.editing import EditorForm, FormShape, written
from activities.questions.reading import Reader, unique
from activities.questions.registry import common, register
from activities.questions.words import Sentence, gettext_noop

ALL_OR_NOTHING = "all_or_nothing"
PARTIAL = "partial"
SCORINGS = {
    PARTIAL: gettext_noop("Points for each right choice, minus wrong ones"),
    ALL_OR_NOTHING: gettext_noop("All right, or no points"),
}


@register
@dataclass(frozen=True, kw_only=True)
class MultipleChoice(Question):
    """Choose all that apply."""

    kind: ClassVar[str] = "multiple"
    description: ClassVar[Description] = Description(
        "multiple", 2, gettext_noop("Multiple choice"), "list-checks", gettext_noop("choose all that apply")
    )
    form: ClassVar[FormShape] = FormShape(
        plain={"shuffle": True, "scoring": PARTIAL},
        answer={"key": "", "text": "", "right": False, "feedback": ""},
        answers=4,
    )

    choices: tuple[Choice, ...]
    shuffle: bool = True
    scoring: str = PARTIAL

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        key, text, points, general_feedback = common(reader)
        choices = []
        for row in reader.rows("choices", least=2, most=MAX_CHOICES):
            choices.append(
                Choice(
                    key=row.key("key"),
                    text=row.text("text", required=True),
                    share=Decimal(100) if row.flag("right", default=False) else Decimal(0),
                    feedback=row.text("feedback"),
                )
            )
            row.finish()
        unique([choice.key for choice in choices], reader, "choices")
        if choices and not any(choice.is_right for choice in choices):
            reader.problem("choices", Sentence(gettext_noop("Say which choices are right.")))
        return cls(
            key=key,
            text=text,
            points=points,
            general_feedback=general_feedback,
            choices=tuple(choices),
            shuffle=reader.flag("shuffle", default=True),
            scoring=reader.one_of("scoring", tuple(SCORINGS), default=PARTIAL),
        )

    def to_json(self) -> dict[str, Json]:
        return {
            **self.common_json(),
            "shuffle": self.shuffle,
            "scoring": self.scoring,
            "choices": [
                {"key": choice.key, "text": choice.text, "right": choice.is_right, "feedback": choice.feedback}
                for choice in self.choices
            ],
        }

    def shown_order(self, seed: str | int | None) -> tuple[str, ...]:
        return order_of(self.choices, shuffle=self.shuffle, seed=seed, question=self.key)

    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        texts = {choice.key: choice.text for choice in self.choices}
        return {**self.common_public(), "choices": shown(texts, self.shown_order(seed))}

    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        values = raw.get(self.field, ())
        values = [values] if isinstance(values, str) else list(values)
        # An empty value is how a form says "none" when a page must send the field in any case.
        return self.response([value for value in values if value != ""] or None)

    def response(self, value: object) -> Response:
        if value is None or value == []:
            return Response()
        if not isinstance(value, list | tuple) or len(value) > MAX_CHOICES:
            raise self.bad(NOT_AN_ANSWER)
        if not all(isinstance(key, str) and key in self.rights for key in value):
            raise self.bad(NOT_AN_ANSWER)
        return Response([key for key in self.rights if key in value])

    def grade(self, response: Response) -> QuestionResult:
        if not isinstance(response.value, list):
            return self.unanswered(self.correct)
        chosen = [choice for choice in self.choices if choice.key in response.value]
        hits = sum(choice.is_right for choice in chosen)
        misses = len(chosen) - hits
        wanted = sum(self.rights.values())
        if hits == wanted and not misses:
            share = ALL
        elif self.scoring == ALL_OR_NOTHING:
            share = NOTHING
        else:
            share = Decimal(max(hits - misses, 0)) / wanted
        return self.result(
            share,
            feedback=[choice.feedback for choice in chosen],
            correct=self.correct,
            given="; ".join(choice.text for choice in chosen),
        )

    @cached_property
    def rights(self) -> dict[str, bool]:
        return {choice.key: choice.is_right for choice in self.choices}

    @cached_property
    def correct(self) -> str:
        return "; ".join(choice.text for choice in self.choices if choice.is_right)

    @classmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        choices: list[Json] = []
        for row in form.rows("answer", written=("text", "feedback")):
            form.place(f"choices.{len(choices)}", f"answer-{row.index}")
            choices.append(
                {
                    "key": row.text("key") or form.mint(),
                    "text": written(row.text("text")),
                    "right": row.flag("right"),
                    "feedback": written(row.text("feedback")),
                }
            )
        return {
            **form.common(),
            "shuffle": form.flag("shuffle"),
            "scoring": form.text("scoring", PARTIAL),
            "choices": choices,
        }

    def to_form(self) -> dict[str, object]:
        return {
            "shuffle": self.shuffle,
            "scoring": self.scoring,
            "answers": [
                {
                    "index": index,
                    "key": choice.key,
                    "text": choice.text,
                    "right": choice.is_right,
                    "feedback": choice.feedback,
                }
                for index, choice in enumerate(self.choices)
            ],
        }
