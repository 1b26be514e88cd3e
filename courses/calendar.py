"""From a design to dates: which weeks are taught, and when each activity opens and is due.

A design knows weeks and moments, never dates. A run lays it over a calendar: holidays are skipped, and a time is a
time on the wall, which stays what it is when the clocks change. Moments are handed out in UTC, as they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol

from courses.words import gettext_noop

WEEKDAYS = 5  # Monday to Friday: a week is taught as soon as one of them is
LONGEST_BREAK = 52  # weeks
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)

MIDNIGHT = time(0, 0)
LAST_MINUTE = time(23, 59)
DEFAULT_DAY = 2  # Wednesday, where a session has no day of its own
DEFAULT_START = time(10, 0)
DEFAULT_LENGTH = 60  # minutes, where a session has no length of its own
SUNDAY = 6


class NoTeaching(ValueError):
    """The calendar holds nothing but holidays; one of them surely has a wrong date."""


class Closing(Protocol):
    """Days without teaching, whatever object knows them."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without teaching; both ends belong to it."""

    starts_on: date
    ends_on: date
    name: str

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"{self.name} ends before it starts")


@dataclass(frozen=True, slots=True)
class TeachingWeek:
    """A week of the design on the calendar, and the holidays for which whole weeks were skipped before it."""

    number: int
    monday: date
    skipped_before: tuple[str, ...] = ()

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=SUNDAY)

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday


class Clock(StrEnum):
    """What the clock did at a local time."""

    USUAL = ""
    SKIPPED = "skipped"  # the time did not exist: the clock went forward over it
    REPEATED = "repeated"  # the time came twice: the clock went back over it


CLOCK_WORDS: Mapping[Clock, str] = {
    Clock.SKIPPED: gettext_noop("The clock goes forward then, so this time does not exist: it was moved forward."),
    Clock.REPEATED: gettext_noop("The clock goes back then, so this time comes twice: the first was taken."),
}
"""What to tell whoever chose such a time, so that they can choose another."""


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A moment that somebody chose as a time on the wall."""

    at: datetime
    clock: Clock = Clock.USUAL


@dataclass(frozen=True, slots=True)
class Window:
    """When an activity opens and is due; for something done together, when it starts and ends."""

    opens: LocalMoment
    due: LocalMoment
    holiday: str | None = None

    @property
    def opens_at(self) -> datetime:
        """The opening, in UTC."""
        return self.opens.at

    @property
    def due_at(self) -> datetime:
        """The deadline, in UTC."""
        return self.due.at


@dataclass(frozen=True, slots=True)
class Slot:
    """What the calendar must know of a placed activity. `weekday` counts from Monday, 0."""

    key: int
    moment: str
    weekday: int | None = None
    starts: time | None = None
    minutes: int | None = None

    @property
    def has_own_time(self) -> bool:
        """Whether somebody said when it is."""
        return self.weekday is not None and self.starts is not None


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def holiday_on(day: date, holidays: Iterable[Closing]) -> str | None:
    """The name of the holiday on a day, if it is one."""
    return next((holiday.name for holiday in holidays if holiday.starts_on <= day <= holiday.ends_on), None)


def teaching_weeks(starts_on: date, count: int, holidays: Sequence[Closing] = ()) -> tuple[TeachingWeek, ...]:
    """Lay `count` weeks over the calendar from the week of `starts_on`.

    A week of which all five weekdays are holiday is skipped and named; a week with one weekday left is taught. The
    first week may be skipped too, so that a term may start on a holiday. More than a year of holidays in one go is
    refused.
    """
    weeks: list[TeachingWeek] = []
    skipped: list[str] = []
    monday = monday_of(starts_on)
    while len(weeks) < count:
        names = [holiday_on(monday + timedelta(days=day), holidays) for day in range(WEEKDAYS)]
        if all(name is not None for name in names):
            skipped += [name for name in names if name is not None]
            if len(skipped) > WEEKDAYS * LONGEST_BREAK:
                raise NoTeaching(skipped[-1])
        else:
            weeks.append(TeachingWeek(len(weeks) + 1, monday, tuple(dict.fromkeys(skipped))))
            skipped = []
        monday += ONE_WEEK
    return tuple(weeks)


def local_moment(day: date, at: time, zone: tzinfo) -> LocalMoment:
    """Turn a time on the wall into a moment, and say so if the clocks change just then.

    A time that does not exist moves forward by as much as the clock does, a time that comes twice is the first of the
    two (RFC 5545, Internet Calendaring, 2009, section 3.3.5). The author is told, and may choose otherwise.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    first = wall.replace(tzinfo=zone, fold=0)
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) != wall:
        return LocalMoment(moment, Clock.SKIPPED)
    if first.utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset():
        return LocalMoment(moment, Clock.REPEATED)
    return LocalMoment(moment)


def days_later(moment: datetime, days: int, zone: tzinfo) -> LocalMoment:
    """Some days later (or earlier) at the same time on the wall: 23:59 stays 23:59 when the clocks change."""
    local = moment.astimezone(zone)
    return local_moment(local.date() + timedelta(days=days), local.time(), zone)


def session_window(slot: Slot, monday: date, zone: tzinfo, holidays: Iterable[Closing] = ()) -> Window:
    """When something is done together: on its own day and time, or on Wednesday at ten."""
    weekday = DEFAULT_DAY if slot.weekday is None else slot.weekday
    return _sitting(monday + timedelta(days=weekday), slot.starts or DEFAULT_START, slot.minutes, zone, holidays)


def window_for(moment: str, monday: date, zone: tzinfo, session: Window | None = None) -> Window:
    """When something before or after class opens and is due; `session` is the first one of the week, if there is any.

    - Before: opens on Monday of the week before, due when the session starts; without session on Wednesday, 23:59.
    - After: opens when the session ends, without session on Thursday; due on Sunday, 23:59. A session that leaves less
      than a day until then gives a week more.
    """
    if moment == "before":
        due = session.opens if session else local_moment(monday + timedelta(days=DEFAULT_DAY), LAST_MINUTE, zone)
        return Window(local_moment(monday - ONE_WEEK, MIDNIGHT, zone), due)
    if moment == "after":
        opens = session.due if session else local_moment(monday + timedelta(days=DEFAULT_DAY + 1), MIDNIGHT, zone)
        due = local_moment(monday + timedelta(days=SUNDAY), LAST_MINUTE, zone)
        if due.at - opens.at < ONE_DAY:
            due = local_moment(monday + timedelta(days=SUNDAY) + ONE_WEEK, LAST_MINUTE, zone)
        return Window(opens, due)
    raise ValueError(f"{moment!r} has no window of its own; ask session_window")


def windows_of_week(
    slots: Sequence[Slot], monday: date, zone: tzinfo, holidays: Sequence[Closing] = ()
) -> dict[int, Window]:
    """The windows of everything in a week, by slot key.

    What is done together has its own day and time. Where that is not said, it belongs to the first session whose time
    is known; if no time is known at all, everything together follows one after another from Wednesday, ten o'clock.
    """
    windows: dict[int, Window] = {}
    together = [slot for slot in slots if slot.moment == "together"]
    for slot in together:
        if slot.has_own_time:
            windows[slot.key] = session_window(slot, monday, zone, holidays)
    first = min(windows.values(), key=lambda window: window.opens_at, default=None)
    queue = datetime.combine(monday + timedelta(days=DEFAULT_DAY), DEFAULT_START)
    for slot in together:
        if slot.has_own_time:
            continue
        if first is not None:
            windows[slot.key] = first
            continue
        windows[slot.key] = _sitting(queue.date(), queue.time(), slot.minutes, zone, holidays)
        queue += timedelta(minutes=slot.minutes or DEFAULT_LENGTH)
    first = min(windows.values(), key=lambda window: window.opens_at, default=None)
    for slot in slots:
        if slot.moment != "together":
            windows[slot.key] = window_for(slot.moment, monday, zone, first)
    return windows


def _sitting(day: date, starts: time, minutes: int | None, zone: tzinfo, holidays: Iterable[Closing]) -> Window:
    opens = local_moment(day, starts, zone)
    # Two hours are two hours, also in the night in which the clocks change.
    return Window(
        opens, LocalMoment(opens.at + timedelta(minutes=minutes or DEFAULT_LENGTH)), holiday_on(day, holidays)
    )


# --- A design without dates -----------------------------------------------------------------------------------------

MINUTES_A_DAY = 24 * 60
_WEEK = 7 * MINUTES_A_DAY


def _minute_of(at: time) -> int:
    return at.hour * 60 + at.minute


@dataclass(frozen=True, slots=True)
class Spot:
    """What the usual week must know of a placed activity: `starts` is the minute of the day."""

    key: int
    moment: str
    weekday: int | None = None
    starts: int | None = None
    minutes: int | None = None


def usual_windows(spots: Iterable[Spot], week: int) -> dict[int, tuple[int, int]]:
    """When everything in a week opens and is due, in minutes since the Monday of the first week (week 0), by key.

    The rules are those of `windows_of_week`, without dates: no holidays, and clocks that never change.
    """
    monday = week * _WEEK
    together: list[Spot] = []
    others: list[Spot] = []
    for spot in spots:
        (together if spot.moment == "together" else others).append(spot)
    windows: dict[int, tuple[int, int]] = {}
    for spot in together:
        if spot.weekday is not None and spot.starts is not None:
            opens = monday + spot.weekday * MINUTES_A_DAY + spot.starts
            windows[spot.key] = opens, opens + (spot.minutes or DEFAULT_LENGTH)
    known = min(windows.values(), key=lambda window: window[0], default=None)
    queue = monday + DEFAULT_DAY * MINUTES_A_DAY + _minute_of(DEFAULT_START)
    for spot in together:
        if spot.key in windows:
            continue
        if known is not None:
            windows[spot.key] = known
            continue
        length = spot.minutes or DEFAULT_LENGTH
        windows[spot.key] = queue, queue + length
        queue += length
    first = min(windows.values(), key=lambda window: window[0], default=None)
    last_minute = _minute_of(LAST_MINUTE)
    for spot in others:
        if spot.moment == "before":
            due = first[0] if first else monday + DEFAULT_DAY * MINUTES_A_DAY + last_minute
            windows[spot.key] = monday - _WEEK, due
        else:
            opens = first[1] if first else monday + (DEFAULT_DAY + 1) * MINUTES_A_DAY
            due = monday + SUNDAY * MINUTES_A_DAY + last_minute
            windows[spot.key] = opens, due if due - opens >= MINUTES_A_DAY else due + _WEEK
    return windows


def working_days_to(day: int) -> int:
    """The working days up to and with a day, counted from the Monday of the first week (day 0)."""
    weeks, weekday = divmod(day + 1, 7)
    return weeks * WEEKDAYS + min(weekday, WEEKDAYS)


def working_days_between(after: int, until: int) -> int:
    """The working days after one day, up to and with another; negative when `until` is earlier."""
    return working_days_to(until) - working_days_to(after)


def working_day_later(day: int, count: int) -> int:
    """The `count`-th working day after a day; the day itself for 0."""
    if count <= 0:
        return day
    weeks, weekday = divmod(working_days_to(day) + count - 1, WEEKDAYS)
    return weeks * 7 + weekday
