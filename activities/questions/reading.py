"""Reading a question from JSON that somebody else wrote: everything wrong is noted with its place, nothing is guessed.

SECURITY: values are never put into a message. A value may be ten megabytes long or a thousand levels deep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from activities.questions.contract import KEY, MAX_TEXT, Problem
from activities.questions.words import Sentence, gettext_noop

_EDGE = 10**30
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?\Z")
# Not every database can store NUL and lone surrogates; the other control characters mean nothing in a text.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def without_unstorable(text: str) -> str:
    return _UNSTORABLE.sub("", text)


def exact(value: object) -> Decimal | None:
    """The exact decimal of a JSON number or of a text in JSON's notation; None if it is neither, or absurdly large."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if -_EDGE < value < _EDGE else None
    if isinstance(value, float):
        value = repr(value)
    if isinstance(value, str) and len(value) <= 70 and _NUMBER.match(value):
        return Decimal(value)
    return None


class Reader:
    """One JSON object, read field by field. Wrong fields give a harmless value and a problem."""

    def __init__(self, data: Mapping[str, object], where: str, problems: list[Problem]) -> None:
        self._data = data
        self._asked: set[str] = set()
        self._problems = problems
        self.where = where

    def as_json(self) -> Mapping[str, object]:
        return self._data

    def path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def problem(self, name: str, message: Sentence) -> None:
        self._problems.append(Problem(self.path(name) if name else self.where, message))

    def _take(self, name: str, default: object) -> object:
        self._asked.add(name)
        return self._data.get(name, default)

    def text(self, name: str, *, required: bool = False, default: str = "", limit: int = MAX_TEXT) -> str:
        value = self._take(name, default)
        if not isinstance(value, str):
            self.problem(name, Sentence(gettext_noop("This must be a text.")))
            return default
        if len(value) > limit:
            self.problem(name, Sentence(gettext_noop("Use at most %(limit)d characters."), {"limit": limit}))
            return default
        if not is_storable(value):
            self.problem(name, Sentence(gettext_noop("This holds characters that cannot be stored.")))
            return default
        if required and not value.strip():
            self.problem(name, Sentence(gettext_noop("Write something here.")))
        return value

    def key(self, name: str) -> str:
        value = self._take(name, None)
        if not isinstance(value, str) or not KEY.match(value):
            self.problem(name, Sentence(gettext_noop("A key has 1 to 40 small letters, digits or underscores.")))
            return ""
        return value

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        value = self._take(name, default)
        if not isinstance(value, bool):
            self.problem(name, Sentence(gettext_noop("This must be true or false.")))
            return False
        return value

    def one_of(self, name: str, allowed: Sequence[str], *, default: str) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or value not in allowed:
            self.problem(name, Sentence(gettext_noop("Choose one of: %(names)s."), {"names": ", ".join(allowed)}))
            return default
        return value

    def amount(
        self, name: str, *, above: Decimal | None = None, least: Decimal | None = None, most: Decimal | None = None,
        places: int | None = None, default: str | None = None,
    ) -> Decimal:  # fmt: skip
        """An exact number between bounds; `places` limits the digits after the point."""
        fallback = most if most is not None else Decimal(1)
        value = exact(self._take(name, default))
        if value is None:
            self.problem(name, Sentence(gettext_noop("This must be a number.")))
            return fallback
        if above is not None and value <= above:
            self.problem(name, Sentence(gettext_noop("This must be more than %(bound)s."), {"bound": str(above)}))
            return fallback
        if least is not None and value < least:
            self.problem(name, Sentence(gettext_noop("This must be at least %(bound)s."), {"bound": str(least)}))
            return fallback
        if most is not None and value > most:
            self.problem(name, Sentence(gettext_noop("This must be at most %(bound)s."), {"bound": str(most)}))
            return fallback
        if places is not None and value != round(value, places):
            self.problem(
                name, Sentence(gettext_noop("Use at most %(places)d digits after the point."), {"places": places})
            )
            return fallback
        return value

    def rows(self, name: str, *, least: int, most: int, default: Sequence[object] | None = None) -> list[Reader]:
        """The objects of a list. Too many are refused before any of them is looked at."""
        value = self._take(name, default)
        if not isinstance(value, list | tuple):
            self.problem(name, Sentence(gettext_noop("This must be a list.")))
            return []
        if len(value) > most:
            self.problem(name, Sentence(gettext_noop("At most %(most)d are possible here."), {"most": most}))
            return []
        if len(value) < least:
            self.problem(name, Sentence(gettext_noop("At least %(least)d are needed here."), {"least": least}))
        readers = []
        for number, row in enumerate(value):
            where = f"{self.path(name)}.{number}"
            if isinstance(row, Mapping):
                readers.append(Reader(row, where, self._problems))
            else:
                self._problems.append(Problem(where, NOT_AN_OBJECT))
        return readers

    def finish(self) -> None:
        """Refuse what nobody asked for: a misspelt key would otherwise be lost without a word."""
        unknown = [name for name in self._data if name not in self._asked]
        for name in unknown[:5]:
            shown = name[:40] if isinstance(name, str) and is_storable(name) else "?"
            self.problem(shown, Sentence(gettext_noop("This key is not known here.")))


NOT_AN_OBJECT = Sentence(gettext_noop("This must be an object with named values."))


def unique(keys: Sequence[str], reader: Reader, name: str) -> None:
    """Note a problem for the first key that is used twice."""
    seen: set[str] = set()
    for key in keys:
        if key and key in seen:
            reader.problem(name, Sentence(gettext_noop("The key %(key)s is used twice."), {"key": key}))
            return
        seen.add(key)
