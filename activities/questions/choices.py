"""What single and multiple choice share: the choices, their order and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from activities.questions.contract import Json, shuffled


@dataclass(frozen=True)
class Choice:
    """One choice, the share of the points (0 to 100) that it earns, and what to say to those who choose it."""

    key: str
    text: str
    share: Decimal
    feedback: str = ""

    @property
    def is_right(self) -> bool:
        return self.share == 100


def order_of(choices: Iterable[Choice], *, shuffle: bool, seed: str | int | None, question: str) -> tuple[str, ...]:
    keys = tuple(choice.key for choice in choices)
    return shuffled(keys, seed=seed, question=question) if shuffle else keys


def shown(texts: dict[str, str], order: Iterable[str]) -> list[Json]:
    """Choices for the student: SECURITY: key and text, nothing else."""
    return [{"key": key, "text": texts[key]} for key in order]
