"""What in a text belongs to one edition of a course: years, dates, rooms, links. To look at after copying.

Nothing is changed and nothing is certain: a person looks at each. Rather one too many than one too few, but a number
alone is no room and a chapter is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from courses.outline import Outline
from courses.words import gettext_noop

KINDS = {
    "year": gettext_noop("a year"),
    "date": gettext_noop("a date"),
    "room": gettext_noop("a room"),
    "link": gettext_noop("a link"),
}
AROUND = 30  # letters shown on each side

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "januari|februari|maart|mei|juni|juli|augustus|oktober|"
    "januar|februar|märz|mai|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>)\"']+", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?!\d)|\d{{1,2}}[.-]\d{{1,2}}[.-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?\.?\s+"
    rf"(?:of\s+)?(?:{_MONTHS})\b|(?:{_MONTHS})\s+\d{{1,2}}\b)(?:,?\s+(?:19|20)\d{{2}})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,€$])(?:19|20)\d{2}(?:\s?[-/–]\s?(?:(?:19|20)?\d{2}))?(?![\d.,]\d|\d)")
_ROOM = re.compile(
    r"\b(?:room|lokaal|zaal|raum|salle)\s+\w*\d[\w.]*|\b[A-Z]{1,3}\d{0,2}[.\-]\d{1,2}[.]?\d{0,3}\b|\b[A-Z]\d{3}\b"
)
_PATTERNS = (("link", _LINK), ("date", _DATE), ("year", _YEAR), ("room", _ROOM))


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may belong to one edition, with a little of the text around it."""

    kind: str
    words: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FoundAt:
    """Where it stands: an activity's title, or a week."""

    where: str
    found: Found


def found_in(text: str) -> Iterator[Found]:
    """What in a text belongs to an edition, in its order; each stretch of the text once."""
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _kind in taken):
                taken.append((match.start(), match.end(), kind))
    for start, end, kind in sorted(taken):
        words = text[start:end].rstrip(".,;")
        yield Found(kind, words, _line(text[max(0, start - AROUND) : start]), _line(text[end : end + AROUND]))


def found_in_outline(outline: Outline) -> tuple[FoundAt, ...]:
    """All that a copy should be looked at for: titles, briefs, settings and weeks."""
    found = [FoundAt(week.title, each) for week in outline.weeks for each in found_in(week.title)]
    for activity in outline.activities:
        config = activity.values.get("config") or {}
        # A room or a link in a setting is one, however it is written.
        found += [
            FoundAt(activity.title, Found(kind, str(config[kind])[:120]))
            for kind in ("room", "link")
            if config.get(kind)
        ]
        texts = [activity.title, str(activity.values.get("brief", ""))]
        texts += [value for name, value in config.items() if isinstance(value, str) and name not in {"room", "link"}]
        found += [FoundAt(activity.title, each) for text in texts for each in found_in(text)]
    return tuple(found)


def _line(text: str) -> str:
    return " ".join(text.split()) if text.strip() else ""
