"""The questions of an activity, and a paper as somebody sees it: while answering, while looking, with its marks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from activities.models import Paper as PaperRow
from activities.models import Question as QuestionRow
from activities.queries.attempts import paper as paper_of
from activities.questions import PaperResult, public
from activities.questions.contract import shuffled
from blendedu.kit.prepared import prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from activities.models import Activity, Attempt
    from activities.questions import Json, Paper, Question, QuestionResult


def content_of(activity: Activity) -> dict[str, Json]:
    """The questions of an activity as a paper keeps them, in their order; one query."""
    return {"title": "", "questions": [content for (content,) in _contents(activity.pk)]}


@prepared
def _contents(activity: int) -> QuerySet[QuestionRow, tuple[Json]]:
    return QuestionRow.objects.filter(activity=activity).order_by("position", "pk").values_list("content")


def digest_of(content: Mapping[str, Json]) -> str:
    """The name of this content: what `Paper.digest` says of it, without reading it as questions first."""
    # COST: every start of an attempt asks; reading thirty questions takes ten times as long as this.
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


# --- What a page draws ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """Something to choose: its key, its words, and whether it is chosen."""

    key: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownPair:
    """An item of a matching question with the partners to choose from."""

    key: str
    field: str
    text: str
    options: tuple[ShownChoice, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as a student sees it. SECURITY: made from `public` and the student's own answer, nothing else."""

    number: int
    total: int
    kind: str
    key: str
    field: str
    text: str
    points: Decimal
    hint: str
    answered: bool
    choices: tuple[ShownChoice, ...] = ()
    pairs: tuple[ShownPair, ...] = ()
    value: str = ""
    unit: str = ""
    decimal: str = ""
    limit: int | None = None
    # Why what was typed here was not taken, and what another tab saved meanwhile; in words.
    problem: str = ""
    elsewhere: str = ""

    @property
    def plural(self) -> int:
        """The number that decides between "point" and "points"; half a point is plural."""
        return int(self.points) if self.points == int(self.points) else 2

    @property
    def template(self) -> str:
        return f"activities/types/quiz/kinds/{self.kind}.html"


def shown_paper(
    paper: Paper,
    *,
    seed: str,
    shuffle: bool,
    answers: Mapping[str, Json],
    problems: Mapping[str, str] | None = None,
    elsewhere: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> list[Shown]:
    """The questions in the order of this seed, with what was answered; `typed` are texts that could not be read."""
    keys = tuple(paper.by_key)
    if shuffle:
        keys = shuffled(keys, seed=seed, question="")
    return [
        shown_question(
            paper.by_key[key],
            number=number,
            total=len(keys),
            seed=seed,
            value=answers.get(key),
            problem=(problems or {}).get(key, ""),
            elsewhere=(elsewhere or {}).get(key, ""),
            typed=(typed or {}).get(key),
        )
        for number, key in enumerate(keys, start=1)
    ]


def shown_question(
    question: Question,
    *,
    number: int,
    total: int,
    seed: str,
    value: Json,
    problem: str = "",
    elsewhere: str = "",
    typed: str | None = None,
) -> Shown:
    """One question as a student sees it."""
    seen = public(question, seed)
    pairs = value if isinstance(value, dict) else {}
    return Shown(
        number=number,
        total=total,
        kind=question.kind,
        key=question.key,
        field=question.field,
        text=question.text,
        points=question.points,
        hint=question.description.hint,
        answered=value is not None,
        choices=tuple(_choices(seen.get("choices"), _chosen(value))),
        pairs=tuple(
            ShownPair(
                key=str(pair["key"]),
                field=str(pair["field"]),
                text=str(pair["text"]),
                options=tuple(_choices(seen.get("options"), {str(pairs.get(str(pair["key"]), ""))})),
            )
            for pair in _rows(seen.get("pairs"))
        ),
        value=typed if typed is not None else (value if isinstance(value, str) else ""),
        unit=str(seen.get("unit", "")),
        decimal=str(seen.get("decimal", "")),
        limit=limit if isinstance(limit := seen.get("limit"), int) else None,
        problem=problem,
        elsewhere=elsewhere,
    )


def _rows(rows: Json) -> Sequence[Mapping[str, Json]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _choices(rows: Json, chosen: set[str]) -> list[ShownChoice]:
    return [ShownChoice(str(row["key"]), str(row["text"]), str(row["key"]) in chosen) for row in _rows(rows)]


def _chosen(value: Json) -> set[str]:
    if isinstance(value, bool):
        return {"true" if value else "false"}
    if isinstance(value, str):
        return {value}
    return {str(key) for key in value} if isinstance(value, list) else set()


def in_words(question: Question, value: Json) -> str:
    """An answer in the words of its question, such as a student reads beside another one; empty for none."""
    if value is None:
        return ""
    seen = public(question)
    words = {str(row["key"]): str(row["text"]) for row in (*_rows(seen.get("choices")), *_rows(seen.get("options")))}
    if isinstance(value, dict):
        items = {str(row["key"]): str(row["text"]) for row in _rows(seen.get("pairs"))}
        return "; ".join(f"{items.get(key, key)} → {words.get(str(option), '')}" for key, option in value.items())
    if words:
        return "; ".join(text for key, text in words.items() if key in _chosen(value))
    return str(value)


# --- A paper with its marks ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marked:
    """One question with its marks, as far as the student may see them."""

    shown: Shown
    result: QuestionResult
    correct: str
    feedback: tuple[str, ...] = field(default_factory=tuple)

    @property
    def state(self) -> str:
        return self.result.state.value


def marked_paper(
    shown: Sequence[Shown], result: Mapping[str, Json], *, with_correct: bool, with_feedback: bool
) -> list[Marked]:
    """The questions as they were shown, with their marks. What may not be seen is left out here, not in a template."""
    results = PaperResult.from_json(result).results
    return [
        Marked(
            shown=question,
            result=results[question.key],
            correct=results[question.key].correct if with_correct else "",
            feedback=results[question.key].feedback if with_feedback else (),
        )
        for question in shown
        if question.key in results
    ]


# --- For the lecturer ---------------------------------------------------------------------------------------------


def marked_for_lecturer(attempt: Attempt) -> list[Marked]:
    """The questions of a graded attempt in their author's order, with answers and marks; one query, the paper is kept.

    Empty while nothing is graded, and for work that has no questions.
    """
    if attempt.paper_id is None or not attempt.result:
        return []
    digest = PaperRow.objects.values_list("digest", flat=True).get(pk=attempt.paper_id)
    paper = paper_of(attempt.paper_id, digest)
    shown = shown_paper(paper, seed="lecturer", shuffle=False, answers={})
    return marked_paper(shown, attempt.result, with_correct=True, with_feedback=True)


def rows_of(activity: Activity) -> list[QuestionRow]:
    """The questions of an activity as rows, in their order; one query."""
    return list(QuestionRow.objects.filter(activity=activity).order_by("position", "pk"))
