"""How long feedback takes: working days used of those that the design promises. A pure sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DAYS_A_WEEK = 5
ONE_DAY = timedelta(days=1)
Span = tuple[date, date]  # first and last day


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Feedback on one offer: `used` of `allowed` working days; promised for `by_on`. `open` while work waits."""

    used: int
    allowed: int
    by_on: date
    open: bool

    @property
    def is_late(self) -> bool:
        return self.used > self.allowed

    @property
    def over(self) -> int:
        """Working days beyond the promise."""
        return max(0, self.used - self.allowed)


def is_working_day(day: date, holidays: Iterable[Span]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < DAYS_A_WEEK and not any(first <= day <= last for first, last in holidays)


def working_days(after: date, until: date, holidays: Iterable[Span]) -> int:
    """The working days after one day, up to and with another; 0 when `until` is not later."""
    free = tuple(holidays)
    days = (until - after).days
    return sum(is_working_day(after + step * ONE_DAY, free) for step in range(1, days + 1))


def working_day_after(start: date, days: int, holidays: Iterable[Span]) -> date:
    """The `days`-th working day after `start`; `start` itself for 0."""
    free = tuple(holidays)
    day = start
    while days > 0:
        day += ONE_DAY
        days -= is_working_day(day, free)
    return day


def turnaround(
    due_on: date, *, today: date, released_on: date | None, allowed: int, holidays: Iterable[Span]
) -> Turnaround:
    """The clock starts on the day after the work was due and stops with the last release; until then it runs."""
    free = tuple(holidays)
    return Turnaround(
        used=working_days(due_on, released_on or today, free),
        allowed=allowed,
        by_on=working_day_after(due_on, allowed, free),
        open=released_on is None,
    )
