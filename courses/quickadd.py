"""Quick add: one typed line becomes an activity.

`watch clip cell division 20m alone` is a clip, titled "Cell division", of 20 minutes, done alone. The reading is
predictable on purpose: the type is said first, times and outcomes may stand anywhere, and every other word counts only
at the end of the line, so that a title may hold any word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from blendedu.kit.minutes import CLOCK_HOUR, SPAN, BadMinutes, Duration, parse_duration

TITLE_MAX = 160

# What a word at the end of the line says. Several fields follow from one word where no other reading makes sense.
_ENDINGS: Mapping[str, Mapping[str, str]] = {
    "alone": {"grouping": "alone"},
    "individually": {"grouping": "alone"},
    "individual": {"grouping": "alone"},
    "in pairs": {"grouping": "pair"},
    "pairs": {"grouping": "pair"},
    "pair": {"grouping": "pair"},
    "in groups": {"grouping": "group"},
    "groups": {"grouping": "group"},
    "group": {"grouping": "group"},
    "whole class": {"grouping": "class"},
    "plenary": {"grouping": "class"},
    "acquisition": {"learning_type": "acquisition"},
    "inquiry": {"learning_type": "inquiry"},
    "practice": {"learning_type": "practice"},
    "production": {"learning_type": "production"},
    "discussion": {"learning_type": "discussion"},
    "collaboration": {"learning_type": "collaboration"},
    "together": {"timing": "sync"},
    "live": {"timing": "sync"},
    "sync": {"timing": "sync"},
    "synchronous": {"timing": "sync"},
    "own time": {"timing": "async"},
    "async": {"timing": "async"},
    "asynchronous": {"timing": "async"},
    "digital": {"environment": "digital"},
    "physical": {"environment": "physical"},
    "hybrid": {"environment": "hybrid"},
    "workplace": {"environment": "workplace", "place": "workplace"},
    "on campus": {"environment": "physical", "place": "campus"},
    "campus": {"environment": "physical", "place": "campus"},
    "online": {"environment": "digital", "place": "online"},
    "with lecturer": {"guidance": "lecturer"},
    "with peers": {"guidance": "peer"},
    "with mentor": {"guidance": "mentor"},
    "formative": {"assessment": "formative"},
    "summative": {"assessment": "summative"},
    "optional": {"required": ""},
}
# After these, a word belongs to the title: "discuss with your group", "find an example", "upload the case".
_LEADING_ON = frozenset(
    "a an and another as at by each every for from her his how in its my of on or other our own per that the their "
    "this to what who why with your".split()
)
_LONGEST_ENDING = max(len(words.split()) for words in _ENDINGS)
_GROUPS_OF = re.compile(r"(?:in )?groups? of (\d{1,2})$", re.IGNORECASE)
# A bare number is no time: "Chapter 2" is a title.
_TIME = re.compile(rf"(?<!\S){SPAN}(?=$|[\s,;])", re.IGNORECASE)
_OUTCOME = re.compile(r"(?<!\S)LO\s?(\d{1,2})(?=$|[\s,;])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that was recognised: the words as typed, and the field and value that they say."""

    words: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a typed line says. Whatever it leaves open comes from the type's defaults and from the cell."""

    title: str
    type_key: str | None = None
    duration: Duration | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    group_size: int | None = None
    required: bool = True
    outcomes: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    problem: str = ""  # untitled, long_title or minutes; empty when the line can be added

    @property
    def minutes(self) -> int | None:
        """The minutes that enter a sum: of a range, the middle."""
        return self.duration.minutes if self.duration else None

    @property
    def is_complete(self) -> bool:
        """Whether it can be added as it stands."""
        return not self.problem


def parse(text: str, types: Mapping[str, tuple[str, ...]], *, teaching_hour: int = CLOCK_HOUR) -> Line:
    """Read a line. `types` maps each type's key to the words that say it; a teaching hour has so many minutes."""
    said = " ".join(text.split())
    parts: list[Part] = []
    said, duration, problem = _take_time(said, parts, teaching_hour)
    said, outcomes = _take_outcomes(said, parts)
    said, values, group_size, required = _take_endings(said, parts)
    said, type_key = _take_type(said, types, parts)
    title = _titled(said)
    if not title:
        problem = problem or "untitled"
    elif len(title) > TITLE_MAX:
        problem = problem or "long_title"
    return Line(title, type_key, duration, values, group_size, required, outcomes, tuple(parts), problem)


def _take_time(said: str, parts: list[Part], teaching_hour: int) -> tuple[str, Duration | None, str]:
    match = _TIME.search(said)
    if match is None:
        return said, None, ""
    rest = _without(said, match)
    try:
        duration = parse_duration(match[0], teaching_hour=teaching_hour)
    except BadMinutes:
        return rest, None, "minutes"
    parts.append(Part(match[0], "minutes", _span(duration)))
    return rest, duration, ""


def _span(duration: Duration) -> str:
    return f"{duration.low}-{duration.high}" if duration.is_range else str(duration.minutes)


def _take_outcomes(said: str, parts: list[Part]) -> tuple[str, tuple[int, ...]]:
    numbers: list[int] = []
    while match := _OUTCOME.search(said):
        numbers.append(int(match[1]))
        parts.append(Part(match[0], "outcome", match[1]))
        said = _without(said, match)
    return said, tuple(dict.fromkeys(numbers))


def _take_endings(said: str, parts: list[Part]) -> tuple[str, dict[str, str], int | None, bool]:
    values: dict[str, str] = {}
    group_size, required = None, True
    meaning: Mapping[str, str]
    while True:
        said = said.rstrip(" ,;")
        if match := _GROUPS_OF.search(said):
            found, meaning = match[0], _ENDINGS["group"]
        else:
            found, meaning = _ending(said)
        before = said[: len(said) - len(found)].rstrip()
        # A line is never all endings: the last words left are the title, whatever they could mean.
        if not found or not before or before.split(" ")[-1].lower() in _LEADING_ON:
            break
        said = before
        if match:
            group_size = max(2, int(match[1]))
        for name, value in meaning.items():
            if name == "required":
                required = False
            else:
                values.setdefault(name, value)
            if name != "place" or len(meaning) == 1:
                parts.append(Part(found, name, value))
    return said, values, group_size, required


def _ending(said: str) -> tuple[str, Mapping[str, str]]:
    words = said.split(" ")
    for count in range(min(_LONGEST_ENDING, len(words)), 0, -1):
        last = " ".join(words[-count:])
        if meaning := _ENDINGS.get(last.lower()):
            return last, meaning
    return "", {}


def _take_type(said: str, types: Mapping[str, tuple[str, ...]], parts: list[Part]) -> tuple[str, str | None]:
    """The type is said by the first word; a second word of the same type ("watch clip") belongs to it.

    The words are taken off only where the rest reads as a title: "quiz basics" becomes "Basics", but "Quiz: basics",
    "read chapter 2" (which leaves "Chapter 2") and "upload the case" keep what they need.
    """
    meaning = {word: key for key, words in types.items() for word in words}
    words = said.split(" ")
    first = words[0].lower()
    key = meaning.get(first.rstrip(":"))
    if key is None:
        return said, _type_inside(words, meaning, parts)
    parts.append(Part(words[0], "type", key))
    if first.endswith(":"):
        return said, key
    taken = 1
    while taken < len(words) and meaning.get(words[taken].lower()) == key:
        taken += 1
    while taken and not _opens_a_title(words[taken:]):
        taken -= 1
    return " ".join(words[taken:]), key


def _opens_a_title(words: list[str]) -> bool:
    return bool(words) and words[0][:1].isalpha() and words[0].lower() not in _LEADING_ON


def _type_inside(words: list[str], meaning: Mapping[str, str], parts: list[Part]) -> str | None:
    """A word inside or at the end of the line says the type too ("cell division quiz"), and stays in the title."""
    for word in reversed(words):
        if key := meaning.get(word.lower().strip(":,;")):
            parts.append(Part(word, "type", key))
            return key
    return None


def _without(said: str, match: re.Match[str]) -> str:
    rest = f"{said[: match.start()].rstrip(' ,;')} {said[match.end() :].lstrip(' ,;')}"
    return " ".join(rest.split())


def _titled(said: str) -> str:
    said = said.strip(" ,;")
    return said[:1].upper() + said[1:]
