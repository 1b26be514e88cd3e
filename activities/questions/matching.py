"""Matching: each item with its partner, among partners that belong to nothing.

JSON: `pairs` (`key`, `text`, `option`: the key of the right one, `feedback`: said to those who matched it wrongly),
`options` (`key`, `text`), `shuffle` (of the items; the options are always shown in an order that gives nothing away).
Options that no pair names are the distractors. The points are shared over the pairs.
Answer: for each matched pair the key of the option.
Form: `shuffle` (ticked or absent), rows `answer` with `key` and `option` (both hidden), `text`, `match` and
`feedback`, rows `distractor` with `option` (hidden) and `text`. Items with the same match share one option.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Self

from activities.questions.choices import shown
from activities.questions.contract import (
    KEY,
    MAX_CHOICES,
    NOT_AN_ANSWER,
    Description,
    Json,
    Question,
    QuestionResult,
    Response,
    shuffled,
)
from activities.questions.editing import EditorForm, FormShape, written
from activities.questions.normal import normal
from activities.questions.reading import Reader, unique
from activities.questions.registry import common, register
from activities.questions.words import Sentence, gettext_noop


@dataclass(frozen=True)
class Pair:
    """An item, and the key of the option that belongs to it."""

    key: str
    text: str
    option: str
    feedback: str = ""


@dataclass(frozen=True)
class Option:
    """Something that an item can be matched with."""

    key: str
    text: str


@register
@dataclass(frozen=True, kw_only=True)
class Matching(Question):
    """What belongs together?"""

    kind: ClassVar[str] = "matching"
    description: ClassVar[Description] = Description(
        "matching", 6, gettext_noop("Matching"), "cable", gettext_noop("match each item")
    )
    form: ClassVar[FormShape] = FormShape(
        plain={"shuffle": True},
        answer={"key": "", "option": "", "text": "", "match": "", "feedback": ""},
        distractor={"option": "", "text": ""},
        answers=3,
        distractors=1,
    )

    pairs: tuple[Pair, ...]
    options: tuple[Option, ...]
    shuffle: bool = True

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        key, text, points, general_feedback = common(reader)
        options = []
        for row in reader.rows("options", least=2, most=MAX_CHOICES):
            options.append(Option(key=row.key("key"), text=row.text("text", required=True)))
            row.finish()
        unique([option.key for option in options], reader, "options")
        known = {option.key for option in options}
        pairs = []
        for row in reader.rows("pairs", least=1, most=MAX_CHOICES):
            pair = Pair(
                key=row.key("key"),
                text=row.text("text", required=True),
                option=row.key("option"),
                feedback=row.text("feedback"),
            )
            if KEY.match(pair.option) and pair.option not in known:
                row.problem("option", Sentence(gettext_noop("This option does not exist.")))
            pairs.append(pair)
            row.finish()
        unique([pair.key for pair in pairs], reader, "pairs")
        return cls(
            key=key,
            text=text,
            points=points,
            general_feedback=general_feedback,
            pairs=tuple(pairs),
            options=tuple(options),
            shuffle=reader.flag("shuffle", default=True),
        )

    def to_json(self) -> dict[str, Json]:
        return {
            **self.common_json(),
            "shuffle": self.shuffle,
            "pairs": [
                {"key": pair.key, "text": pair.text, "option": pair.option, "feedback": pair.feedback}
                for pair in self.pairs
            ],
            "options": [{"key": option.key, "text": option.text} for option in self.options],
        }

    def shown_order(self, seed: str | int | None) -> tuple[str, ...]:
        """The options. SECURITY: never in the order of the author, who writes them beside their items."""
        return shuffled(self.option_texts, seed=seed, question=f"{self.key}-options")

    def shown_pairs(self, seed: str | int | None) -> tuple[str, ...]:
        """The items."""
        keys = tuple(pair.key for pair in self.pairs)
        return shuffled(keys, seed=seed, question=self.key) if self.shuffle else keys

    def pair_field(self, pair: str) -> str:
        return f"{self.field}-{pair}"

    def public(self, seed: str | int | None = None) -> dict[str, Json]:
        texts = {pair.key: pair.text for pair in self.pairs}
        return {
            **self.common_public(),
            "pairs": [
                {"key": key, "field": self.pair_field(key), "text": texts[key]} for key in self.shown_pairs(seed)
            ],
            "options": shown(self.option_texts, self.shown_order(seed)),
        }

    def read(self, raw: Mapping[str, Sequence[str]]) -> Response:
        given = {pair.key: self.one_value(raw, self.pair_field(pair.key)) for pair in self.pairs}
        for pair, option in given.items():
            if option and option not in self.option_texts:
                raise self.bad(NOT_AN_ANSWER, self.pair_field(pair))
        return self.response({pair: option for pair, option in given.items() if option} or None)

    def response(self, value: object) -> Response:
        if value is None or value == {}:
            return Response()
        if not isinstance(value, Mapping) or len(value) > len(self.pairs):
            raise self.bad(NOT_AN_ANSWER)
        matched: dict[str, Json] = {}
        for pair in self.pairs:
            option = value.get(pair.key)
            if option is None:
                continue
            if not isinstance(option, str) or option not in self.option_texts:
                raise self.bad(NOT_AN_ANSWER, self.pair_field(pair.key))
            matched[pair.key] = option
        if len(matched) != len(value):
            raise self.bad(NOT_AN_ANSWER)
        return Response(matched)

    def grade(self, response: Response) -> QuestionResult:
        if not isinstance(response.value, dict):
            return self.unanswered(self.correct)
        hits = 0
        feedback, given = [], []
        for pair in self.pairs:
            option = response.value.get(pair.key)
            if not isinstance(option, str):
                continue
            given.append(f"{pair.text} → {self.option_texts[option]}")
            # Two options with the same words are the same answer: a student cannot tell them apart.
            if option == pair.option or self._same(option, pair.option):
                hits += 1
            else:
                feedback.append(pair.feedback)
        return self.result(
            Decimal(hits) / len(self.pairs), feedback=feedback, correct=self.correct, given="; ".join(given)
        )

    def _same(self, one: str, other: str) -> bool:
        return normal(self.option_texts[one]) == normal(self.option_texts[other])

    @cached_property
    def option_texts(self) -> dict[str, str]:
        return {option.key: option.text for option in self.options}

    @cached_property
    def correct(self) -> str:
        return "; ".join(f"{pair.text} → {self.option_texts[pair.option]}" for pair in self.pairs)

    @classmethod
    def from_form(cls, form: EditorForm) -> dict[str, Json]:
        options: list[Json] = []
        by_text: dict[str, str] = {}

        def option_for(text: str, known: str, row: str, name: str) -> str:
            """The option with this text. Its key stays when its words change: kept answers keep their meaning."""
            same = normal(text, case_sensitive=True) or f"nothing in {row}"
            if same not in by_text:
                by_text[same] = known if known and known not in by_text.values() else form.mint()
                form.place(f"options.{len(options)}", row, text=name, key="option")
                options.append({"key": by_text[same], "text": text})
            return by_text[same]

        pairs: list[Json] = []
        for row in form.rows("answer", written=("text", "match", "feedback")):
            name = f"answer-{row.index}"
            form.place(f"pairs.{len(pairs)}", name, option="match")
            pairs.append(
                {
                    "key": row.text("key") or form.mint(),
                    "text": written(row.text("text")),
                    "option": option_for(written(row.text("match")), row.text("option"), name, "match"),
                    "feedback": written(row.text("feedback")),
                }
            )
        for row in form.rows("distractor", written=("text",)):
            option_for(written(row.text("text")), row.text("option"), f"distractor-{row.index}", "text")
        return {
            **form.common(),
            "shuffle": form.flag("shuffle"),
            "pairs": pairs,
            "options": options,
        }

    def to_form(self) -> dict[str, object]:
        used = {pair.option for pair in self.pairs}
        distractors = [option for option in self.options if option.key not in used]
        return {
            "shuffle": self.shuffle,
            "answers": [
                {
                    "index": index,
                    "key": pair.key,
                    "option": pair.option,
                    "text": pair.text,
                    "match": self.option_texts[pair.option],
                    "feedback": pair.feedback,
                }
                for index, pair in enumerate(self.pairs)
            ],
            "distractors": [
                {"index": index, "option": option.key, "text": option.text} for index, option in enumerate(distractors)
            ],
        }
