"""The kinds of question, each under its name."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from activities.questions.contract import (
    MAX_POINTS,
    BrokenQuestion,
    Description,
    Problem,
    Question,
)
from activities.questions.reading import NOT_AN_OBJECT, Reader
from activities.questions.words import Sentence, gettext_noop

_KINDS: dict[str, type[Question]] = {}

Kind = TypeVar("Kind", bound=type[Question])


def register(kind: Kind) -> Kind:
    """Make a kind of question known under its name."""
    if kind.kind in _KINDS:
        raise ValueError(f"Two kinds of question are called {kind.kind}.")
    _KINDS[kind.kind] = kind
    return kind


def kinds() -> tuple[str, ...]:
    """The names of all kinds, in the order in which an editor offers them."""
    return tuple(sorted(_KINDS, key=lambda name: _KINDS[name].description.position))


def kind_of(name: object) -> type[Question]:
    """The class of a kind. Raises `BrokenQuestion` for a name that nobody registered."""
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BrokenQuestion([Problem("kind", Sentence(gettext_noop("This kind of question is not known.")))])
    return kind


def describe(name: str) -> Description:
    """The label, icon and one-line hint of a kind, marked for translation."""
    return kind_of(name).description


def parse(data: object, *, where: str = "") -> Question:
    """The question that this JSON stands for. Raises `BrokenQuestion` with everything that is wrong."""
    problems: list[Problem] = []
    question = parse_into(data, where=where, problems=problems)
    if question is None or problems:
        raise BrokenQuestion(problems)
    return question


def parse_into(data: object, *, where: str, problems: list[Problem]) -> Question | None:
    """Like `parse`, but notes the problems in a list that several questions share."""
    if not isinstance(data, Mapping):
        problems.append(Problem(where, NOT_AN_OBJECT))
        return None
    reader = Reader(data, where, problems)
    try:
        kind = kind_of(data.get("kind"))
    except BrokenQuestion as broken:
        problems.append(Problem(reader.path("kind"), broken.message))
        return None
    reader.text("kind")
    question = kind.parse(reader)
    reader.finish()
    return question


def common(reader: Reader) -> tuple[str, str, Decimal, str]:
    """What every question has: key, text, points, general feedback."""
    return (
        reader.key("key"),
        reader.text("text", required=True),
        reader.amount("points", above=Decimal(0), most=MAX_POINTS, places=2, default="1"),
        reader.text("general_feedback"),
    )
