"""Minutes as people write and read them: `90`, `1:30`, `1h30`, `1.5 h` in; `8 min`, `1 h 30` out.

Pure: the words for hour and minute come from the caller, who knows the language.
"""

import re
from enum import StrEnum

LEAST = 0
MOST = 6000  # A hundred hours: more than any single activity, and a typing error caught.


class Reason(StrEnum):
    """Why a text is no number of minutes, so that a form can say what to do about it."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"


class BadMinutes(ValueError):
    """The text says no number of minutes that an activity can have."""

    def __init__(self, text: str, reason: Reason) -> None:
        super().__init__(f"{text[:40]!r} is no number of minutes ({reason.value}).")
        self.text = text
        self.reason = reason


_HOUR = r"(?:h|hrs?|hours?|u|uur)"
_MINUTE = r"(?:m|min|mins|minutes?|minuten|')"
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,2})?)"

_PLAIN = re.compile(rf"([+-]?)(\d{{1,9}}|\d{{1,3}}(?:[ ,.]\d{{3}})+)\s*{_MINUTE}?\.?")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
_HOURS = re.compile(rf"{_NUMBER}\s*{_HOUR}\.?")
_BOTH = re.compile(rf"(\d{{1,4}})\s*{_HOUR}\s*(\d{{1,3}})\s*{_MINUTE}?\.?")


def parse_minutes(text: str) -> int:
    """Read a duration as a lecturer types it; a bare number is minutes."""
    said = text.strip().lower().replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")
    if not said:
        raise BadMinutes(text, Reason.EMPTY)
    if match := _PLAIN.fullmatch(said):
        minutes = int(re.sub(r"[ ,.]", "", match[2])) * (-1 if match[1] == "-" else 1)
    elif match := _CLOCK.fullmatch(said) or _BOTH.fullmatch(said):
        minutes = int(match[1]) * 60 + int(match[2])
    elif match := _HOURS.fullmatch(said):
        minutes = round(float(match[1].replace(",", ".")) * 60)
    else:
        raise BadMinutes(text, Reason.UNREADABLE)
    if minutes < LEAST:
        raise BadMinutes(text, Reason.TOO_SMALL)
    if minutes > MOST:
        raise BadMinutes(text, Reason.TOO_LARGE)
    return minutes


def format_minutes(minutes: int, *, hour: str = "h", minute: str = "min") -> str:
    """Write a duration for reading: `8 min`, `1 h`, `1 h 30`. Never a decimal."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "\N{MINUS SIGN}" if minutes < 0 else ""
    if not hours:
        return f"{sign}{rest} {minute}"
    return f"{sign}{hours} {hour} {rest:02}" if rest else f"{sign}{hours} {hour}"
