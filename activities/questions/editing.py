"""The editor's side: from form fields to JSON and back, so that the page only draws fields.

Every kind has the fields `key` (hidden; empty for a new question), `text`, `points` and `general_feedback`. Rows are
numbered: `answer-0-text`, `answer-1-text`, ...; gaps are allowed, and a row in which nothing was written is left out.
Which fields a kind has beside these stands at the top of its module. Three functions give a form in one shape, a
dictionary with the values of the plain fields and, under `answers` (and `distractors`), a list of rows that know
their `index`:

- `blank(kind)`: a new question;
- `form_of(question)`: a question that exists;
- `refill(kind, data)`: what somebody just typed, for showing it again beside the messages.

`from_form(kind, data)` gives checked JSON, or raises `BrokenQuestion` whose problems carry names of form fields. A
problem of all rows together carries the name `answers`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from activities.questions.contract import BrokenQuestion, Json, Problem, Question
from activities.questions.registry import kind_of, parse

Fields = Mapping[str, Sequence[str]]
_ROW = re.compile(r"(answer|distractor)-([0-9]{1,3})-([a-z_]{1,20})\Z")


def new_key() -> str:
    """A key that says nothing. SECURITY: keys are in the page; they may not tell the order of the author."""
    return secrets.token_hex(4)


@dataclass(frozen=True)
class FormShape:
    """The fields of a kind's form, with their starting values, and how many empty rows a new form shows."""

    plain: Mapping[str, str | bool]
    answer: Mapping[str, str | bool] = field(default_factory=dict)
    distractor: Mapping[str, str | bool] = field(default_factory=dict)
    answers: int = 0
    distractors: int = 0


class Row:
    """A row of the form: its number, and its fields as posted."""

    def __init__(self, index: int, values: dict[str, str]) -> None:
        self.index = index
        self.values = values

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def flag(self, name: str) -> bool:
        return name in self.values


class EditorForm:
    """What was posted, read as plain fields and numbered rows; remembers which row became which part of the JSON."""

    def __init__(self, data: Fields, mint: Callable[[], str]) -> None:
        self._data = data
        self.mint = mint
        self._places: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def text(self, name: str, default: str = "") -> str:
        values = self._data.get(name, ())
        if isinstance(values, str):
            return values
        return values[-1] if values else default

    def flag(self, name: str) -> bool:
        """A checkbox: posted when ticked, absent otherwise."""
        return name in self._data

    def common(self) -> dict[str, Json]:
        return {
            "key": self.text("key") or self.mint(),
            "text": _lines(self.text("text")),
            "points": typed_amount(self.text("points"), "1"),
            "general_feedback": _lines(self.text("general_feedback")),
        }

    def rows(self, prefix: str, *, written: Sequence[str]) -> list[Row]:
        """The rows in which one of the named fields was written, in the order of their numbers."""
        return [row for row in rows_of(self._data, prefix) if any(row.text(name).strip() for name in written)]

    def place(self, where: str, row: str, **names: str) -> None:
        """Remember which row this part of the JSON came from; `names` are JSON names that the form calls otherwise."""
        self._places[where] = row
        self._names.update({f"{where}.{json_name}": f"{row}-{field_name}" for json_name, field_name in names.items()})

    def field_of(self, where: str) -> str:
        """The form field behind a place in the JSON."""
        if where in self._names:
            return self._names[where]
        for place, row in self._places.items():
            if where == place:
                return f"{row}-text"
            if where.startswith(f"{place}."):
                return f"{row}-{where[len(place) + 1 :]}"
        return "answers" if where in ("choices", "pairs", "options") else where


def rows_of(data: Fields, prefix: str) -> list[Row]:
    found: dict[int, dict[str, str]] = {}
    for name, values in data.items():
        match = _ROW.match(name) if isinstance(name, str) and len(name) < 50 else None
        if match and match[1] == prefix:
            text = values if isinstance(values, str) else (values[-1] if values else "")
            found.setdefault(int(match[2]), {})[match[3]] = text
    return [Row(index, found[index]) for index in sorted(found)]


def typed_amount(text: str, default: str = "") -> str:
    """Points, shares and tolerances as a person types them: a decimal comma is as good as a point."""
    text = text.strip()
    if not text:
        return default
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _lines(text: str) -> str:
    """Browsers send line ends as CR LF; we keep LF."""
    return text.replace("\r\n", "\n")


def written(text: str) -> str:
    return _lines(text).strip()


# -- for the page --------------------------------------------------------------------------------------------

_COMMON: Mapping[str, str | bool] = {"key": "", "text": "", "points": "1", "general_feedback": ""}


def blank(kind: str) -> dict[str, object]:
    """The form of a new question of this kind."""
    shape = kind_of(kind).form
    form: dict[str, object] = {"kind": kind, **_COMMON, **shape.plain}
    for prefix, names, count in _groups(shape):
        form[f"{prefix}s"] = [{"index": index, **names} for index in range(count)]
    return form


def refill(kind: str, data: Fields) -> dict[str, object]:
    """The form as somebody just filled it, right or wrong."""
    shape = kind_of(kind).form
    posted = EditorForm(data, new_key)
    form: dict[str, object] = {"kind": kind}
    for name, default in {**_COMMON, **shape.plain}.items():
        form[name] = posted.flag(name) if isinstance(default, bool) else posted.text(name, default)
    for prefix, names, _count in _groups(shape):
        form[f"{prefix}s"] = [
            {
                "index": row.index,
                **{
                    name: row.flag(name) if isinstance(default, bool) else row.text(name)
                    for name, default in names.items()
                },
            }
            for row in rows_of(data, prefix)
        ]
    return form


def form_of(question: Question) -> dict[str, object]:
    """The form filled with a question that exists."""
    return {
        "kind": question.kind,
        "key": question.key,
        "text": question.text,
        "points": str(question.points),
        "general_feedback": question.general_feedback,
        **question.to_form(),
    }


def from_form(kind: str, data: Fields, *, mint: Callable[[], str] = new_key) -> dict[str, Json]:
    """The checked JSON of the question that the form describes. Raises `BrokenQuestion` with names of form fields."""
    form = EditorForm(data, mint)
    made = {"kind": kind, **kind_of(kind).from_form(form)}
    try:
        return parse(made).to_json()
    except BrokenQuestion as broken:
        raise BrokenQuestion(
            Problem(form.field_of(problem.where), problem.message) for problem in broken.problems
        ) from None


def _groups(shape: FormShape) -> list[tuple[str, Mapping[str, str | bool], int]]:
    groups = [("answer", shape.answer, shape.answers), ("distractor", shape.distractor, shape.distractors)]
    return [group for group in groups if group[1]]
