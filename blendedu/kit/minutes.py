"""Time as people write and read it: `90`, `1:30`, `1h30`, `1.5 h`, `60-90` in; `8 min`, `1 h 30`, `60–90 min` out.

Pure: the words for hour and minute come from the caller, who knows the language; so does the length of a teaching hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

LEAST = 0
MOST = 6000  # A hundred hours: more than any single activity, and a typing error caught.
CLOCK_HOUR = 60
IN_MINUTES = 120  # a range that ends here is said in minutes: 60–90 min, where one time would be 1 h 30


class Reason(StrEnum):
    """Why a text is no time, so that a form can say what to do about it."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    BACKWARDS = "backwards"


class BadMinutes(ValueError):
    """The text says no time that an activity can have."""

    def __init__(self, text: str, reason: Reason) -> None:
        super().__init__(f"{text[:40]!r} is no number of minutes ({reason.value}).")
        self.text = text
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something takes: one number of minutes, or a range with its middle, rounded half up.

    `low` and `high` are both set or both None.
    """

    minutes: int
    low: int | None = None
    high: int | None = None

    @classmethod
    def between(cls, low: int, high: int) -> Duration:
        """A range from low to high; one number where they are equal."""
        return cls(low) if low == high else cls((low + high + 1) // 2, low, high)

    @property
    def is_range(self) -> bool:
        return self.low is not None

    @property
    def columns(self) -> dict[str, int | None]:
        """As an activity stores it."""
        return {"minutes": self.minutes, "minutes_low": self.low, "minutes_high": self.high}


_HOUR = r"(?:h|hrs?|hours?|u|uur)"
_MINUTE = r"(?:m|min|mins|minutes?|minuten|')"
_TEACHING_HOUR = r"(?:th|(?:teaching|lesson|class)[ -]?hours?|lesu(?:ur|ren)|lu)"
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,2})?)"
_GROUPED = r"\d{1,3}(?:[ ,.]\d{3})+"

_PLAIN = re.compile(rf"([+-]?)(\d{{1,9}}|{_GROUPED})\s*{_MINUTE}?\.?")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
_HOURS = re.compile(rf"(-?){_NUMBER}\s*{_HOUR}\.?")
_BOTH = re.compile(rf"(\d{{1,4}})\s*{_HOUR}\s*(\d{{1,3}})\s*{_MINUTE}?\.?")
_TAUGHT = re.compile(rf"(-?){_NUMBER}\s*{_TEACHING_HOUR}\.?")
_BARE = re.compile(rf"{_NUMBER}")
_UNIT = re.compile(rf"[\d.,]+\s*({_TEACHING_HOUR}|{_HOUR})\.?")
_TO = re.compile(r"\s*(?:(?<=[\w.'])\s*[-\u2012\u2013\u2014](?!-)|\s(?:to|tot|and|en)\s)\s*")

TIME = (
    rf"(?:\d{{1,4}}\s?{_HOUR}\s?\d{{1,3}}\s?{_MINUTE}?|\d{{1,4}}:[0-5]\d"
    rf"|-?\d{{1,9}}(?:[.,]\d{{1,2}})?\s?{_TEACHING_HOUR}|-?\d{{1,9}}(?:[.,]\d{{1,2}})?\s?{_HOUR}|-?\d{{1,9}}\s?{_MINUTE})"
)
"""A time with its unit, as a pattern, for whoever looks for one inside a longer text; a bare number is none."""

SPAN = rf"(?:(?:{TIME}|\d{{1,4}}(?:[.,]\d{{1,2}})?)\s?[-\u2012\u2013\u2014]\s?)?{TIME}"
"""The same, or a range that ends in one: `60-90 min`, `1h-1h30`."""


def parse_duration(text: str, *, teaching_hour: int = CLOCK_HOUR) -> Duration:
    """Read a time, or a range of times, as a lecturer types it; a bare number is minutes.

    In a range, what stands before the dash takes the unit from behind it where it has none: `1-2 h` is an hour or two.
    `2 th` are two teaching hours. Raises BadMinutes.
    """
    said = _plainly(text)
    if not said:
        raise BadMinutes(text, Reason.EMPTY)
    whole = _one(said, teaching_hour)
    if whole is not None:
        return Duration(_bounded(whole, text))
    ends = _TO.split(said)
    if len(ends) != 2:
        raise BadMinutes(text, Reason.UNREADABLE)
    high = _one(ends[1], teaching_hour)
    unit = _UNIT.fullmatch(ends[1])
    low = _one(f"{ends[0]} {unit[1]}" if unit and _BARE.fullmatch(ends[0]) else ends[0], teaching_hour)
    if low is None or high is None:
        raise BadMinutes(text, Reason.UNREADABLE)
    low, high = _bounded(low, text), _bounded(high, text)
    if low > high:
        raise BadMinutes(text, Reason.BACKWARDS)
    return Duration.between(low, high)


def ends_of(minutes: int | None, low: int | None, high: int | None) -> tuple[int, int]:
    """The least and the most that something may take; twice the same where one number was given, or none."""
    if low is None or high is None:
        return minutes or 0, minutes or 0
    return low, high


def parse_minutes(text: str) -> int:
    """Read one time and no range, such as the limit of a quiz."""
    duration = parse_duration(text)
    if duration.is_range:
        raise BadMinutes(text, Reason.UNREADABLE)
    return duration.minutes


def format_minutes(minutes: int, *, hour: str = "h", minute: str = "min") -> str:
    """Write a duration for reading: `8 min`, `1 h`, `1 h 30`. Never a decimal."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "\N{MINUS SIGN}" if minutes < 0 else ""
    if not hours:
        return f"{sign}{rest} {minute}"
    return f"{sign}{hours} {hour} {rest:02}" if rest else f"{sign}{hours} {hour}"


def format_range(low: int, high: int, *, hour: str = "h", minute: str = "min") -> str:
    """Write a range: `60–90 min`, `1–2 h`, `118–144 h`, `2 h 30 – 4 h`. What is written can be read again."""
    if low == high:
        return format_minutes(low, hour=hour, minute=minute)
    if low % 60 == high % 60 == 0:
        return f"{low // 60}\N{EN DASH}{high // 60} {hour}"
    if high <= IN_MINUTES:
        return f"{low}\N{EN DASH}{high} {minute}"
    return " \N{EN DASH} ".join(format_minutes(each, hour=hour, minute=minute) for each in (low, high))


def _plainly(text: str) -> str:
    plain = text.strip().lower().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return plain.replace("\N{MINUS SIGN}", "-")


def _one(said: str, teaching_hour: int) -> int | None:
    """One time in minutes, below zero where a minus says so; None for what is not one."""
    if match := _PLAIN.fullmatch(said):
        return int(re.sub(r"[ ,.]", "", match[2])) * (-1 if match[1] == "-" else 1)
    if match := _CLOCK.fullmatch(said) or _BOTH.fullmatch(said):
        return int(match[1]) * 60 + int(match[2])
    if match := _HOURS.fullmatch(said):
        return _times(match[2], CLOCK_HOUR) * (-1 if match[1] else 1)
    if match := _TAUGHT.fullmatch(said):
        return _times(match[2], teaching_hour) * (-1 if match[1] else 1)
    return None


def _times(number: str, minutes: int) -> int:
    return int((Decimal(number.replace(",", ".")) * minutes).quantize(Decimal(1), ROUND_HALF_UP))


def _bounded(minutes: int, text: str) -> int:
    if minutes < LEAST:
        raise BadMinutes(text, Reason.TOO_SMALL)
    if minutes > MOST:
        raise BadMinutes(text, Reason.TOO_LARGE)
    return minutes
