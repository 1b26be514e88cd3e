"""What both papers say in the same way: signs, minutes, texts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

from activities import registry
from blendedu.kit.markdown import to_blocks
from blendedu.kit.signs import word

if TYPE_CHECKING:
    from datetime import date

Said = dict[str, Any]  # Any: what JSON can say

# Without colour an environment is a letter on a pattern; the letter is the first of its English word everywhere, as a
# legend explains it on every board.
LETTERS = {"digital": "D", "physical": "P", "workplace": "W", "hybrid": "H"}


def language() -> str:
    """The language of the text, as a PDF names it: two letters."""
    return (get_language() or "en")[:2]


def type_name(key: str) -> str:
    """The word for a type of activity; its key if it is not installed any more."""
    try:
        return str(registry.get(key).label)
    except registry.UnknownType:
        return key


def sign(environment: str) -> Said:
    """The sign of an environment with its word."""
    return {"environment": environment, "letter": LETTERS.get(environment, "?"), "word": word(environment)}


def prose(text: str) -> list[Said]:
    """A written text, block by block."""
    return [asdict(block) for block in to_blocks(text)]


def day(value: date) -> str:
    """A date as it is written on paper, with its year."""
    return date_format(value, pgettext("date format: 18 November 2026", "j F Y"))


def day_month(value: date) -> str:
    """A date beside others of the same term."""
    return date_format(value, pgettext("date format: 18 Nov", "j M"))
