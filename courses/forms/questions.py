"""The form of a question, whatever its kind, and pasting many at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.questions import (
    BrokenQuestion,
    Json,
    Proposal,
    Question,
    blank,
    form_of,
    from_form,
    from_lines,
    parse,
    refill,
)
from activities.questions.contract import MAX_CHOICES
from activities.questions.editing import new_key
from activities.questions.numbers import COMMA, POINT
from activities.words import say

Fields = Mapping[str, Sequence[str]]
_LABELS = {
    "text": _("Question"),
    "points": _("Points"),
    "general_feedback": _("Feedback to everybody"),
    "answers": _("Answers"),
    "answer": _("The right answer"),
    "unit": _("Unit"),
}
_DROP = re.compile(r"(answer|distractor)-([0-9]{1,3})\Z")


class QuestionForm:
    """The fields of one question. The engine knows its kinds; this adds rows, and messages where they belong."""

    def __init__(self, kind: str, values: dict[str, Any]) -> None:  # Any: texts, flags and rows, per kind
        self.kind = kind
        self.values = values
        self.errors: dict[str, str] = {}
        self.content: dict[str, Json] = {}

    @classmethod
    def new(cls, kind: str) -> QuestionForm:
        """An empty form. It brings its key, so that a form sent twice is one question. Raises BrokenQuestion."""
        return cls(kind, {**blank(kind), "key": new_key()})

    @classmethod
    def of(cls, question: Question) -> QuestionForm:
        return cls(question.kind, form_of(question))

    @classmethod
    def posted(cls, kind: str, data: Fields) -> QuestionForm:
        """What somebody typed, read as a question where that is possible. Raises BrokenQuestion for an unknown kind."""
        form = cls(kind, refill(kind, data))
        try:
            form.content = from_form(kind, data)
        except BrokenQuestion as broken:
            form.errors = {
                name: " ".join(say(message) for message in messages) for name, messages in broken.by_field().items()
            }
        return form

    @property
    def is_valid(self) -> bool:
        return not self.errors

    @property
    def template(self) -> str:
        return f"courses/question_kinds/{self.kind}.html"

    @property
    def question(self) -> Question:
        """The question that the form describes; only of a valid form."""
        return parse(self.content)

    @property
    def answers(self) -> list[dict[str, Any]]:  # Any: as values
        return self._rows("answer")

    @property
    def distractors(self) -> list[dict[str, Any]]:  # Any: as values
        return self._rows("distractor")

    @property
    def messages(self) -> list[tuple[str, str, str]]:
        """What is wrong, each with the id and the words of its field, for the summary above the form."""
        return [(f"id_{name}", self._label(name), text) for name, text in self.errors.items()]

    def _label(self, name: str) -> str:
        if name in _LABELS:
            return str(_LABELS[name])
        numbers = {row["name"]: row["number"] for row in (*self.answers, *self.distractors)}
        number = next((number for row, number in numbers.items() if name.startswith(f"{row}-")), None)
        return gettext("Answer %d") % number if number else gettext("This question")

    def add_row(self, prefix: str) -> int | None:
        """One more empty row; answers its number, or None when there are as many as can be."""
        rows = self.values.get(f"{prefix}s")
        if not isinstance(rows, list) or len(rows) >= MAX_CHOICES:
            return None
        index = max((row["index"] for row in rows), default=-1) + 1
        empty = blank(self.kind)[f"{prefix}s"]
        assert isinstance(empty, list)
        rows.append({**empty[0], "index": index})
        return index

    def drop_row(self, name: str) -> None:
        """Without the row of this name, such as answer-2."""
        match = _DROP.match(name)
        rows = self.values.get(f"{match[1]}s") if match else None
        if match and isinstance(rows, list):
            rows[:] = [row for row in rows if row["index"] != int(match[2])]

    def _rows(self, prefix: str) -> list[dict[str, Any]]:  # Any: as values
        rows = self.values.get(f"{prefix}s", [])
        return [
            {
                **row,
                "name": f"{prefix}-{row['index']}",
                "number": number,
                "errors": dict(self._errors_in(f"{prefix}-{row['index']}-")),
            }
            for number, row in enumerate(rows, start=1)
        ]

    def _errors_in(self, start: str) -> Iterator[tuple[str, str]]:
        for name, text in self.errors.items():
            if name.startswith(start):
                yield name.removeprefix(start), text


class PasteForm(forms.Form):
    """Questions as plain text."""

    text = forms.CharField(
        label=_("Questions"),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "plain"}),
        max_length=400_000,
        strip=False,
        error_messages={"required": _("Paste or type at least one question.")},
    )
    decimal = forms.ChoiceField(
        label=_("Numbers are written with"),
        choices=[(POINT, _("a decimal point: 45.8")), (COMMA, _("a decimal comma: 45,8"))],
        initial=POINT,
    )

    def proposal(self) -> Proposal:
        """The questions in the text, and what cannot be read; only of a valid form."""
        text = self.cleaned_data["text"]
        return from_lines(text, decimal=self.cleaned_data["decimal"], mint=_keys_of(text))


def _keys_of(text: str) -> Callable[[], str]:
    """Keys that are the same when the same text is sent twice, so that a double click adds nothing twice."""
    drawn = 0

    def mint() -> str:
        nonlocal drawn
        drawn += 1
        # SECURITY: as random as new_key to whoever does not have the text; keys stand in students' pages.
        return hashlib.sha256(f"{drawn}\0{text}".encode()).hexdigest()[:8]

    return mint
