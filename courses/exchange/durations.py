"""Times as files and tables write them, read as everywhere in the product; what is no time is said in words.

A spreadsheet writes 90.0 and 1:30:00, and other languages have other words for an hour; the rest is `parse_duration`.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from blendedu.kit.minutes import CLOCK_HOUR, MOST, BadMinutes, Duration, Reason, format_minutes, parse_duration
from courses.exchange.proposal import shown

_SECONDS = re.compile(r"\b(\d{1,2}:\d{2}):00\b")
_POINT_NOTHING = re.compile(r"(?<![\d:.,])(\d{1,4})[.,]0{1,2}(?!\d)")
_HOUR = re.compile(r"(?<=[\d\s])(?:stunden?|std\.?|heures?)(?!\w)", re.IGNORECASE)
_TO = re.compile(r"\s+(?:bis|à)\s+", re.IGNORECASE)
_BARE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?(?:\s*(?:[-\u2012-\u2014]|\bto\b|\btot\b)\s*\d{1,3}(?:[.,]\d{1,2})?)?")


def duration_in(text: str, *, in_hours: bool = False, teaching_hour: int = CLOCK_HOUR) -> Duration:
    """The time in a cell, a range where it is one; a bare number is minutes, or hours where its column says so.

    Raises BadMinutes.
    """
    plain = _TO.sub(" to ", _HOUR.sub("h", _POINT_NOTHING.sub(r"\1", _SECONDS.sub(r"\1", text.strip()))))
    if in_hours and _BARE.fullmatch(plain):
        plain += " h"
    return parse_duration(plain, teaching_hour=teaching_hour)


def no_time(text: str, problem: BadMinutes) -> str:
    """Why a cell holds no time, as a remark says it."""
    told = {"value": shown(text), "most": format_minutes(MOST)}
    if problem.reason is Reason.TOO_LARGE:
        return _("“%(value)s” is more than %(most)s; the activity is taken without.") % told
    if problem.reason is Reason.BACKWARDS:
        return _("“%(value)s” goes from the longer time to the shorter; the activity is taken without.") % told
    return _("“%(value)s” is no time; the activity is taken without.") % told
